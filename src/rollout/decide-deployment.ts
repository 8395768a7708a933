import type { Environment } from './candidate.ts';
import { fleetsCompared, overtakenByItsEnd } from './decide-analysis.ts';
import { alarmsGuard, alarmsThatWentOff, demandedGuard, guardrailFor, guardSeen, tripStep } from './decide-guard.ts';
import { smokeAfterReturn } from './decide-idle.ts';
import { deploymentFailed, deploymentSucceeded } from './deployment-end.ts';
import type { EndpointCall, Event } from './events.ts';
import { reasonForFailure } from './failure-reasons.ts';
import { activeHolds } from './gates.ts';
import { stopOvertaken } from './idle-stop.ts';
import type { Settings } from './input.ts';
import { guardOfCall } from './kill-switch.ts';
import { without } from './mutations.ts';
import { adoptedTarget } from './names.ts';
import { baselineOf, type EndpointLook, type EndpointSeen, type Observation } from './observation.ts';
import { prodGuards, stagingGuards, unlessGo } from './promotion-guards.ts';
import { type Reason, reason } from './reasons.ts';
import type { Deployment, EnvironmentState, LiveRollout, ServiceState } from './state.ts';
import { endpointPollMs, NOTHING, RETRY_READ_MS, record, type Step, waitNoted, wake } from './step.ts';
import type { Strategy } from './strategy.ts';

/** What one step of a deployment may look at. */
export interface DeploymentContext {
  readonly state: ServiceState;
  readonly environment: Environment;
  readonly e: EnvironmentState;
  readonly deployment: Deployment;
  /** The rollout it belongs to, while that lives. */
  readonly rollout: LiveRollout | undefined;
  readonly observation: Observation;
  readonly settings: Settings;
  readonly nowMs: number;
}

const MOVING = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']);

/** The next step of an open deployment without an open intent. */
export function decideDeployment(c: DeploymentContext): Step {
  const { e, observation, settings, environment } = c;
  const lagMs = e.lastOutcomeSeq === null ? Number.POSITIVE_INFINITY : (observation.agesMs[e.lastOutcomeSeq] ?? 0);
  // A describe may be seconds old: right after an outcome nothing that is seen counts.
  const tooEarly =
    lagMs < settings.times.describeLagMs && !without(settings.mutations, 'describe-right-after-an-outcome');
  if (tooEarly) return wake(settings.times.describeLagMs - lagMs);
  const reading = observation.endpoints[environment];
  if (reading === null) return wake(0);
  if (reading.kind === 'unknown') return unreadable(c, reading.why);
  const look = reading.value;
  if (!e.known && look.endpoint !== null && c.deployment.abort === null) return decideAdoption(c, look);
  return c.deployment.followed === null ? decideNextCall(c, look) : followCall(c, look);
}

/** What was never sent can end without a look: by whoever stopped it, or by the approval's end. */
function unreadable(c: DeploymentContext, why: string): Step {
  const { deployment, settings, environment } = c;
  if (deployment.followed === null && deployment.abort !== null)
    return record(deploymentFailed(c, reason('aborted', { why: 'asked for' }), null, 'failed'));
  const endpoint = settings.endpointNames[environment];
  return expiredOr(c, () => noted(c, reason('waits-for-endpoint-reading', { endpoint, why }), RETRY_READ_MS));
}

function noted({ rollout, nowMs }: DeploymentContext, why: Reason, ms: number): Step {
  return waitNoted(rollout, why, ms, nowMs);
}

