import { commit, ownerIn, type ServiceWork, settle } from './commit.ts';
import { decide } from './decide.ts';
import { compareEveryMs, fleetsKey } from './decide-analysis.ts';
import type { Entry } from './events.ts';
import { askedAgainMs, IDLE_KEY } from './idle-stop.ts';
import type { Decision, Effect } from './input.ts';
import type { Loaded } from './log.ts';
import { without } from './mutations.ts';
import { agesNeeded, needsOf } from './needs.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { type Permission, perform } from './perform.ts';
import type { ServiceState } from './state.ts';
import { LOOK_EVERY_MS } from './step-model.ts';

/** A pass that changes the world ends and the next one starts at once, this often in a row at most. */
const ROUNDS_MOST = 25;
/** How soon who approves is read again where that did not lead on. */
const PEOPLE_AGAIN_MS = 30_000;
/** After an append that was not won for want of an answer. */
const RETRY_APPEND_MS = 1_000;

/** Effects in flight of one service in this replica, so that none is started twice here and a stop can wait for them. */
export interface Effects {
  start(effect: Effect, permission: Permission): void;
  settled(): Promise<void>;
}

export function createEffects(work: ServiceWork): Effects {
  const running = new Map<string, Promise<void>>();
  return {
    start(effect, permission) {
      const key = effectKey(effect);
      if (running.has(key)) return;
      const task = perform(work, effect, permission)
        .catch((error: unknown) => {
          work.deps.log.error(
            {
              service: work.runtime.settings.service,
              rollout: subjectOf(work, effect),
              effect: effect.kind,
              error: String(error),
            },
            'an effect failed',
          );
        })
        .finally(() => running.delete(key));
      running.set(key, task);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}

/** Which rollout, rollback, clean-up or model approval an effect is of. */
function subjectOf(work: ServiceWork, effect: Effect): string | null {
  switch (effect.kind) {
    case 'prepare':
      return effect.rolloutId;
    case 'send':
    case 'trip':
    case 'smoke':
      return ownerIn(work.log.state(), effect.environment);
    case 'register':
      return effect.approvalId;
    case 'delete':
      return work.log.state().cleanup?.id ?? null;
    default:
      return effect satisfies never;
  }
}

function effectKey(effect: Effect): string {
  switch (effect.kind) {
    case 'prepare':
      return `prepare ${effect.environment} ${effect.deployment}`;
    case 'send':
      return `send ${effect.intent}`;
    case 'trip':
      return `trip ${effect.intent}`;
    case 'smoke':
      return `smoke ${effect.claim}`;
    case 'register':
      return `register ${effect.intent}`;
    case 'delete':
      return `delete ${effect.round}`;
    default: {
      const never: never = effect;
      throw new Error(`Unknown effect ${JSON.stringify(never)}`);
    }
  }
}

export interface PassResult {
  /** Milliseconds until this service is to be looked at again; null: nothing but new entries. */
  readonly wakeInMs: number | null;
  /** The state's seq that the last decision was made on. */
  readonly seq: number;
  /** Why what was decided could not be written; null: it was, or there was nothing to write. */
  readonly unwritten: string | null;
}

/** load → observe → decide → commit → perform, until there is nothing more to do right now. Throws if the log cannot be read. */
export async function pass(work: ServiceWork, effects: Effects, first?: Loaded): Promise<PassResult> {
  const { deps, runtime, log } = work;
  const { settings } = runtime;
  let loaded = first;
  let seq = 0;
  for (let round = 0; round < ROUNDS_MOST && !work.stopping(); round += 1) {
    const early = without(settings.mutations, 'observed-before-the-load') ? await look(work, log.state()) : null;
    const { state, broken } = (early === null ? loaded : undefined) ?? (await log.load());
    loaded = undefined;
    seq = state.seq;
    if (broken !== null) return { wakeInMs: null, seq, unwritten: null };
    for (const entry of log.takeSurfaced()) withdrawSurfaced(work, entry);

    const { begunAtMs, observation } = early ?? (await look(work, state));
    const { decision, nowMs } = await decideOn(work, state, observation);
    if (decision.events.length === 0) {
      for (const effect of decision.effects)
        effects.start(effect, { intents: [], startedAtMs: deps.clock.elapsedMs() });
      return { wakeInMs: decision.wakeInMs, seq, unwritten: null };
    }
    const startedAtMs = deps.clock.elapsedMs();
    const what = {
      events: decision.events,
      actor: { kind: 'titanic' },
      reason: decision.reason,
      commandKey: null,
      nowMs,
    } as const;
    const fresh = () =>
      deps.clock.elapsedMs() - begunAtMs <= settings.times.freshMs ||
      without(settings.mutations, 'old-observation-appended');
    const appended = await commit(work, state, what, fresh);
    if (appended.kind === 'not-won' || appended.kind === 'too-large') {
      const why = appended.kind === 'not-won' ? appended.why : `the entry has ${appended.bytes} bytes`;
      deps.log.warn({ service: settings.service, why, events: eventTypes(decision) }, 'an entry could not be written');
      return { wakeInMs: RETRY_APPEND_MS, seq, unwritten: why };
    }
    if (appended.kind !== 'won') continue;
    for (const effect of decision.effects) effects.start(effect, { intents: appended.intents, startedAtMs });
  }
  return { wakeInMs: 0, seq, unwritten: null };
}

function eventTypes({ events }: Decision): readonly string[] {
  return events.map((event) => event.type);
}

/**
 * Decides, and asks who approves only where nothing else stands in the way any more: Slack lets groups be read 20
 * times a minute, by all replicas and for all presses together.
 */
async function decideOn(
  work: ServiceWork,
  state: ServiceState,
  observation: Observation,
): Promise<{ readonly decision: Decision; readonly nowMs: number }> {
  const { deps, runtime, people } = work;
  const onWhat = (seen: Observation) => {
    const nowMs = deps.clock.nowMs();
    return { decision: decide(state, { kind: 'observed', observation: seen }, runtime.settings, nowMs), nowMs };
  };
  const unasked = onWhat(observation);
  if (unasked.decision.asksPeople !== true || deps.clock.elapsedMs() < people.notBeforeMs) return unasked;
  const decided = onWhat({ ...observation, ...(await whoApproves(work)) });
  const further = decided.decision.events.some((e) => e.type !== 'WaitNoted');
  // Not enough of them, or not readable: the same again in a moment would say the same.
  if (!further) people.notBeforeMs = deps.clock.elapsedMs() + PEOPLE_AGAIN_MS;
  return decided;
}

/** Who may approve now, and of whom one must have. */
async function whoApproves({ deps, runtime }: ServiceWork): Promise<Pick<Observation, 'approvers' | 'mandatory'>> {
  const [approvers, mandatory] = await Promise.all([
    deps.directory.approvers(),
    runtime.settings.mandatoryGroup === true ? deps.directory.mandatory() : null,
  ]);
  return mandatory === null ? { approvers } : { approvers, mandatory };
}

/** What the state needs to know, and when the looking began. */
async function look(work: ServiceWork, state: ServiceState): Promise<{ begunAtMs: number; observation: Observation }> {
  const { deps, runtime } = work;
  const begunAtMs = deps.clock.elapsedMs();
  const needs = needsOf(state, deps.clock.nowMs(), askedJustNow(work, state), runtime.settings);
  const observation = await observe(deps, runtime, state, needs, ages(work, state, deps.clock.waitedMs()));
  for (const [id, looked] of Object.entries(observation.models ?? {})) {
    // What is decided outside leads on at once, or is tried again.
    const leadsOn = looked.kind === 'known' && looked.value?.approval !== 'PendingManualApproval';
    if (!leadsOn) work.asked.set(id, begunAtMs);
  }
  const { deployment } = state.environments.prod;
  if (needs.endpoints.prod?.fleets !== undefined && deployment !== null)
    work.asked.set(fleetsKey(deployment.id), begunAtMs);
  if (needs.endpoints.staging?.requests !== undefined) work.asked.set(IDLE_KEY, begunAtMs);
  return { begunAtMs, observation };
}

/**
 * What is asked of AWS now and then, not in every pass: models that wait for people, the fleets of a change, and
 * whether anybody uses staging.
 */
function askedJustNow(
  { asked, deps, runtime }: ServiceWork,
  { approvals, environments }: ServiceState,
): ReadonlySet<string> {
  const { deployment } = environments.prod;
  const fleets = deployment === null ? [] : [fleetsKey(deployment.id)];
  const open = new Set([...approvals.map((a) => a.id), ...fleets, IDLE_KEY]);
  for (const key of asked.keys()) if (!open.has(key)) asked.delete(key);
  const within = (key: string, ms: number) => {
    const askedAtMs = asked.get(key);
    return askedAtMs !== undefined && deps.clock.elapsedMs() - askedAtMs < ms;
  };
  const waiting = approvals.filter((a) => a.verdict === null && deps.clock.nowMs() < Date.parse(a.expiresAt));
  return new Set([
    ...waiting.map((a) => a.id).filter((id) => within(id, LOOK_EVERY_MS)),
    ...fleets.filter((key) => within(key, compareEveryMs(runtime.settings))),
    ...[IDLE_KEY].filter((key) => within(key, askedAgainMs(runtime.settings))),
  ]);
}

/** A wall clock that jumps must not make an intent look older than it is. */
function ages(work: ServiceWork, state: ServiceState, begunAtMs: number): Record<number, number> {
  return Object.fromEntries(agesNeeded(state).map((seq) => [seq, Math.max(0, begunAtMs - work.log.firstSeenMs(seq))]));
}

/** An append that was thought lost and appeared after all: nobody acts on it, so it is taken back. */
function withdrawSurfaced(work: ServiceWork, entry: Entry): void {
  for (const event of entry.events) {
    if (event.type === 'CallIntended') {
      const outcome = { kind: 'withdrawn', why: 'its append had no clear answer' } as const;
      void settle(work, { kind: 'call-decided', environment: event.environment, intent: entry.seq, outcome });
    }
    if (event.type === 'RegistryCallIntended') {
      const outcome = { kind: 'withdrawn', why: 'its append had no clear answer' } as const;
      const { approvalId } = event;
      void settle(work, { kind: 'registry-decided', approvalId, intent: entry.seq, outcome });
    }
    if (event.type === 'CleanupRoundIntended') {
      void settle(work, { kind: 'cleanup-round', cleanupId: event.cleanupId, round: entry.seq, results: [] });
    }
    if (event.type === 'SmokeStarted') {
      const { environment } = event;
      void settle(work, {
        kind: 'smoke-finished',
        environment,
        claim: entry.seq,
        before: null,
        after: null,
        result: null,
      });
    }
  }
}
