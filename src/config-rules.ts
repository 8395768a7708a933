import type { z } from 'zod';
import {
  checkAutoStage,
  checkCases,
  checkDescribeLag,
  checkEnvironment,
  checkFreezes,
  checkGithub,
  checkNames,
  checkServices,
  checkSlack,
  checkSmoke,
  type NamedService,
  type RuleFault,
} from './config-checks.ts';
import { awsSchema, fileSchema, githubSchema, prefixSchema, serviceSchema, slackSchema } from './config-schema.ts';
import { checkStrategy } from './config-strategy-checks.ts';

type Issues = readonly z.core.$ZodIssue[];

/**
 * Rules that span keys, tried on each part of the file that has the right shape by itself, so that a fault
 * elsewhere does not hide them until the next start. `issues` are the faults of shape found before; `sageMakerHere`:
 * the environment leads to a SageMaker of this machine.
 */
export function brokenRules(file: unknown, issues: Issues, sageMakerHere: boolean): readonly RuleFault[] {
  const known = withoutUnknownKeys(file, issues);
  const slack = slackSchema.safeParse(member(known, 'slack'));
  const github = githubSchema.safeParse(member(known, 'github'));
  const prefix = prefixSchema.safeParse(member(known, 'prefix')).data ?? '';
  const commonTags = fileSchema.shape.tags.safeParse(member(known, 'tags')).data ?? {};
  const written = member(known, 'services');

  const lag = awsSchema.shape.describeLagSeconds.safeParse(member(member(known, 'aws'), 'describeLagSeconds'));

  const faults: RuleFault[] = slack.success ? [...checkSlack(slack.data)] : [];
  if (github.success) faults.push(...checkGithub(github.data));
  if (lag.success) faults.push(...checkDescribeLag(lag.data, sageMakerHere));
  const named: NamedService[] = [];
  for (const [index, service] of (Array.isArray(written) ? written : []).entries()) {
    const path = `services[${index}]`;
    const name = serviceSchema.shape.name.safeParse(member(service, 'name'));
    const staging = serviceSchema.shape.staging.safeParse(member(service, 'staging'));
    const prod = serviceSchema.shape.prod.safeParse(member(service, 'prod'));
    const smoke = serviceSchema.shape.smoke.safeParse(member(service, 'smoke'));
    const cases = serviceSchema.shape.smoke.shape.cases.safeParse(member(member(service, 'smoke'), 'cases'));
    if (name.success) {
      const endpointNames = { staging: staging.data?.endpointName, prod: prod.data?.endpointName };
      named.push({ path, name: name.data, endpointNames });
      faults.push(...checkNames(path, name.data, prefix));
    }
    if (staging.success) faults.push(...checkEnvironment(`${path}.staging`, staging.data, commonTags));
    if (prod.success) {
      faults.push(...checkEnvironment(`${path}.prod`, prod.data, commonTags));
      faults.push(...checkStrategy(`${path}.prod`, prod.data, `${prefix}${name.data ?? ''}-prod`));
    }
    const autoStage = serviceSchema.shape.autoStage.safeParse(member(service, 'autoStage'));
    if (autoStage.success) faults.push(...checkAutoStage(`${path}.autoStage`, autoStage.data));
    if (smoke.success) faults.push(...checkSmoke(`${path}.smoke`, smoke.data));
    if (cases.success) faults.push(...checkCases(`${path}.smoke.cases`, cases.data));
  }
  const freezes = fileSchema.shape.freezes.safeParse(member(known, 'freezes'));
  const names = named.map(({ name }) => name);
  if (freezes.success) faults.push(...checkFreezes(freezes.data, names));
  return [...faults, ...checkServices(named, prefix)];
}

/** A copy without the keys that were refused: a mistyped key must not hide the rules of its group. */
function withoutUnknownKeys(file: unknown, issues: Issues): unknown {
  const copy = structuredClone(file);
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const owner = issue.path.reduce<unknown>(member, copy);
    for (const key of issue.keys) if (typeof owner === 'object' && owner !== null) Reflect.deleteProperty(owner, key);
  }
  return copy;
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}