/** An endpoint of our name that the log does not know is taken over only if it carries our tags. */
function decideAdoption(c: DeploymentContext, look: EndpointLook): Step {
  const { environment, settings } = c;
  const { endpoint, chain, ours } = look;
  if (endpoint === null || ours === null || chain === null) return wake(0);
  const endpointName = settings.endpointNames[environment];
  if (ours.kind === 'unknown' || chain.kind === 'unknown') {
    const why = ours.kind === 'unknown' ? ours.why : chain.kind === 'unknown' ? chain.why : '';
    return expiredOr(c, () =>
      noted(c, reason('waits-for-endpoint-reading', { endpoint: endpointName, why }), RETRY_READ_MS),
    );
  }
  if (!ours.value) {
    const foreign = reason('endpoint-not-ours', { endpoint: endpointName, environment });
    const late = environment === 'staging' && c.nowMs > Date.parse(c.deployment.deadlineAt);
    if (late) return end(c, foreign, null);
    return expiredOr(c, () => noted(c, foreign, RETRY_READ_MS));
  }
  // What moves is adopted once it rests; what is Failed never served, so it is no rollback target and may be replaced.
  if (MOVING.has(endpoint.status) || endpoint.status === 'Failed') return decideNextCall(c, look);
  return record([
    {
      type: 'EndpointAdopted',
      environment,
      endpointName,
      arn: endpoint.arn,
      target: adoptedTarget(endpoint.configName, chain.value),
      reason: reason('endpoint-adopted', { endpoint: endpointName }),
    },
  ]);
}

/** Nothing was sent since the endpoint was last at rest: end, prepare, wait, or intend the next call. */
function decideNextCall(c: DeploymentContext, look: EndpointLook): Step {
  const { deployment, nowMs } = c;
  const seen = look.endpoint;
  // A deletion that came first is done, whatever was asked for meanwhile.
  const deleted = isDeletion(deployment) && deployment.followed !== null && seen === null;
  if (deployment.abort !== null && !deleted) return end(c, reason('aborted', { why: 'asked for' }), seen);
  const overtaken =
    deployment.kind === 'stop' && !deleted ? stopOvertaken(c.state, deployment, seen, c.settings, nowMs) : null;
  if (overtaken !== null) return end(c, reason('not-stopped', { environment: c.environment, why: overtaken }), seen);
  const expired = expiredOr(c, () => NOTHING);
  if (expired !== NOTHING) return expired;
  // Before prod is touched it is the approval that runs out, not the deadline.
  const unsentProd = c.environment === 'prod' && deployment.followed === null;
  if (deployment.kind === 'rollout' && !unsentProd && nowMs > Date.parse(deployment.deadlineAt)) {
    return end(c, reason('deadline-passed', { minutes: deadlineMinutes(deployment) }), seen);
  }
  if (seen !== null && MOVING.has(seen.status)) {
    return noted(c, reason('waits-for-sagemaker', { doing: seen.words ?? seen.status }), endpointPollMs(c.settings));
  }
  if (isDeletion(deployment)) {
    if (seen === null) return record(deploymentSucceeded(c, '', [], removedReason(c)));
    return pause(c) ?? removalHeld(c) ?? intend(c, look, undefined);
  }
  if (alreadyThere(c, seen)) return arrived(c, look, reason('already-there', arrivedParams(c)));
  return prepareOrIntend(c, look);
}

/** Nothing is to be there in the end. */
function isDeletion({ kind }: Deployment): boolean {
  return kind === 'removal' || kind === 'stop';
}

function removedReason({ state, deployment, environment }: DeploymentContext): Reason {
  if (deployment.kind === 'stop') return reason('stopped-idle', { environment });
  const byCleanup = state.cleanup?.id === deployment.owner;
  return reason(byCleanup ? 'removed-by-cleanup' : 'removed', { environment });
}

/** A lock placed meanwhile keeps a clean-up from deleting, until it is released or the clean-up's time is over. */
function removalHeld({ state, environment, deployment, nowMs }: DeploymentContext): Step | null {
  if (state.cleanup?.id !== deployment.owner) return null;
  return activeHolds(state, environment, nowMs).length > 0 ? wake(RETRY_READ_MS) : null;
}

/** After a refusal. */
function pause({ deployment, nowMs }: DeploymentContext): Step | null {
  const pauseMs = deployment.notBefore === null ? 0 : Date.parse(deployment.notBefore) - nowMs;
  return pauseMs > 0 ? wake(pauseMs) : null;
}

