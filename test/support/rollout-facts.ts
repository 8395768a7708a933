import type { Candidate, Environment, EnvironmentPlan } from '../../src/rollout/candidate.ts';
import type { Actor, SmokeResult } from '../../src/rollout/events.ts';
import { PROTOCOL_TIMES, type Settings, type Standing } from '../../src/rollout/input.ts';
import type { PackageSeen } from '../../src/rollout/observation.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { seal } from '../../src/rollout/seal.ts';

/** One installation, as the tests of the core know it. */
export const SETTINGS: Settings = {
  service: 'survival',
  prefix: 'titanic-',
  modelPackageGroup: 'titanic-survival',
  quorum: 1,
  approvalExpiresAfterHours: 24,
  endpointNames: { staging: 'titanic-survival-staging', prod: 'titanic-survival-prod' },
  deadlineMinutes: { staging: 60, prod: 120 },
  tags: { staging: { project: 'titanic-sagemaker' }, prod: { project: 'titanic-sagemaker' } },
  onStagingFailure: 'keep',
  smokeLongestMs: 60_000,
  times: PROTOCOL_TIMES,
};

export interface Person {
  readonly actor: Actor;
  readonly standing: Standing;
}

function member(
  id: string,
  roles: { readonly approver?: boolean; readonly operator?: boolean; readonly mandatory?: boolean },
): Person {
  const { approver = false, operator = false, mandatory = false } = roles;
  return {
    actor: { kind: 'person', id, via: 'slack' },
    standing: { kind: 'member', approver, operator, mandatory, lastKnown: false },
  };
}

export const operator = member('U0OLGA', { operator: true });
export const approver = member('U0ANNA', { approver: true });
export const secondApprover = member('U0ABEL', { approver: true });
/** Of the group of which one approval must be. */
export const mandatoryApprover = member('U0MAYA', { approver: true, mandatory: true });
export const both = member('U0BO', { approver: true, operator: true });
/** Who asked for the rollouts of these tests, if nothing else is said: no operator any more, but still the requester. */
export const requester = member('U0RUTH', {});
export const requesterApprover = member('U0RUTH', { approver: true, operator: true });
export const stranger = member('U0SAM', {});
export const guest: Person = {
  actor: { kind: 'person', id: 'U0GUS', via: 'slack' },
  standing: { kind: 'refused', reason: reason('not-a-member', { why: 'a guest' }) },
};
/** Slack does not say who is in the groups. */
export const unreadable: Person = {
  ...both,
  standing: { kind: 'unreadable', why: 'Slack timed out' },
};
/** Slack does not say who is in the groups now, but this one was in both an hour ago. */
export const lastKnown: Person = {
  ...both,
  standing: { kind: 'member', approver: true, operator: true, lastKnown: true },
};
/** Even with both roles a pipeline never approves. */
export const pipeline: Person = {
  actor: { kind: 'pipeline', id: 'arn:aws:sts::123456789012:assumed-role/ci', via: 'cli' },
  standing: { kind: 'member', approver: true, operator: true, lastKnown: false },
};
/** titanic, for what nobody asks for. */
export const itself: Person = {
  actor: { kind: 'titanic' },
  standing: { kind: 'member', approver: false, operator: true, lastKnown: false },
};
export const APPROVERS = ['U0ANNA', 'U0ABEL', 'U0BO', 'U0RUTH'] as const;

export function idOf(person: Person): string {
  return person.actor.kind === 'titanic' ? 'titanic' : person.actor.id;
}

function plan(environment: Environment, instanceCount: number): EnvironmentPlan {
  return {
    endpointName: SETTINGS.endpointNames[environment],
    executionRoleArn: 'arn:aws:iam::123456789012:role/titanic',
    capacity: { kind: 'instances', instanceType: 'ml.m5.large', instanceCount },
    containerEnv: {},
    networkIsolation: false,
    tags: SETTINGS.tags[environment],
  };
}

export const PLANS = { staging: plan('staging', 1), prod: plan('prod', 2) };

export function packageSeen(version: number, changed: Partial<PackageSeen> = {}): PackageSeen {
  return {
    arn: `arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival/${version}`,
    group: 'titanic-survival',
    version,
    approval: 'Approved',
    status: 'Completed',
    description: null,
    containers: [
      {
        image: 'registry/survival:latest',
        imageDigest: digestOf(version),
        modelDataUrl: `s3://models/v${version}.tar.gz`,
        modelDataEtag: `etag-${version}`,
      },
    ],
    inferenceSpec: { SupportedContentTypes: ['text/csv'], version },
    ...changed,
  };
}

export function digestOf(version: number): string {
  return `sha256:${String(version).padStart(64, '0')}`;
}

export function candidate(version: number): Candidate {
  const sealed = seal(packageSeen(version), PLANS);
  if (sealed.kind !== 'sealed') throw new Error(sealed.reason.code);
  return sealed.candidate;
}

export function smokeResult(verdict: SmokeResult['verdict'], changed: Partial<SmokeResult> = {}): SmokeResult {
  return {
    verdict,
    why: verdict === 'inconclusive' ? 'the generator was late' : null,
    numbers: {
      n: 300,
      p50Ms: 10,
      p95Ms: 20,
      p99Ms: 30,
      p95LowMs: 18,
      p95HighMs: 22,
      errorRate: 0,
      latenessP99Ms: 1,
    },
    findings: [{ check: 'p95', measured: '20 ms', threshold: '300 ms', ok: verdict !== 'failed' }],
    cases: [{ name: 'first-class woman', ok: true, why: null }],
    errorClasses: {},
    compared: null,
    histogram: 'HISTFAAAAA',
    ...changed,
  };
}
