import type { Environment } from './candidate.ts';
import type { Event, SmokeLook, SmokePurpose, SmokeResult } from './events.ts';
import { findingWords } from './finding-words.ts';
import { startGoingBack } from './going-back.ts';
import type { Settings } from './input.ts';
import type { Observation } from './observation.ts';
import { clause, type Reason, reason } from './reasons.ts';
import type { LiveRollout, ServiceState, SmokeClaim } from './state.ts';
import { endpointPollMs, NOTHING, RETRY_READ_MS, record, type Step, waitNoted, wake } from './step.ts';

/** Runs without a verdict that are allowed: the first and two repeats. */
const VOID_RUNS_MOST = 3;

/** A claim that is open longer than its longest duration and a grace is abandoned; its process died. */
export function decideOpenSmoke(
  state: ServiceState,
  environment: Environment,
  observation: Observation,
  settings: Settings,
): Step {
  const claim = state.environments[environment].smoke;
  if (claim === null) return NOTHING;
  const limitMs = claim.longestMs + settings.times.smokeGraceMs;
  const ageMs = observation.agesMs[claim.claim] ?? 0;
  if (ageMs < limitMs) return wake(limitMs - ageMs);
  return record(smokeVoided(state, environment, claim, reason('smoke-abandoned')));
}

/** Starts the run that the rollout needs next, if the endpoint shows exactly what is to be measured. */
export function startSmoke(
  state: ServiceState,
  rollout: LiveRollout,
  environment: Environment,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const e = state.environments[environment];
  if (e.smoke !== null || e.deployment !== null || e.intent !== null || e.rollback !== null) return NOTHING;
  const look = observation.endpoints[environment];
  if (look === null) return wake(0);
  if (look.kind === 'unknown') {
    const endpoint = settings.endpointNames[environment];
    return waitNoted(rollout, reason('waits-for-endpoint-reading', { endpoint, why: look.why }), RETRY_READ_MS, nowMs);
  }
  const seen = look.value.endpoint;
  const expected = e.stack.at(-1);
  if (seen !== null && (seen.pendingConfigName !== null || seen.status !== 'InService') && seen.status !== 'Failed') {
    return waitNoted(
      rollout,
      reason('waits-for-sagemaker', { doing: seen.words ?? seen.status }),
      endpointPollMs(settings),
      nowMs,
    );
  }
  if (seen === null || seen.status === 'Failed' || expected === undefined || seen.configName !== expected.configName) {
    const config = seen === null ? 'nothing' : seen.configName;
    return record(changedOutside(rollout, environment, reason('changed-outside', { config })));
  }
  const purpose: SmokePurpose = environment === 'staging' ? 'gate' : 'check';
  return record(
    [
      {
        type: 'SmokeStarted',
        environment,
        purpose,
        rolloutId: rollout.id,
        configName: seen.configName,
        lastModified: seen.lastModified,
        longestMs: settings.smokeLongestMs,
      },
    ],
    [{ kind: 'smoke', environment, claim: state.seq + 1 }],
  );
}

function changedOutside(rollout: LiveRollout, environment: Environment, why: Reason): readonly Event[] {
  const ended: Event = { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'failed', reason: why, by: null };
  return environment === 'staging' ? [ended] : [ended, checkHold(why)];
}

function checkHold(why: Reason): Event {
  return { type: 'HoldPlaced', environment: 'prod', kind: 'check', by: null, reason: clause(why), until: null };
}

interface Finished {
  readonly environment: Environment;
  readonly claim: number;
  readonly before: SmokeLook | null;
  readonly after: SmokeLook | null;
  readonly result: SmokeResult | null;
}

/** What a finished measurement means. It counts only for the claim that is open, and only for what the claim names. */
export function decideSmokeFinished(
  state: ServiceState,
  finished: Finished,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const { environment, before, after, result } = finished;
  const claim = state.environments[environment].smoke;
  if (claim === null || claim.claim !== finished.claim) return [];
  if (result === null && (before === null || measuredTheClaim(claim, before))) {
    return smokeVoided(state, environment, claim, reason('smoke-abandoned'));
  }
  if (result === null || !measuredTheClaim(claim, before) || !measuredTheClaim(claim, after)) {
    return smokeVoided(state, environment, claim, reason('smoke-void'));
  }
  const recorded: Event = { type: 'SmokeFinished', environment, claim: claim.claim, before, after, result };
  return [recorded, ...consequences(state, claim, result, settings, nowMs)];
}