function prepareOrIntend(c: DeploymentContext, look: EndpointLook): Step {
  const { deployment, rollout, environment } = c;
  const pausing = pause(c);
  if (pausing !== null) return pausing;
  const guardrail = rollout === undefined ? null : guardrailFor(environment, rollout, look.endpoint);
  const strategy = guardrail?.on === true ? guardrail.strategy : undefined;
  if (guardrail !== null && rollout !== undefined) {
    const demanded = demandedGuard(guardrail, rollout.candidate.plans[environment].strategy);
    const without = unlessGo(demanded, rollout, c.nowMs, (why) => record(deploymentFailed(c, why, null, 'voided')));
    if (without !== null) return without;
  }
  if (!deployment.prepared && rollout !== undefined) {
    const { configName, modelName } = deployment.target;
    return {
      ...NOTHING,
      effects: [
        {
          kind: 'prepare',
          environment,
          deployment: deployment.id,
          candidate: rollout.candidate,
          configName,
          modelName: modelName ?? configName,
          rolloutId: rollout.id,
          ...(strategy === undefined ? {} : { guardedBy: strategy.alarms }),
        },
      ],
      wakeInMs: RETRY_READ_MS,
    };
  }
  return intend(c, look, strategy);
}

/** Guards, then the intent of exactly one call; `strategy` is how SageMaker guards it. */
function intend(c: DeploymentContext, look: EndpointLook, strategy: Strategy | undefined): Step {
  const { deployment, rollout, environment } = c;
  const blocked = deployment.kind === 'rollout' ? rolloutBlocked(c, look) : rollbackBlocked(c, look);
  if (blocked !== null) return blocked;
  const alarmed = strategy === undefined ? null : alarmsBlocked(c, look, strategy);
  if (alarmed !== null) return alarmed;
  const call = nextCall(c, look, strategy);
  if (call === null) return end(c, reason('prod-endpoint-failed'), look.endpoint);
  const seq = c.state.seq + 1;
  const intended: Event = {
    type: 'CallIntended',
    environment,
    deployment: deployment.id,
    call,
    baseline: baselineOf(look.endpoint),
  };
  const events: Event[] =
    rollout !== undefined && rollout.waiting !== null
      ? [{ type: 'WaitNoted', rolloutId: rollout.id, reason: null }]
      : [];
  return record([...events, intended], [{ kind: 'send', environment, intent: seq }]);
}

function rolloutBlocked(c: DeploymentContext, look: EndpointLook): Step | null {
  const { state, rollout, environment, observation, settings, nowMs, e } = c;
  if (rollout === undefined) return end(c, reason('aborted', { why: 'its rollout ended' }), look.endpoint);
  if (environment === 'prod' && e.endpointFailed && e.stack.length > 0)
    return end(c, reason('prod-endpoint-failed'), look.endpoint);
  const guarded =
    environment === 'prod'
      ? prodGuards(state, rollout, observation, settings, nowMs)
      : stagingGuards(state, rollout, observation, settings, nowMs);
  return unlessGo(guarded, rollout, nowMs, (why) => record(deploymentFailed(c, why, null, 'voided')));
}

function alarmsBlocked(c: DeploymentContext, look: EndpointLook, strategy: Strategy): Step | null {
  const { rollout, deployment, settings, nowMs } = c;
  if (rollout === undefined) return null;
  const guarded = alarmsGuard(look, deployment.target.configName, strategy, settings);
  return unlessGo(guarded, rollout, nowMs, (why) => record(deploymentFailed(c, why, null, 'voided')));
}

function rollbackBlocked(c: DeploymentContext, look: EndpointLook): Step | null {
  if (c.deployment.kind !== 'rollback') return null;
  const present = look.targetPresent;
  if (present === null || present.kind === 'unknown') return wake(RETRY_READ_MS);
  return present.value
    ? null
    : end(c, reason('target-missing', { config: c.deployment.target.configName }), look.endpoint);
}

