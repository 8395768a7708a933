import type { Clock } from '../ports/clock.ts';
import type { LogStore } from '../ports/log-store.ts';
import type { Break, Draft } from './entry.ts';
import type { Entry } from './events.ts';
import { evolve } from './evolve.ts';
import { LOG_FORM, type LogForm } from './log-form.ts';
import { type Mutations, without } from './mutations.ts';
import { agesNeeded, atRest } from './needs.ts';
import { type Past, readPast, statePast } from './past-break.ts';
import { freshState } from './snapshot.ts';
import { initialState, type ServiceState, STATE_SHAPE } from './state.ts';
import { mintWonApproval, mintWonDeletion, mintWonIntent, mintWonTrip, type Won } from './won-intent.ts';

/** What a load brought. */
export interface Loaded {
  readonly state: ServiceState;
  /** Entries that this replica had not seen before. */
  readonly fresh: readonly Entry[];
  readonly broken: Break | null;
}

export type Appended =
  | { readonly kind: 'won'; readonly entry: Entry; readonly intents: readonly Won[] }
  /** Another entry has the place: load and decide again. */
  | { readonly kind: 'lost' }
  /** Not there. `mayAppear`: nobody can say whether it still will. */
  | { readonly kind: 'not-won'; readonly why: string; readonly mayAppear: boolean }
  /** It would be refused each time. */
  | { readonly kind: 'too-large'; readonly bytes: number; readonly most: number }
  | { readonly kind: 'stale' };

export interface ServiceLog {
  /** The last state that was loaded. */
  readonly state: () => ServiceState;
  /** Strongly consistent; throws when the store cannot be read. */
  load(): Promise<Loaded>;
  /** Reads everything anew, past every break: what an approver answers for. Changes nothing that is known here. */
  examine(): Promise<{ readonly state: ServiceState; readonly past: Past }>;
  /** Appends the next entry after `onto`. `stillFresh` is asked in the last line before the write. */
  append(draft: Draft, onto: ServiceState, stillFresh: () => boolean): Promise<Appended>;
  /** Entries of ours whose append was unclear and then not found, and which appeared after all: nothing was sent. */
  takeSurfaced(): readonly Entry[];
  /** When this replica first saw an entry: waited milliseconds, after the reply of the load that showed it. */
  firstSeenMs(seq: number): number;
}

/** How often and how long after an unclear append the log is read back. */
const READ_BACK_TRIES = 4;
const READ_BACK_PAUSE_MS = 500;
/** A snapshot is saved after this many entries; at rest, where it helps the next start most, after fewer. */
const SNAPSHOT_EVERY = 50;
const SNAPSHOT_AT_REST_EVERY = 10;

const BEGINNING = { seq: 0, hash: '' };

/** Whether an approver answers in it for something that was read before. */
function answersFor(entry: Entry, before: number): boolean {
  return entry.events.some((e) => e.type === 'BreakAcknowledged' && e.breaks.some((place) => place.seq <= before));
}

