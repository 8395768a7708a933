import type { Candidate, EnvironmentPlan } from '../../src/rollout/candidate.ts';
import type { Card } from '../../src/rollout/card.ts';
import type { SmokeResult } from '../../src/rollout/events.ts';
import { reason } from '../../src/rollout/reasons.ts';
import type { Hold, Rollback, Rollout, StackedTarget } from '../../src/rollout/state.ts';

export const AT = '2026-11-23T18:00:00.000Z';
export const LATER = '2026-11-24T18:00:00.000Z';

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
  testing: { ...base, status: 'testing', smoke: null },
  tested: { ...base, status: 'tested' },
  held: { ...base, status: 'held', heldBecause: reason('smoke-inconclusive', { why: 'the generator was late' }) },
  gate: { ...base, status: 'gate', gate },
  approved: { ...base, status: 'approved', ...decided },
  prod: { ...base, status: 'prod', ...decided },
  verifying: { ...base, status: 'verifying', ...decided },
  ended: {
    ...base,
    status: 'ended',
    outcome: 'promoted',
    reason: reason('promoted', { version: 7 }),
    by: 'U0ADAM',
    endedAt: LATER,
    gate,
    approvedBy: ['U0ALICE', 'U0ADAM'],
    brokenGlass: null,
  },
};

export function rolloutCardOf(rollout: Rollout, over: Partial<Extract<Card, { kind: 'rollout' }>> = {}): Card {
  return {
    kind: 'rollout',
    id: rollout.id,
    service: 'survival',
    rollout,
    running: { staging: target(7, rollout.id), prod: { ...target(6, 'survival-12'), tookMs: 252_000 } },
    doing: null,
    holds: { staging: [], prod: [] },
    prodBaseline: smokeResult(),
    rollbackTarget: target(6, 'survival-12'),
    runningPlan: plan,
    goesBack: null,
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
  ended: { at: LATER, reached: true, reason: reason('deployed', { environment: 'prod', version: 6 }) },
};

export function rollbackCardOf(over: Partial<Extract<Card, { kind: 'rollback' }>> = {}): Card {
  return {
    kind: 'rollback',
    id: rollback.id,
    service: 'survival',
    rollback,
    doing: null,
    further: target(5),
    holds: [hold],
    recreateOffered: false,
    ...over,
  };
}
