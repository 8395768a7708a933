import type { Environment } from './candidate.ts';
import { autoRollback } from './decide-analysis.ts';
import { decideNotStaged } from './decide-auto-stage.ts';
import { decideCommand } from './decide-command.ts';
import { type DeploymentContext, decideDeployment } from './decide-deployment.ts';
import { decideIdleStop } from './decide-idle.ts';
import { decideIntent } from './decide-intent.ts';
import { decideRollout } from './decide-rollout.ts';
import { decideOpenSmoke, decideSmokeFinished } from './decide-smoke.ts';
import { deploymentFailed } from './deployment-end.ts';
import type { CallOutcome, Event } from './events.ts';
import type { Decision, Input, PrepareResult, Settings } from './input.ts';
import { without } from './mutations.ts';
import type { Observation } from './observation.ts';
import { reason } from './reasons.ts';
import { refusalsMost } from './refusals.ts';
import type { ServiceState } from './state.ts';
import { firstOf, NOTHING, record, type Step, waitNoted } from './step.ts';
import { decideCleanupRound, decideCleanupStep, decideCleanupStop } from './step-cleanup.ts';
import { decideApprovalStep, decideModelSeen, decideRegistryOutcome } from './step-model.ts';

/**
 * What comes next: pure, without clock, chance, log or network. The same state, input and time always give the same
 * answer, so of two replicas that decide on the same state it does not matter which one wins the append.
 */
export function decide(state: ServiceState, input: Input, settings: Settings, nowMs: number): Decision {
  switch (input.kind) {
    case 'command':
      return decideCommand(state, input, settings, nowMs);
    case 'observed':
      return decideObserved(state, input.observation, settings, nowMs);
    case 'refusals-counted':
      return only(input.counts.map(({ by, count }) => ({ type: 'RefusalsCounted', by, count })));
    case 'prepared':
      return only(decidePrepared(state, input.environment, input.deployment, input.result, settings, nowMs));
    case 'call-decided':
      return only(decideCallOutcome(state, input.environment, input.intent, input.outcome, settings, nowMs));
    case 'kill-switch-decided':
      return only(decideKillSwitch(state, input));
    case 'smoke-finished':
      return only(decideSmokeFinished(state, input, settings, nowMs));
    case 'registry-decided':
      return only(decideRegistryOutcome(state, input));
    case 'model-seen':
      return only(decideModelSeen(state, input));
    case 'not-staged':
      return only(decideNotStaged(state, input));
    case 'cleanup-round':
      return only(decideCleanupRound(state, input, settings, nowMs));
    default: {
      const never: never = input;
      throw new Error(`Unknown input ${JSON.stringify(never)}`);
    }
  }
}

/** An answer to what was intended again meanwhile counts no more. */
function decideKillSwitch(
  state: ServiceState,
  { environment, intent, outcome }: Extract<Input, { kind: 'kill-switch-decided' }>,
): readonly Event[] {
  const trip = state.environments[environment].deployment?.trip;
  if (trip?.seq !== intent || trip.decided !== null) return [];
  return [{ type: 'KillSwitchDecided', environment, intent, outcome }];
}

function only(events: readonly Event[]): Decision {
  return { events, effects: [], wakeInMs: 0, reason: null };
}

/** What must not be sent any more comes first; then prod before staging, and going back before going on. */
function decideObserved(state: ServiceState, observation: Observation, settings: Settings, nowMs: number): Decision {
  const steps: (() => Step)[] = [() => decideCleanupStop(state, nowMs)];
  for (const environment of ['prod', 'staging'] as const) {
    steps.push(() => decideEnvironment(state, environment, observation, settings, nowMs));
    steps.push(() => decideOpenSmoke(state, environment, observation, settings));
  }
  for (const approval of state.approvals) {
    steps.push(() => decideApprovalStep(state, approval, observation, settings, nowMs));
  }
  steps.push(() => decideCleanupStep(state, observation, settings, nowMs));
  for (const rollout of state.rollouts) {
    steps.push(() => decideRollout(state, rollout, observation, settings, nowMs));
  }
  steps.push(() => decideIdleStop(state, observation, settings, nowMs));
  return firstOf(steps);
}

