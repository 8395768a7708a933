import type { Candidate, EnvironmentPlan } from '../../src/rollout/candidate.ts';
import type { RollbackCard } from '../../src/rollout/card-of-rollback.ts';
import type { RolloutCard } from '../../src/rollout/card-of-rollout.ts';
import type { ChangeNow } from '../../src/rollout/change-now.ts';
import type { SmokeResult } from '../../src/rollout/events.ts';
import { reason } from '../../src/rollout/reasons.ts';
import type { Hold, Rollback, Rollout, StackedTarget } from '../../src/rollout/state.ts';
import { type Reached, reachedNow } from '../../src/rollout/step-times.ts';

export const AT = '2026-11-23T18:00:00.000Z';
export const LATER = '2026-11-24T18:00:00.000Z';
export const ENDED = '2026-11-23T18:37:10.000Z';

const plan: EnvironmentPlan = {
  endpointName: 'titanic-survival-prod',
  executionRoleArn: 'arn:aws:iam::123456789012:role/titanic',
  capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount: 2 },
  containerEnv: {},
  networkIsolation: false,
  tags: {},
};

export const candidate: Candidate = {
  packageArn: 'arn:aws:sagemaker:eu-central-1:123456789012:model-package/titanic-survival/7',
  version: 7,
  inferenceSpecDigest: 'a'.repeat(64),
  image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/survival:7',
  imageDigest: `sha256:${'7'.repeat(64)}`,
  modelDataUrl: 's3://models/7.tar.gz',
  modelDataEtag: 'etag',
  plans: { staging: plan, prod: plan },
  planDigests: { staging: 'b'.repeat(64), prod: 'c'.repeat(64) },
};

export function smokeResult(over: Partial<SmokeResult> = {}): SmokeResult {
  return {
    verdict: 'passed',
    why: null,
    numbers: {
      n: 300,
      p50Ms: 12,
      p95Ms: 41.2,
      p99Ms: 66,
      p95LowMs: 38.4,
      p95HighMs: 47.9,
      errorRate: 0,
      latenessP99Ms: 1.2,
      percentiles: [10, 25, 50, 75, 90, 95, 99].map((p, at) => ({
        p,
        ms: [8.1, 9.6, 12, 19.4, 33.8, 41.2, 66][at] ?? 0,
      })),
    },
    findings: [{ check: 'p95', measured: '41 ms', threshold: '300 ms', ok: true }],
    cases: [
      { name: 'first-class woman', ok: true, why: null },
      { name: 'third-class man', ok: true, why: null },
    ],
    errorClasses: {},
    compared: null,
    histogram: '',
    ...over,
  };
}

export function target(version: number, rolloutId: string | null = null): StackedTarget {
  return {
    configName: `titanic-survival-prod-v${version}`,
    modelName: `titanic-survival-prod-v${version}`,
    packageArn: `arn:aws:sagemaker:eu-central-1:123456789012:model-package/titanic-survival/${version}`,
    version,
    imageDigest: `sha256:${String(version).repeat(64).slice(0, 64)}`,
    rolloutId,
    since: 10,
    at: AT,
  };
}

/** When the sample rollout came to each status. */
const TIMES = [
  ['testing', '2026-11-23T18:04:00.000Z'],
  ['tested', '2026-11-23T18:04:34.000Z'],
  ['gate', '2026-11-23T18:04:45.000Z'],
  ['approved', '2026-11-23T18:30:00.000Z'],
  ['prod', '2026-11-23T18:30:05.000Z'],
  ['verifying', '2026-11-23T18:36:20.000Z'],
] as const;

export function reachedBy(status: Rollout['status']): Reached {
  const last = TIMES.findIndex(([mark]) => mark === status);
  return TIMES.slice(0, last + 1).reduce<Reached>((reached, [mark, at]) => reachedNow(reached, mark, at), {});
}

const base = {
  id: 'survival-42',
  candidate,
  requester: 'U0OPERATOR',
  githubUser: null,
  modelApprovedBy: 'U0ALICE',
  note: 'better on third class',
  quorum: 2,
  approvalExpiresAfterHours: 24,
  startedAt: AT,
  reached: {},
  waiting: null,
  waitNotes: null,
  voidRuns: 0,
  smoke: { ...smokeResult(), lastModified: AT, finishedAt: AT, finishedSeq: 50 },
  prodCheck: null,
  endpointArns: {},
};