/** null: AWS allows only the deletion of this endpoint, and nobody has asked for that. */
function nextCall(c: DeploymentContext, look: EndpointLook, strategy: Strategy | undefined): EndpointCall | null {
  const { settings, environment, deployment, e, state } = c;
  const endpointName = settings.endpointNames[environment];
  const { configName, rolloutId } = deployment.target;
  const seen = look.endpoint;
  if (seen === null) {
    const rollout = rolloutId ?? 'adopted';
    return {
      kind: 'create',
      endpointName,
      configName,
      tags: { ...settings.tags[environment], 'titanic:rollout': rollout },
    };
  }
  if (isDeletion(deployment)) return { kind: 'delete', endpointName };
  if (seen.status === 'Failed') {
    const asked = state.environments[environment].rollback?.recreate === true && deployment.kind === 'rollback';
    const mayDelete = environment === 'staging' || asked || e.stack.length === 0;
    return mayDelete ? { kind: 'delete', endpointName } : null;
  }
  const guard = strategy === undefined ? {} : { strategy };
  return { kind: 'update', endpointName, configName, retainVariantProperties: scaledOutside(look), ...guard };
}

/** Somebody (or autoscaling) changed the count after the config was made; an update must not undo that. */
function scaledOutside(look: EndpointLook): boolean {
  const chain = look.chain?.kind === 'known' ? look.chain.value : null;
  const [variant] = look.endpoint?.variants ?? [];
  if (chain === null || chain.initialInstanceCount === null || variant === undefined) return false;
  return variant.desiredCount !== null && variant.desiredCount !== chain.initialInstanceCount;
}

/** A call was accepted or landed: follow it to its end. */
function followCall(c: DeploymentContext, look: EndpointLook): Step {
  const { deployment } = c;
  const followed = deployment.followed;
  if (followed === null) return NOTHING;
  const seen = look.endpoint;
  const { call, baseline } = followed;
  if (call.kind === 'delete') {
    if (seen === null) return decideNextCall(c, look);
    return seen.status === 'Deleting' ? wake(endpointPollMs(c.settings)) : noTraceYet(c, seen);
  }
  if (seen === null) return noTraceYet(c, null);
  if (MOVING.has(seen.status)) return stillMoving(c, seen, look);
  if (seen.status === 'Failed') return end(c, reasonForFailure(seen.failureReason ?? 'no reason given'), seen);
  if (seen.status === 'UpdateRollbackFailed') {
    return end(c, reason('update-rollback-failed', { words: seen.failureReason ?? 'no reason given' }), seen);
  }
  if (seen.pendingConfigName !== null) return stillMoving(c, seen, look);
  if (seen.configName === call.configName) {
    return seen.status === 'InService'
      ? arrived(c, look, reason('deployed', arrivedParams(c)))
      : stillMoving(c, seen, look);
  }
  if (baseline.present && seen.lastModified === baseline.lastModified) return noTraceYet(c, seen);
  if (baseline.present && seen.configName === baseline.configName) {
    return end(c, undoneBecause(deployment, look, seen.failureReason ?? 'no reason given'), seen);
  }
  return end(c, reason('changed-outside', { config: seen.configName }), seen);
}

/** SageMaker went back to the old config: because it was told to, because of an alarm, or for a reason of its own. */
function undoneBecause(deployment: Deployment, look: EndpointLook, words: string): Reason {
  if (deployment.abort !== null && deployment.trip !== undefined) return reason('update-undone');
  const alarms = guardOfCall(deployment) === undefined ? [] : alarmsThatWentOff(deployment, look);
  if (alarms.length === 0) return reason('rolled-back-silently', { words });
  return reason('rolled-back-by-alarm', { alarms: alarms.join(', '), words });
}

/** No change after an accepted call is a stale describe for a while; then it is said that there is no trace of it. */
function noTraceYet(c: DeploymentContext, seen: EndpointSeen | null): Step {
  const since = c.deployment.followed?.outcomeSeq ?? 0;
  const ageMs = c.observation.agesMs[since] ?? 0;
  return ageMs < c.settings.times.noTraceMs ? wake(endpointPollMs(c.settings)) : end(c, reason('no-trace'), seen);
}

