import type { PostedCard } from '../ports/log-store.ts';
import type { AnnouncerDeps } from './engine-deps.ts';
import type { Entry } from './events.ts';
import type { ServiceState } from './state.ts';

/** What the announcer works on while it holds the cursor; `cards` is changed as messages are made. */
export interface Posting {
  readonly deps: AnnouncerDeps;
  readonly state: ServiceState;
  readonly cards: Record<string, PostedCard>;
}

/** Ids of the cards that an entry is about: its own, and those of what it ends or starts on the way. */
export function affectedCards(entry: Entry): readonly string[] {
  const ids = new Set<string>();
  for (const event of entry.events) {
    if (event.type === 'CommandRefused') continue; // Told to the one who asked, and nobody else.
    if ('rolloutId' in event && event.rolloutId !== null) ids.add(event.rolloutId);
    if ('rollbackId' in event) ids.add(event.rollbackId);
    if ('cleanupId' in event) ids.add(event.cleanupId);
    if ('approvalId' in event) ids.add(event.approvalId);
    if (event.type === 'DeploymentStarted' && event.kind !== 'stop') ids.add(event.owner);
  }
  const onlyRefused = entry.events.every((e) => e.type === 'CommandRefused' || e.type === 'RefusalsCounted');
  if (entry.rolloutId !== null && !onlyRefused) ids.add(entry.rolloutId);
  return [...ids];
}

/** Cards whose content may change without an entry of their own: everything that is not over, and the last rollback. */
export function cardsOfState(state: ServiceState): readonly string[] {
  const ids = state.rollouts.map((r) => r.id);
  for (const e of [state.environments.staging, state.environments.prod]) {
    if (e.rollback !== null) ids.push(e.rollback.id);
    if (e.returned !== null) ids.push(e.returned.rollbackId);
  }
  if (state.cleanup !== null) ids.push(state.cleanup.id);
  for (const { id } of state.approvals) ids.push(id);
  if (state.rejectedInProd !== null) ids.push(state.rejectedInProd.id);
  return ids;
}
