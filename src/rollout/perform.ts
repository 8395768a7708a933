import { abortAfter } from './abort-after.ts';
import type { Environment } from './candidate.ts';
import { ownerIn, type ServiceWork, settle } from './commit.ts';
import { measuredTheClaim } from './decide-smoke.ts';
import type { SmokeLook } from './events.ts';
import { holdsFor } from './gates.ts';
import type { Effect, PrepareResult } from './input.ts';
import { without } from './mutations.ts';
import type { EndpointSeen } from './observation.ts';
import { deleteRound } from './perform-cleanup.ts';
import { register } from './perform-register.ts';
import { trip } from './perform-trip.ts';
import type { ServiceState, SmokeClaim } from './state.ts';
import type { Won, WonApproval, WonDeletion, WonIntent, WonTrip } from './won-intent.ts';

/** What a won append allows: its intents, and when its sender began to append. */
export interface Permission {
  readonly intents: readonly Won[];
  /** Elapsed milliseconds, noted *before* the append. */
  readonly startedAtMs: number;
}

/** Carries out one effect to its end and records the outcome. Never throws. */
export async function perform(work: ServiceWork, effect: Effect, permission: Permission): Promise<void> {
  switch (effect.kind) {
    case 'prepare':
      return prepare(work, effect);
    case 'send': {
      const intent = permission.intents.find((i): i is WonIntent => i.of === 'call' && i.seq === effect.intent);
      return intent === undefined ? undefined : send(work, effect.environment, intent, permission.startedAtMs);
    }
    case 'trip': {
      const isTrip = (i: Won): i is WonTrip => i.of === 'trip' && i.seq === effect.intent;
      const switched = permission.intents.find(isTrip);
      return switched === undefined ? undefined : trip(work, effect, switched, permission.startedAtMs);
    }
    case 'smoke':
      return smoke(work, effect.environment, effect.claim, permission.startedAtMs);
    case 'register': {
      const isApproval = (i: Won): i is WonApproval => i.of === 'approval' && i.seq === effect.intent;
      const approval = permission.intents.find(isApproval);
      return approval === undefined ? undefined : register(work, effect, approval, permission.startedAtMs);
    }
    case 'delete': {
      const isRound = (i: Won): i is WonDeletion => i.of === 'deletion' && i.seq === effect.round;
      const round = permission.intents.find(isRound);
      return round === undefined ? undefined : deleteRound(work, round, permission.startedAtMs);
    }
    default: {
      const never: never = effect;
      throw new Error(`Unknown effect ${JSON.stringify(never)}`);
    }
  }
}

async function prepare(work: ServiceWork, effect: Extract<Effect, { kind: 'prepare' }>): Promise<void> {
  const { deps, runtime } = work;
  const { environment, deployment, candidate, configName, modelName, rolloutId, guardedBy } = effect;
  const tags = { ...runtime.settings.tags[environment], 'titanic:rollout': rolloutId };
  const made = await deps.endpoints.prepare({ environment, candidate, configName, modelName, tags });
  const endpointName = runtime.settings.endpointNames[environment];
  const guarded = guardedBy === undefined ? null : { environment, endpointName, configName, plan: guardedBy, tags };
  const result = made.kind === 'prepared' && guarded !== null ? both(made, await deps.alarms.prepare(guarded)) : made;
  await settle(work, { kind: 'prepared', environment, deployment, result });
}

/** Prepared is only what is prepared in all its parts. */
function both(made: Extract<PrepareResult, { kind: 'prepared' }>, alarms: PrepareResult): PrepareResult {
  if (alarms.kind !== 'prepared') return alarms;
  return {
    kind: 'prepared',
    created: [...made.created, ...alarms.created],
    adopted: [...made.adopted, ...alarms.adopted],
  };
}

/**
 * One intent, one send. After the append the new tail is folded; the call is withdrawn if it is no longer wanted or
 * if too much time has passed. A time-out, a reset or a 5xx is no outcome, not even for its own sender.
 */