const gate = { openedAt: AT, expiresAt: LATER, approvals: [{ by: 'U0ALICE', at: AT }], notBefore: null };
const decided = { gate, approvedAt: AT, approvedBy: ['U0ALICE', 'U0ADAM'], brokenGlass: null };

/** One rollout in each state. */
export const rollouts: Readonly<Record<Rollout['status'], Rollout>> = {
  staging: { ...base, status: 'staging', smoke: null },
  testing: { ...base, reached: reachedBy('testing'), status: 'testing', smoke: null },
  tested: { ...base, reached: reachedBy('tested'), status: 'tested' },
  held: {
    ...base,
    reached: reachedBy('testing'),
    status: 'held',
    heldBecause: reason('smoke-inconclusive', { why: 'the generator was late' }),
  },
  gate: { ...base, reached: reachedBy('gate'), status: 'gate', gate },
  approved: { ...base, reached: reachedBy('approved'), status: 'approved', ...decided },
  prod: { ...base, reached: reachedBy('prod'), status: 'prod', ...decided },
  verifying: { ...base, reached: reachedBy('verifying'), status: 'verifying', ...decided },
  ended: {
    ...base,
    reached: reachedBy('verifying'),
    status: 'ended',
    outcome: 'promoted',
    reason: reason('promoted', { version: 7 }),
    by: 'U0ADAM',
    endedAt: ENDED,
    gate,
    approvedBy: ['U0ALICE', 'U0ADAM'],
    brokenGlass: null,
  },
};

/** The change of an endpoint as it stands. */
export function changeOf(over: Partial<ChangeNow> = {}): ChangeNow {
  return {
    environment: 'staging',
    words: 'Creating: Launching 2 instance(s).',
    wordsAt: AT,
    since: AT,
    usual: { ms: 252_000, of: 3 },
    overdue: false,
    openCall: false,
    stopped: false,
    guard: null,
    ...over,
  };
}

export function rolloutCardOf(rollout: Rollout, over: Partial<RolloutCard> = {}): RolloutCard {
  return {
    kind: 'rollout',
    id: rollout.id,
    service: 'survival',
    rollout,
    running: { staging: target(7, rollout.id), prod: target(6, 'survival-12') },
    before: { target: target(6, 'survival-12'), measured: { numbers: smokeResult().numbers, passed: 2, cases: 2 } },
    doing: null,
    holds: { staging: [], prod: [] },
    stagingStopped: null,
    rollbackTarget: target(6, 'survival-12'),
    runningPlan: plan,
    guardrail: { on: false, because: 'not-configured' },
    usual: { promotion: { ms: 252_000, of: 3 }, rollback: { ms: 252_000, of: 3 }, step: { ms: 34_000, of: 3 } },
    rollbackOffered: null,
    goesBack: null,
    again: false,
    recreateOffered: false,
    ...over,
  };
}

export const hold: Hold = {
  id: 60,
  kind: 'after-rollback',
  by: 'U0ALICE',
  reason: 'wrong answers',
  until: null,
  at: AT,
};

export const rollback: Rollback = {
  id: 'survival-70',
  environment: 'prod',
  cause: 'asked',
  target: target(6),
  leaving: 'titanic-survival-prod-v7',
  by: 'U0ALICE',
  reason: 'wrong answers',
  recreate: false,
  at: AT,
  ended: {
    at: '2026-11-23T18:05:00.000Z',
    reached: true,
    reason: reason('deployed', { environment: 'prod', version: 6 }),
  },
};

export function rollbackCardOf(over: Partial<RollbackCard> = {}): RollbackCard {
  return {
    kind: 'rollback',
    id: rollback.id,
    service: 'survival',
    rollback,
    doing: null,
    undone: null,
    usual: { ms: 252_000, of: 3 },
    further: target(5),
    holds: [hold],
    unlockOffered: false,
    recreateOffered: false,
    ...over,
  };
}