/** Whether a look shows what a claim names, serving and at rest. */
export function measuredTheClaim(claim: SmokeClaim, look: SmokeLook | null): boolean {
  if (look === null || look.status !== 'InService' || look.pendingConfigName !== null) return false;
  return look.configName === claim.configName && look.lastModified === claim.lastModified;
}

function consequences(
  state: ServiceState,
  claim: SmokeClaim,
  result: SmokeResult,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const rollout = state.rollouts.find((r) => r.id === claim.rolloutId);
  if (rollout === undefined || claim.purpose === 'alone') return [];
  switch (result.verdict) {
    case 'passed':
      return claim.purpose === 'gate' ? [] : [promoted(rollout)];
    case 'failed':
      return claim.purpose === 'gate'
        ? stagingFailed(state, rollout, result, settings, nowMs)
        : prodFailed(state, rollout, result);
    case 'inconclusive':
      return withoutVerdict(rollout, claim.purpose, result.why ?? 'no reason given');
    default: {
      const never: never = result.verdict;
      throw new Error(`Unknown verdict ${String(never)}`);
    }
  }
}

function promoted(rollout: LiveRollout): Event {
  const why = reason('promoted', { version: rollout.candidate.version });
  return { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'promoted', reason: why, by: null };
}

function smokeVoided(state: ServiceState, environment: Environment, claim: SmokeClaim, why: Reason): readonly Event[] {
  const voided: Event = { type: 'SmokeVoided', environment, claim: claim.claim, reason: why };
  const rollout = state.rollouts.find((r) => r.id === claim.rolloutId);
  if (rollout === undefined || claim.purpose === 'alone') return [voided];
  return [voided, ...withoutVerdict(rollout, claim.purpose, clause(why))];
}

/** Repeated twice; then a person has to look. prod is never rolled back for want of a verdict. */
function withoutVerdict(rollout: LiveRollout, purpose: SmokePurpose, why: string): readonly Event[] {
  const times = rollout.voidRuns + 1;
  if (times < VOID_RUNS_MOST) return [];
  if (purpose === 'gate')
    return [{ type: 'RolloutHeld', rolloutId: rollout.id, reason: reason('smoke-inconclusive', { why }) }];
  const because = reason('prod-check-inconclusive', { times, why });
  return [
    { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'promoted', reason: because, by: null },
    checkHold(because),
  ];
}

function failedFindings(result: SmokeResult): string {
  const failed = result.findings.filter((f) => !f.ok).map(findingWords);
  return failed.join('; ') || (result.why ?? 'no finding given');
}

function stagingFailed(
  state: ServiceState,
  rollout: LiveRollout,
  result: SmokeResult,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const why = reason('smoke-failed', { findings: failedFindings(result) });
  const ended: Event = { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'failed', reason: why, by: null };
  const [current, before] = state.environments.staging.stack.toReversed();
  if (before !== undefined) {
    const asked = { environment: 'staging', target: before, cause: 'smoke-failed', by: null, reason: null } as const;
    return [ended, ...startGoingBack(withoutClaim(state, 'staging'), asked)];
  }
  if (current === undefined || settings.onStagingFailure === 'keep') return [ended];
  const deadlineAt = new Date(nowMs + settings.deadlineMinutes.staging * 60_000).toISOString();
  const removal: Event = {
    type: 'DeploymentStarted',
    environment: 'staging',
    kind: 'removal',
    owner: rollout.id,
    target: current,
    deadlineAt,
  };
  return [ended, removal];
}

function prodFailed(state: ServiceState, rollout: LiveRollout, result: SmokeResult): readonly Event[] {
  const why = reason('prod-check-failed', { findings: failedFindings(result) });
  const ended: Event = { type: 'RolloutEnded', rolloutId: rollout.id, outcome: 'failed', reason: why, by: null };
  const target = state.environments.prod.stack.at(-2);
  if (target === undefined) return [ended, checkHold(why)];
  const asked = { environment: 'prod', target, cause: 'check-failed', by: null, reason: 'its check failed' } as const;
  return [ended, ...startGoingBack(withoutClaim(state, 'prod'), asked)];
}

/** The claim is closed by the SmokeFinished of the same entry already. */
function withoutClaim(state: ServiceState, environment: Environment): ServiceState {
  const e = { ...state.environments[environment], smoke: null };
  return { ...state, environments: { ...state.environments, [environment]: e } };
}