/** One service's log as this replica knows it. */
export function createServiceLog(
  service: string,
  store: LogStore,
  clock: Clock,
  form: LogForm = LOG_FORM,
  mutations?: Mutations,
): ServiceLog {
  let state = initialState(service);
  let started = false;
  let startedAtMs = 0;
  let snapshotSeq = 0;
  let broken: Break | null = null;
  const firstSeen = new Map<number, number>();
  /** Hashes of entries that were not found after an unclear append. */
  const unsent = new Set<string>();
  let surfaced: Entry[] = [];

  function fold(entry: Entry, seenAtMs: number): void {
    state = evolve(state, entry);
    firstSeen.set(entry.seq, seenAtMs);
  }

  async function start(): Promise<void> {
    const from = await freshState(service, store, form.stateOf);
    if (from !== null && !started) {
      state = from;
      snapshotSeq = from.seq;
    }
    if (!started) startedAtMs = clock.waitedMs();
    started = true;
  }

  async function load(): Promise<Loaded> {
    if (!started) await start();
    const begunAtMs = clock.waitedMs();
    const items = await store.after(service, state.seq);
    const seenAtMs = without(mutations, 'count-begun-before-the-load') ? begunAtMs : clock.waitedMs();
    const startedAt = state.seq;
    const fresh: Entry[] = [];
    const take = (entry: Entry) => {
      fold(entry, seenAtMs);
      fresh.push(entry);
      if (unsent.delete(entry.hash)) surfaced.push(entry);
    };
    for (const [index, item] of items.entries()) {
      if (item.seq <= state.seq) continue; // Another load of this replica was faster.
      const entry = form.open(item, state);
      if (!('kind' in entry)) {
        broken = null;
        // What was folded before rests on entries that somebody changed since; all replicas have to say the same.
        if (answersFor(entry, startedAt)) return rebuilt(seenAtMs);
        take(entry);
        continue;
      }
      const found = readPast(state, items.slice(index), form.open);
      const answered = entry.kind === 'broken' && found.acknowledged;
      broken = answered ? null : entry;
      if (answered) {
        for (const readable of found.entries) take(readable);
        state = { ...state, seq: found.last.seq, hash: found.last.hash };
      }
      break;
    }
    forgetOldSightings();
    return { state, fresh, broken };
  }

  /** The whole log from its first entry on, past every break, and nothing of it kept. */
  async function examine(): Promise<{ readonly state: ServiceState; readonly past: Past }> {
    const past = readPast(BEGINNING, await store.after(service, 0), form.open);
    return { state: statePast(initialState(service), past), past };
  }

  async function rebuilt(seenAtMs: number): Promise<Loaded> {
    const { state: whole, past } = await examine();
    const [first] = past.breaks;
    if (past.newer || !past.acknowledged) {
      broken = first === undefined ? { kind: 'newer', seq: state.seq + 1 } : { kind: 'broken', ...first };
      return { state, fresh: [], broken };
    }
    const fresh = past.entries.filter((entry) => entry.seq > state.seq);
    for (const { seq } of fresh) firstSeen.set(seq, seenAtMs);
    state = whole;
    return { state, fresh, broken };
  }

  function forgetOldSightings(): void {
    if (firstSeen.size < 64) return;
    const needed = new Set(agesNeeded(state));
    for (const seq of firstSeen.keys()) if (!needed.has(seq) && seq < state.seq) firstSeen.delete(seq);
  }

  async function append(draft: Draft, onto: ServiceState, stillFresh: () => boolean): Promise<Appended> {
    const item = form.seal(draft, onto.seq + 1, onto.hash);
    if (!stillFresh()) return { kind: 'stale' };
    const result = await store.append(service, item);
    if (result.kind === 'too-large') return result;
    if (result.kind === 'refused') return { kind: 'not-won', why: result.why, mayAppear: false };
    const stands = result.kind === 'stored' ? item.hash : await readBack(item.seq);
    if (stands === item.hash) return won(draft, item);
    if (stands !== null) return { kind: 'lost' };
    unsent.add(item.hash);
    return { kind: 'not-won', why: 'the table gave no clear answer', mayAppear: true };
  }

  /** The hash that stands at a place; null: nothing there, or it cannot be read. */
  async function readBack(seq: number): Promise<string | null> {
    for (let attempt = 0; attempt < READ_BACK_TRIES; attempt += 1) {
      try {
        return (await store.read(service, seq))?.hash ?? null;
      } catch {
        await clock.sleep(READ_BACK_PAUSE_MS * 2 ** attempt);
      }
    }
    return null;
  }

  async function won(draft: Draft, item: { seq: number; hash: string; prevHash: string }): Promise<Appended> {
    const entry: Entry = { ...draft, seq: item.seq, hash: item.hash, prevHash: item.prevHash };
    const seenAtMs = clock.waitedMs();
    const follows = state.seq + 1 === entry.seq && state.hash === entry.prevHash;
    // The next load reads it, and then all that it answers for.
    if (follows && !answersFor(entry, state.seq)) fold(entry, seenAtMs);
    await saveSnapshot();
    const intents = entry.events.flatMap((e): readonly Won[] => {
      if (e.type === 'CallIntended') return [mintWonIntent(service, entry.seq, e.call)];
      if (e.type === 'KillSwitchIntended') return [mintWonTrip(service, entry.seq, e)];
      if (e.type === 'RegistryCallIntended') return [mintWonApproval(service, entry.seq, e)];
      return e.type === 'CleanupRoundIntended' ? [mintWonDeletion(service, entry.seq, e.deletions)] : [];
    });
    return { kind: 'won', entry, intents };
  }

  async function saveSnapshot(): Promise<void> {
    const since = state.seq - snapshotSeq;
    if (since < (atRest(state) ? SNAPSHOT_AT_REST_EVERY : SNAPSHOT_EVERY)) return;
    snapshotSeq = state.seq;
    const snapshot = { seq: state.seq, hash: state.hash, shape: STATE_SHAPE, state: JSON.stringify(state) };
    // A cache: losing it costs a longer read at the next start.
    await store.saveSnapshot(service, snapshot).catch(() => undefined);
  }

  function takeSurfaced(): readonly Entry[] {
    const taken = surfaced;
    surfaced = [];
    return taken;
  }

  return {
    state: () => state,
    load,
    examine,
    append,
    takeSurfaced,
    firstSeenMs: (seq) => firstSeen.get(seq) ?? startedAtMs,
  };
}
