import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
  CleanupSummary,
  EvidenceDocument,
  ModelApprovalSummary,
  RollbackSummary,
  RolloutSummary,
} from '../../src/evidence/document.ts';
import { evidenceMarkdown } from '../../src/evidence/markdown.ts';
import { verifyEvidence } from '../../src/evidence/verify.ts';
import { type Check, verifyLive } from '../../src/verify-live.ts';
import { mutationsOf } from '../support/evidence-mutations.ts';
import { type RealRollouts, startRealRollouts } from '../support/real-rollouts.ts';

const STAGING = 'titanic-survival-staging';
const PROD = 'titanic-survival-prod';
const ALICE = { kind: 'person', id: 'U0ALICE', via: 'slack' } as const;

vi.setConfig({ testTimeout: 60_000 });

let real: RealRollouts;
const ids = {
  first: '',
  failed: '',
  back: '',
  open: '',
  second: '',
  rollback: '',
  approval: '',
  approved: '',
  cleanup: '',
};
const files = new Map<string, string>();

const text = (id: string) => files.get(id) ?? '';
const document = (id: string): EvidenceDocument => JSON.parse(text(id));

function fitting() {
  const schema = JSON.parse(readFileSync('docs/evidence.schema.json', 'utf8'));
  return new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
}

/** Changes every file in every way; each has to be noticed, and its entry named. How many there were. */
function caught(exports: ReadonlyMap<string, string>): number {
  const missed: string[] = [];
  const unnamed: string[] = [];
  const counts = new Map<string, number>();
  for (const [id, file] of exports) {
    for (const { kind, about, text: changed } of mutationsOf(file)) {
      const { findings } = verifyEvidence(changed);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      if (findings.length === 0) missed.push(`${id}: ${kind} ${about}`);
      else if (about.length > 0 && !findings.some(({ seq }) => seq !== null && about.includes(seq))) {
        unnamed.push(`${id}: ${kind} ${about}: ${findings.map(({ says }) => says).join(' ')}`);
      }
    }
  }
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  console.log(
    `${total} mutations of ${exports.size} exports, ${total - missed.length} caught:`,
    Object.fromEntries(counts),
  );
  expect(missed).toEqual([]);
  expect(unnamed).toEqual([]);
  return total;
}

beforeAll(async () => {
  real = await startRealRollouts();
  ids.first = await real.deploy(1);
  await real.promote(ids.first);
  ids.failed = await real.deploy(2);
  const state = await real.until((s) => s.endedRollbacks.some((r) => r.environment === 'staging'));
  ids.back = state.endedRollbacks[0]?.id ?? '';
  ids.second = await real.deploy(3);
  files.set('open', await real.exported(ids.second));
  await real.promote(ids.second);
  ids.rollback = await real.rollBack('prod');
  await real.says(ALICE, { verb: 'unlock', environment: 'prod', reason: 'the cause is found' });
  for (const id of [ids.first, ids.failed, ids.back, ids.second, ids.rollback]) files.set(id, await real.exported(id));
}, 60_000);

afterAll(() => real.close());