function decideEnvironment(
  state: ServiceState,
  environment: Environment,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): Step {
  const e = state.environments[environment];
  const anyway =
    without(settings.mutations, 'no-wait-for-an-open-intent') ||
    (without(settings.mutations, 'ended-with-an-open-intent') && e.deployment !== null && e.deployment.abort !== null);
  if (e.intent !== null && !anyway) return decideIntent(environment, e.intent, observation, settings);
  if (e.deployment !== null) {
    const back = autoRollback(state, environment, settings, nowMs);
    if (back.events.length > 0) return back;
    const context = contextOf(state, environment, observation, settings, nowMs);
    return context === null ? NOTHING : soonerOf(decideDeployment(context), back.wakeInMs);
  }
  if (e.rollback === null) return NOTHING;
  const { id, target } = e.rollback;
  const deadlineAt = new Date(nowMs + settings.deadlineMinutes[environment] * 60_000).toISOString();
  return record([{ type: 'DeploymentStarted', environment, kind: 'rollback', owner: id, target, deadlineAt }]);
}

function soonerOf(step: Step, wakeInMs: number | null): Step {
  if (wakeInMs === null || (step.wakeInMs !== null && step.wakeInMs <= wakeInMs)) return step;
  return { ...step, wakeInMs };
}

const NOT_OBSERVED: Observation = {
  endpoints: { staging: null, prod: null },
  seals: {},
  approvers: null,
  agesMs: {},
};

function contextOf(
  state: ServiceState,
  environment: Environment,
  observation: Observation,
  settings: Settings,
  nowMs: number,
): DeploymentContext | null {
  const e = state.environments[environment];
  if (e.deployment === null) return null;
  const { owner } = e.deployment;
  const rollout = state.rollouts.find((r) => r.id === owner);
  return { state, environment, e, deployment: e.deployment, rollout, observation, settings, nowMs };
}

function decidePrepared(
  state: ServiceState,
  environment: Environment,
  deployment: number,
  result: PrepareResult,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const context = contextOf(state, environment, NOT_OBSERVED, settings, nowMs);
  if (context === null || context.deployment.id !== deployment || context.deployment.prepared) return [];
  switch (result.kind) {
    case 'prepared':
      return [
        { type: 'DeploymentPrepared', environment, deployment, created: result.created, adopted: result.adopted },
      ];
    case 'refused':
      // Nothing was sent to the endpoint: what ran before still runs.
      return deploymentFailed(context, result.reason, null, 'failed');
    case 'later':
      return context.rollout === undefined
        ? []
        : waitNoted(context.rollout, reason('waits-for-preparation', { why: result.why }), 0, nowMs).events;
    default: {
      const never: never = result;
      throw new Error(`Unknown result ${JSON.stringify(never)}`);
    }
  }
}

function decideCallOutcome(
  state: ServiceState,
  environment: Environment,
  intent: number,
  outcome: CallOutcome,
  settings: Settings,
  nowMs: number,
): readonly Event[] {
  const e = state.environments[environment];
  if (e.intent === null || e.intent.seq !== intent) return [];
  const decided: Event = { type: 'CallDecided', environment, intent, outcome };
  const context = contextOf(state, environment, NOT_OBSERVED, settings, nowMs);
  if (context === null || outcome.kind !== 'refused') return [decided];
  const refusals = context.deployment.refusals + 1;
  if (outcome.retryable && refusals < refusalsMost(context.deployment)) return [decided];
  const why = outcome.retryable
    ? reason('too-many-refusals', {
        times: refusals,
        words: String(outcome.reason.params?.words ?? outcome.reason.code),
      })
    : outcome.reason;
  // A definite refusal: the endpoint is what it was when the call was intended.
  return [decided, ...deploymentFailed(context, why, e.intent.baseline, 'failed')];
}