function stillMoving(c: DeploymentContext, seen: EndpointSeen, look: EndpointLook): Step {
  const { deployment, environment, nowMs } = c;
  const events: Event[] = [];
  const late = nowMs > Date.parse(deployment.deadlineAt);
  if (deployment.kind === 'rollout' && late && !deployment.overdue) {
    events.push({
      type: 'DeploymentOverdue',
      environment,
      deployment: deployment.id,
      minutes: deadlineMinutes(deployment),
    });
  }
  const words = seen.words ?? seen.status;
  if (words !== deployment.words) events.push({ type: 'ProgressSeen', environment, deployment: deployment.id, words });
  events.push(...guardSeen(environment, deployment, seen, look));
  events.push(...fleetsCompared(environment, deployment, look, c.settings, nowMs));
  const trip = tripStep(environment, deployment, look, c.observation, c.settings, c.state.seq + 1);
  const wakeInMs = Math.min(endpointPollMs(c.settings), trip?.wakeInMs ?? Number.POSITIVE_INFINITY);
  return { events: [...events, ...(trip?.events ?? [])], effects: trip?.effects ?? [], wakeInMs };
}

/** Our config is live, InService and nothing is pending. It counts only if the chain leads to what was sealed. */
function arrived(c: DeploymentContext, look: EndpointLook, why: Reason): Step {
  const { deployment, nowMs } = c;
  const seen = look.endpoint;
  if (seen === null) return NOTHING;
  if (deployment.abort !== null) return end(c, reason('aborted', { why: 'asked for' }), seen);
  const back = overtakenByItsEnd(c.state, c.environment, c.settings);
  if (back !== null) return back;
  const late = deployment.overdue || nowMs > Date.parse(deployment.deadlineAt);
  if (deployment.kind === 'rollout' && late && !without(c.settings.mutations, 'overdue-becomes-a-success')) {
    return end(c, reason('overdue', { minutes: deadlineMinutes(deployment) }), seen);
  }
  const { chain } = look;
  if (chain === null) return wake(0);
  if (chain.kind === 'unknown') return wake(RETRY_READ_MS);
  const { target } = deployment;
  const field =
    chain.value === null
      ? 'EndpointConfig'
      : chain.value.packageArn !== target.packageArn
        ? 'ModelPackageArn'
        : chain.value.modelName !== target.modelName
          ? 'ModelName'
          : imageDifference(target.imageDigest, seen.images);
  if (field === 'not resolved yet') return wake(endpointPollMs(c.settings));
  if (field !== null) return end(c, reason('wrong-chain', { field }), seen);
  const then = smokeAfterReturn(c, seen);
  return record([...deploymentSucceeded(c, seen.arn, seen.images, why), ...then.events], then.effects);
}

function imageDifference(digest: string | null, images: readonly string[]): string | null {
  if (digest === null) return null;
  if (images.length === 0) return 'not resolved yet';
  return images.some((image) => image.endsWith(digest)) ? null : 'image digest';
}

function alreadyThere(c: DeploymentContext, seen: EndpointSeen | null): boolean {
  if (seen === null || seen.pendingConfigName !== null || seen.status !== 'InService') return false;
  return seen.configName === c.deployment.target.configName;
}

function end(c: DeploymentContext, why: Reason, seen: EndpointSeen | null): Step {
  return record(deploymentFailed(c, why, baselineOf(seen), 'failed'));
}

/** An approval does not outlive its expiry, whatever the deployment waits for. */
function expiredOr(c: DeploymentContext, otherwise: () => Step): Step {
  const { rollout, nowMs } = c;
  if (rollout === undefined || !('gate' in rollout) || c.deployment.followed !== null) return otherwise();
  if (nowMs < Date.parse(rollout.gate.expiresAt)) return otherwise();
  return record(deploymentFailed(c, reason('approval-expired', { at: rollout.gate.expiresAt }), null, 'expired'));
}

function arrivedParams(c: DeploymentContext): Readonly<Record<string, string | number>> {
  const { version, configName } = c.deployment.target;
  return { environment: c.environment, version: version ?? configName };
}

export function deadlineMinutes(deployment: Deployment): number {
  return Math.round((Date.parse(deployment.deadlineAt) - Date.parse(deployment.startedAt)) / 60_000);
}