async function send(
  work: ServiceWork,
  environment: Environment,
  intent: WonIntent,
  startedAtMs: number,
): Promise<void> {
  const { deps, log, runtime } = work;
  const { mutations } = runtime.settings;
  const { freshMs, callTimeoutMs } = runtime.settings.times;
  const withdraw = (why: string) =>
    settle(work, { kind: 'call-decided', environment, intent: intent.seq, outcome: { kind: 'withdrawn', why } });
  try {
    const loaded = await log.load();
    if (loaded.broken !== null) return withdraw('the record is broken');
  } catch {
    return withdraw('the record could not be read again');
  }
  const unwanted = () =>
    without(mutations, 'unwanted-but-sent')
      ? null
      : noLongerWanted(log.state(), environment, intent.seq, deps.clock.nowMs());
  const why = unwanted();
  if (why !== null) return withdraw(why);
  if (work.stopping()) return withdraw('this replica is stopping');
  const abort = new AbortController();
  const done = new AbortController();
  // Asked again at the wire, with what has been read meanwhile.
  const stillFresh = () =>
    (deps.clock.elapsedMs() - startedAtMs <= freshMs || without(mutations, 'no-clock-check-before-sending')) &&
    unwanted() === null;
  if (!stillFresh()) return withdraw('too late to be sent');
  const reply = deps.endpoints.send(intent.call, intent, abort.signal, stillFresh);
  // Aborting destroys the socket: what the 120 s of an open intent rest on.
  void abortAfter(deps.clock, callTimeoutMs, abort, done.signal);
  const outcome = await reply;
  done.abort('answered');
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return settle(work, { kind: 'call-decided', environment, intent: intent.seq, outcome });
    case 'not-sent':
      return withdraw(unwanted() ?? outcome.why);
    case 'unclear':
      deps.log.warn(
        {
          service: runtime.settings.service,
          rollout: ownerIn(log.state(), environment),
          environment,
          intent: intent.seq,
          why: outcome.why,
        },
        'a call has no known outcome',
      );
      return;
    default: {
      const never: never = outcome;
      throw new Error(`Unknown reply ${JSON.stringify(never)}`);
    }
  }
}

/** Meanwhile aborted, superseded or held? Other new entries do not matter. */
export function noLongerWanted(
  state: ServiceState,
  environment: Environment,
  seq: number,
  nowMs: number,
): string | null {
  const { intent, deployment } = state.environments[environment];
  if (intent === null || intent.seq !== seq) return 'it was decided meanwhile';
  if (deployment === null || deployment.id !== intent.deployment) return 'its deployment ended meanwhile';
  if (deployment.abort !== null) return 'its deployment was stopped meanwhile';
  const deadlineAt = state.cleanup?.id === deployment.owner ? state.cleanup.confirmed?.deadlineAt : undefined;
  const ofCleanup = deadlineAt !== undefined;
  if (ofCleanup && nowMs >= Date.parse(deadlineAt)) return 'the time of its clean-up is over';
  const ofStop = deployment.kind === 'stop';
  if (ofStop && nowMs >= Date.parse(deployment.deadlineAt)) return 'its time is over';
  const rollout = state.rollouts.find((r) => r.id === deployment.owner);
  const held = holdsFor(state, environment, rollout, nowMs).length > 0;
  return (deployment.kind === 'rollout' || ofCleanup || ofStop) && held ? `${environment} was held meanwhile` : null;
}

/** How often a look before or after a smoke run is repeated while it does not show what the claim names. */
const LOOK_PAUSE_MS = 1_000;

/** A claim in the log: measured by whoever won it, within its limit, between two looks at what is measured. */
async function smoke(work: ServiceWork, environment: Environment, claim: number, startedAtMs: number): Promise<void> {
  const { deps, log, runtime } = work;
  const open = log.state().environments[environment].smoke;
  if (open === null || open.claim !== claim) return;
  const mayProbe = () =>
    !work.stopping() &&
    deps.clock.elapsedMs() - startedAtMs < open.longestMs &&
    log.state().environments[environment].smoke?.claim === claim;
  const before = await lookFor(work, environment, open, mayProbe);
  const result = showsClaim(before, open)
    ? await deps.smoke.run(runtime.settings.service, environment, open.purpose, mayProbe)
    : null;
  const after = result === null ? null : await lookFor(work, environment, open, () => true);
  // What was not as claimed is void; what gave up counts as abandoned. `decide` tells them apart by the looks.
  await settle(work, { kind: 'smoke-finished', environment, claim, before, after, result });
}

function showsClaim(look: SmokeLook | null, claim: SmokeClaim): boolean {
  return look !== null && look.configName === claim.configName && look.lastModified === claim.lastModified;
}

/**
 * Looks until the claim is seen, for as long as a describe may lag: right after a deployment one may still show what
 * was before, and that says nothing about the claim. Then whatever was seen last; null: nothing, or it is gone.
 */
async function lookFor(
  work: ServiceWork,
  environment: Environment,
  claim: SmokeClaim,
  may: () => boolean,
): Promise<SmokeLook | null> {
  const { deps, runtime } = work;
  const startedAtMs = deps.clock.elapsedMs();
  let last: SmokeLook | null = null;
  while (may()) {
    const seen = await deps.endpoints.describe(environment, runtime.settings.endpointNames[environment]);
    if (seen.kind === 'known') last = seen.value === null ? null : lookOf(seen.value);
    const fits = measuredTheClaim(claim, last);
    const lag = runtime.settings.times.describeLagMs;
    if (fits || deps.clock.elapsedMs() - startedAtMs >= lag + LOOK_PAUSE_MS) return last;
    await deps.clock.sleep(LOOK_PAUSE_MS);
  }
  return last;
}

function lookOf({ lastModified, configName, status, pendingConfigName }: EndpointSeen): SmokeLook {
  return { lastModified, configName, status, pendingConfigName };
}
