import type { LogStore } from '../ports/log-store.ts';
import { type Break, openEntry } from '../rollout/entry.ts';
import type { BrokenPlace } from '../rollout/events.ts';
import { evolve } from '../rollout/evolve.ts';
import { readPast, statePast } from '../rollout/past-break.ts';
import { initialState, type ServiceState } from '../rollout/state.ts';

/** A service's whole log, checked from its first entry on without any cache. */
export interface WholeRecord {
  /** What it says, up to where it is not whole. */
  readonly state: ServiceState;
  /** null: it is whole. */
  readonly broken: Break | null;
  /** Breaks that an approver answered for. */
  readonly answered: readonly BrokenPlace[];
}

const PAGE = 1_000;
/** 10 million entries. */
const MOST_PAGES = 10_000;

/** Keeps one page at a time, so that a long log needs no more memory than a short one. Throws if it cannot be read. */
export async function readWholeRecord(store: Pick<LogStore, 'after'>, service: string): Promise<WholeRecord> {
  let state = initialState(service);
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const items = await store.after(service, state.seq, state.seq + PAGE);
    // What is missing at the end of a page must not look like the end of the log.
    const rest = items.length > 0 ? items : await store.after(service, state.seq);
    if (rest.length === 0) return { state, broken: null, answered: [] };
    for (const item of rest) {
      const entry = openEntry(item, state);
      if ('kind' in entry) return pastBreak(store, service, state, entry);
      state = evolve(state, entry);
    }
  }
  throw new Error(`the log of ${service} has more than ${PAGE * MOST_PAGES} entries`);
}

async function pastBreak(
  store: Pick<LogStore, 'after'>,
  service: string,
  state: ServiceState,
  broken: Break,
): Promise<WholeRecord> {
  const past = readPast(state, await store.after(service, state.seq), openEntry);
  if (broken.kind === 'newer' || !past.acknowledged) return { state, broken, answered: [] };
  return { state: statePast(state, past), broken: null, answered: past.breaks };
}
