import type { AccountSeen } from '../../adapters/aws-account.ts';
import { serviceSchema } from '../../config-schema.ts';
import { Misuse } from '../context.ts';
import type { Setting } from './config-text.ts';
import type { Checked } from './interview.ts';
import { fits, type Session } from './session.ts';

const { name: nameSchema, modelPackageGroup: groupSchema, staging, smoke } = serviceSchema.shape;
const caseShape = smoke.shape.cases.element.shape;
/** As in the example: enough requests to bound p95, at a rate that a small instance serves. */
const USUAL_SMOKE = { requests: 300, ratePerSecond: 20, maxErrorRate: 0.01, maxP95Ms: 300 };

/** The first service; those that the file has stay as they are, but for a group that is not there. */
export async function serviceAnswers(session: Session, seen: AccountSeen): Promise<readonly Setting[]> {
  const { config, options, interview, configPath } = session;
  const groups = seen.packageGroups.kind === 'known' ? seen.packageGroups.value : null;
  if (config.services > 1) {
    if (options.service === undefined && options.modelPackageGroup === undefined) return [];
    throw new Misuse(`${configPath} has several services: change them there.`);
  }
  const written = config.at('services', 0, 'modelPackageGroup');
  const there = groups === null || written === undefined || groups.includes(written) || written.startsWith('arn:');
  const group = await interview.answer({
    by: '--model-package-group',
    asks: 'Model package group in the Model Registry',
    given: options.modelPackageGroup ?? (there ? written : undefined),
    usual: groups?.length === 1 ? groups[0] : undefined,
    suggested: there ? groups?.[0] : written,
    doubt: there ? undefined : `The registry has no group ${written}, which ${configPath} names.`,
    choices: (groups ?? []).map((each) => ({ value: each, name: each })),
    check: fits(groupSchema),
  });
  if (config.services === 1) {
    const changed = (key: string, value: string | undefined) =>
      value === undefined ? [] : [{ path: ['services', 0, key], value }];
    return [...changed('modelPackageGroup', group), ...changed('name', options.service)];
  }
  const service = await newService(session, group);
  return service === null ? [] : [{ path: ['services'], value: [service] }];
}

/** null: something of it is missing. */
async function newService(session: Session, group: string | undefined): Promise<object | null> {
  const { options, interview } = session;
  const name = await interview.answer({
    by: '--service',
    asks: 'Name of the service, part of the names of its endpoints',
    given: options.service,
    usual: group
      ?.split('/')
      .at(-1)
      ?.toLowerCase()
      .replace(/^titanic-/, ''),
    check: fits(nameSchema),
  });
  const instanceType = await interview.answer({
    by: '--instance-type',
    asks: 'Instance type of staging and prod',
    given: options.instanceType,
    suggested: 'ml.m5.large',
    check: fits(staging.shape.instanceType),
  });
  const count = (by: string, where: string, given: string | undefined, usual: string) =>
    interview.answer({ by, asks: `Instances of ${where}`, given, usual, check: fitsCount });
  const inStaging = await count('--staging-instances', 'staging', options.stagingInstances, '1');
  const inProd = await count('--prod-instances', 'prod', options.prodInstances, '2');
  const contentType = await interview.answer({
    by: '--smoke-content-type',
    asks: 'Smoke test: content type of a request whose answer is known',
    given: options.smokeContentType,
    usual: 'text/csv',
    check: fits(caseShape.contentType),
  });
  const body = await interview.answer({
    by: '--smoke-body',
    asks: 'Smoke test: its body',
    given: options.smokeBody,
    check: fits(caseShape.body),
  });
  const match = await interview.answer({
    by: '--smoke-match',
    asks: 'Smoke test: regular expression that the right answer fits',
    given: options.smokeMatch,
    check: fits(caseShape.expect.shape.match),
  });
  if ([name, group, instanceType, body, match].includes(undefined)) return null;
  return {
    name,
    modelPackageGroup: group,
    staging: { instanceType, instanceCount: Number(inStaging) },
    prod: { instanceType, instanceCount: Number(inProd) },
    smoke: { cases: [{ name: 'known answer', contentType, body, expect: { match } }], ...USUAL_SMOKE },
  };
}

function fitsCount(value: string): Checked {
  const read = staging.shape.instanceCount.safeParse(/^\d{1,4}$/.test(value) ? Number(value) : value);
  return read.success
    ? { ok: true, value }
    : { ok: false, why: `It ${read.error.issues[0]?.message ?? 'does not fit'}.` };
}