describe('evidence of real rollouts', () => {
  it('is whole, and always the same file', async () => {
    for (const [id, file] of files) expect([id, verifyEvidence(file).findings]).toEqual([id, []]);
    expect(await real.exported(ids.first)).toBe(text(ids.first));
  });

  it('fits the published schema', () => {
    const fits = fitting();
    for (const [id, file] of files) expect([id, fits(JSON.parse(file)), fits.errors]).toEqual([id, true, null]);
    expect(fits({ ...document(ids.first), extra: 1 })).toBe(false);
  });

  it('answers what an auditor samples', () => {
    const s = document(ids.first).summary as RolloutSummary;
    expect(s).toMatchObject({
      kind: 'rollout',
      askedBy: { kind: 'pipeline', id: 'arn:aws:iam::123456789012:user/ci' },
      requester: 'U0BOTH',
      approvers: ['U0ALICE'],
      over: true,
      ended: { outcome: 'promoted' },
    });
    expect(s.environments.staging).toMatchObject({
      endpointName: STAGING,
      endpointArn: expect.stringMatching(/^arn:aws:sagemaker:.*staging$/),
    });
    expect(s.environments.prod).toMatchObject({
      endpointName: PROD,
      endpointArn: expect.stringMatching(/^arn:aws:sagemaker:.*prod$/),
    });
    expect(s.awsCalls.map((c) => [c.operation, c.outcome, typeof c.requestId])).toEqual([
      ['CreateEndpoint', 'accepted', 'string'],
      ['CreateEndpoint', 'accepted', 'string'],
    ]);
    expect(s.created).toHaveLength(4);
    expect(s.smoke.map((r) => [r.environment, r.purpose, r.verdict])).toEqual([
      ['staging', 'gate', 'passed'],
      ['prod', 'check', 'passed'],
    ]);
    expect(s.prodBaseline).toMatchObject({ errorRate: 0, p95Ms: expect.any(Number) });
    expect(s.refusals.map((r) => [r.by, r.verb, r.reason.code])).toEqual([
      ['U0BOTH', 'promote', 'requester-cannot-approve'],
    ]);
    const failed = document(ids.failed).summary as RolloutSummary;
    expect(failed).toMatchObject({
      ended: { outcome: 'failed' },
      approvals: [],
      rollbacks: [ids.back],
      prodBaseline: null,
    });
    expect(failed.environments.prod.endpointArn).toBeNull();
    const back = document(ids.rollback).summary as RollbackSummary;
    expect(back).toMatchObject({
      environment: 'prod',
      endpointName: PROD,
      ended: { reached: true },
      target: { version: 1 },
    });
    expect(document('open').summary).toMatchObject({ over: false, ended: null });
  });

  it('reads as Markdown in which nobody else can write', () => {
    const markdown = evidenceMarkdown(document(ids.first));
    expect(markdown).toContain('\\<b\\>\\*note\\*\\</b\\>');
    expect(markdown).toContain('**Ended');
    for (const [id] of files) expect(evidenceMarkdown(document(id))).not.toMatch(/undefined|\[object/);
  });

  it('is caught changed, whatever is done to it', () => {
    expect(caught(files)).toBeGreaterThan(3_000);
  }, 600_000);
});

describe('what runs against the record', () => {
  const settings = () => {
    const [runtime] = real.composed.runtimes;
    if (runtime === undefined) throw new Error('no service');
    return runtime.settings;
  };
  const verified = () => verifyLive(real.composed, settings());
  const wrong = (checks: readonly Check[]) =>
    checks.filter((c) => c.status !== 'ok').map((c) => [c.environment, c.name, c.status]);
  const console = (operation: string, parameters: Record<string, string | string[]>) =>
    real.sandbox.sagemaker.control.console(operation, parameters);

  it('is equal after a promotion and a rollback, with each closing criterion', async () => {
    const checks = await verified();
    expect(wrong(checks)).toEqual([]);
    expect(checks.filter((c) => c.name.startsWith('criterion')).map((c) => c.found)).toEqual([
      expect.stringMatching(/^passed: 60 requests/),
      expect.stringMatching(/^U0ALICE at /),
      expect.stringMatching(/→ config → model → arn:.*titanic-survival\/1$/),
    ]);
    expect(checks.find((c) => c.name === 'rollback target' && c.environment === 'staging')?.expected).toMatch(
      /-v1-r1 /,
    );
  });

  it('is equal while a rollout waits at its gate and prod is locked', async () => {
    await real.says(ALICE, { verb: 'lock', environment: 'prod', forSeconds: null, reason: 'Christmas' });
    const open = await real.deploy(3);
    expect(wrong(await verified())).toEqual([]);
    await real.says(ALICE, { verb: 'reject', rolloutId: open, reason: 'not now' });
    expect(wrong(await verified())).toEqual([]);
  });

  it('names lost tags, a lost rollback target and a package that was rejected', async () => {
    const { endpoints } = await real.sandbox.sagemaker.control.state();
    const prod = endpoints.find((e) => e.EndpointName === PROD);
    await console('DeleteTags', { ResourceArn: String(prod?.EndpointArn), TagKeys: ['project'] });
    await console('DeleteEndpointConfig', {
      EndpointConfigName:
        document(ids.second).summary.kind === 'rollout'
          ? String((document(ids.second).summary as RolloutSummary).environments.staging.configName)
          : '',
    });
    const packageArn = (document(ids.first).summary as RolloutSummary).seal.packageArn;
    await console('UpdateModelPackage', { ModelPackageArn: packageArn, ModelApprovalStatus: 'Rejected' });
    expect(wrong(await verified())).toEqual([
      ['staging', 'rollback target', 'different'],
      ['prod', 'registry', 'different'],
      ['prod', 'tags of the endpoint', 'different'],
      ['prod', 'criterion: prod is traceable to the registry', 'different'],
    ]);
    await console('UpdateModelPackage', { ModelPackageArn: packageArn, ModelApprovalStatus: 'Approved' });
  });

  it('names a change that was made outside', async () => {
    const s = document(ids.second).summary as RolloutSummary;
    await console('UpdateEndpoint', { EndpointName: PROD, EndpointConfigName: String(s.environments.prod.configName) });
    await real.until(() => true);
    const end = Date.now() + 5_000;
    let found = wrong(await verified());
    while (found.some(([, name]) => name === 'endpoint') && Date.now() < end) found = wrong(await verified());
    expect(found.map(([environment, name]) => `${environment} ${name}`)).toEqual(
      expect.arrayContaining([
        'prod config',
        'prod model',
        'prod model package',
        'prod image',
        'prod criterion: prod is traceable to the registry',
      ]),
    );
  });
});

describe('evidence of a model approval and of a clean-up', () => {
  const more = new Map<string, string>();
  const of = (id: string): EvidenceDocument => JSON.parse(more.get(id) ?? '');
  let approval = '';
  let rollout = '';
  let cleanUp = '';

  beforeAll(async () => {
    ({ approval, rollout } = await real.approve(4));
    await real.says(ALICE, { verb: 'reject', rolloutId: rollout, reason: 'not now' });
    cleanUp = await real.cleanUp();
    for (const id of [approval, rollout, cleanUp]) more.set(id, await real.exported(id));
  });

  it('answers what an auditor samples', () => {
    const asked = of(approval).summary as ModelApprovalSummary;
    expect(asked).toMatchObject({
      kind: 'model-approval',
      askedBy: { kind: 'pipeline' },
      requester: 'U0BOTH',
      version: 4,
      decision: { by: 'U0ALICE', approve: true },
      rollout,
      ended: { outcome: 'approved', by: 'U0ALICE' },
    });
    expect(asked.registryCalls.map((c) => [c.status, c.outcome, typeof c.requestId])).toEqual([
      ['Approved', 'accepted', 'string'],
    ]);
    expect(asked.refusals.map((r) => [r.by, r.verb, r.reason.code])).toEqual([
      ['U0BOTH', 'approve-model', 'requester-cannot-approve-model'],
    ]);
    expect(of(rollout).summary).toMatchObject({ kind: 'rollout', modelApproval: approval });
    const cleaned = of(cleanUp).summary as CleanupSummary;
    expect(cleaned).toMatchObject({
      kind: 'cleanup',
      askedBy: { kind: 'person', id: 'U0ALICE' },
      target: 'leftovers',
      confirmed: { by: 'U0ALICE', removes: [] },
      awsCalls: [],
      ended: { outcome: 'done' },
    });
    expect(cleaned.plan.length).toBeGreaterThan(1);
    expect(cleaned.deletions.map((d) => [d.name, d.outcome, typeof d.requestId])).toEqual(
      cleaned.plan.map(({ name }) => [name, 'gone', 'string']),
    );
  });

  it('is whole, fits the schema, and is caught changed, whatever is done to it', () => {
    const fits = fitting();
    for (const [id, file] of more) {
      expect([id, verifyEvidence(file).findings, fits(JSON.parse(file))]).toEqual([id, [], true]);
    }
    expect(caught(more)).toBeGreaterThan(1_000);
  }, 600_000);
});
