import { decide } from './decide.ts';
import type { EngineDeps, ServiceRuntime } from './engine-deps.ts';
import type { Draft } from './entry.ts';
import { idsIn } from './entry-about.ts';
import { entryWords, requestIdsIn } from './entry-words.ts';
import type { Actor, Entry, Event } from './events.ts';
import type { Decision, Input } from './input.ts';
import type { Appended, ServiceLog } from './log.ts';
import { stageChanges } from './model-stages.ts';
import { without } from './mutations.ts';
import type { Reason } from './reasons.ts';
import type { ServiceState } from './state.ts';

/** One service as the engine works on it. `writer` is a random id of this process start. */
export interface ServiceWork {
  readonly deps: EngineDeps;
  readonly runtime: ServiceRuntime;
  readonly log: ServiceLog;
  /** When a pass may read who approves again, in elapsed milliseconds. */
  readonly people: { notBeforeMs: number };
  /**
   * When this replica last looked at what is asked now and then only: an undecided question about a model, by its id,
   * or the fleets of a change. Elapsed milliseconds.
   */
  readonly asked: Map<string, number>;
  readonly writer: string;
  /** Wakes the service's loop. */
  readonly nudge: () => void;
  readonly stopping: () => boolean;
}

interface Recorded {
  readonly events: readonly Event[];
  readonly actor: Actor;
  readonly reason: Reason | null;
  readonly commandKey: string | null;
  readonly nowMs: number;
}

/** Appends what was decided on `onto`. Intent is recorded before any effect. */
export async function commit(
  work: ServiceWork,
  onto: ServiceState,
  what: Recorded,
  stillFresh: () => boolean,
): Promise<Appended> {
  const draft: Draft = {
    at: new Date(what.nowMs).toISOString(),
    rolloutId: rolloutOf(onto, what.events),
    actor: what.actor,
    reason: what.reason,
    commandKey: what.commandKey,
    events: without(work.runtime.settings.mutations, 'approvals-survive-a-rollback')
      ? what.events.filter((e) => e.type !== 'ApprovalsVoided')
      : what.events,
    writer: work.writer,
    nonce: work.deps.ids.random(),
  };
  const appended = await work.log.append(draft, onto, stillFresh);
  if (appended.kind === 'won') {
    tellLog(work, appended.entry);
    tellStages(work, onto, appended.entry);
  }
  return appended;
}

/** A line for each entry that this process wrote: who did what for which rollout, and how it went. */
function tellLog({ deps, runtime }: ServiceWork, entry: Entry): void {
  const { rolloutId, seq, actor, events } = entry;
  const rollout = rolloutId === null ? {} : { rollout: rolloutId };
  // One entry may end one thing and begin another; each is to be found by its own id.
  const others = idsIn(entry).filter((id) => id !== rolloutId);
  const also = others.length === 0 ? {} : { also: others };
  const requestIds = requestIdsIn(events);
  const aws = requestIds.length === 0 ? {} : { requestIds };
  const by = actor.kind === 'titanic' ? 'titanic' : actor.id;
  const types = events.map(({ type }) => type);
  const facts = { service: runtime.settings.service, ...rollout, ...also, entry: seq, by, events: types, ...aws };
  deps.log.info(facts, entryWords(entry));
}

/** Best effort: the registry's life cycle is for those who look there, and nothing waits for it. */
function tellStages({ deps, runtime }: ServiceWork, before: ServiceState, entry: Entry): void {
  const { service, modelPackageGroup: group } = runtime.settings;
  const ofGroup = `:model-package/${group.slice(group.lastIndexOf('/') + 1)}/`;
  for (const { packageArn, stage, words } of stageChanges(before, entry)) {
    // An adopted endpoint may run what another service rolls out, and says so itself.
    if (!packageArn.includes(ofGroup)) continue;
    void deps.decisions.setStage(packageArn, stage, words).then((why) => {
      if (why === null) return;
      const facts = { service, rollout: entry.rolloutId, packageArn, stage, why: why.params?.words };
      deps.log.warn(facts, 'the life cycle was not written');
    });
  }
}

/** Which rollout or rollback an entry is about, so that its history can be told apart without an index. */
function rolloutOf(state: ServiceState, events: readonly Event[]): string | null {
  // What starts something names it better than what it ends on the way.
  for (const e of events) {
    if (e.type === 'RolloutStarted') return e.rolloutId;
    if (e.type === 'RollbackStarted') return e.rollbackId;
    if ('cleanupId' in e) return e.cleanupId;
    if (e.type === 'ModelApprovalAsked') return e.approvalId;
  }
  for (const e of events) {
    if ('rolloutId' in e && e.rolloutId !== null) return e.rolloutId;
    if (e.type === 'RollbackEnded') return e.rollbackId;
    if ('approvalId' in e) return e.approvalId;
    if (e.type === 'DeploymentStarted' && e.kind !== 'stop') return e.owner;
    if ('environment' in e) {
      const owner = ownerIn(state, e.environment);
      if (owner !== null) return owner;
    }
  }
  return null;
}

/** What changes or measures an environment now; null: nothing, or a stop, which has no card and is told in the channel. */
export function ownerIn(state: ServiceState, environment: 'staging' | 'prod'): string | null {
  const { deployment, smoke, rollback } = state.environments[environment];
  const owner = deployment?.kind === 'stop' ? undefined : deployment?.owner;
  return owner ?? smoke?.rolloutId ?? rollback?.id ?? null;
}

/** How often an outcome is tried to be recorded, and how long apart at most. */
const SETTLE_TRIES = 30;
const SETTLE_PAUSE_MOST_MS = 10_000;

/**
 * Records the outcome of something that this replica did itself: load, decide, append, again until it stands or no
 * longer matters. If it cannot be recorded, others find out by looking.
 */
export async function settle(
  work: ServiceWork,
  input: Exclude<Input, { kind: 'command' | 'observed' }>,
): Promise<void> {
  const { deps, log, runtime } = work;
  for (let attempt = 0; attempt < SETTLE_TRIES; attempt += 1) {
    try {
      const { state, broken } = await log.load();
      if (broken !== null) return;
      const nowMs = deps.clock.nowMs();
      const decision: Decision = decide(state, input, runtime.settings, nowMs);
      if (decision.events.length === 0) return;
      const { events } = decision;
      const what = { events, actor: { kind: 'titanic' }, reason: null, commandKey: null, nowMs } as const;
      const appended = await commit(work, state, what, () => true);
      if (appended.kind === 'won') {
        work.nudge();
        return;
      }
      if (appended.kind === 'lost') continue;
    } catch (error) {
      deps.log.warn(
        { service: runtime.settings.service, error: String(error) },
        'an outcome could not be recorded yet',
      );
    }
    await deps.clock.sleep(Math.min(SETTLE_PAUSE_MOST_MS, 500 * 2 ** attempt));
  }
  deps.log.error({ service: runtime.settings.service, input: input.kind }, 'an outcome could not be recorded');
}
