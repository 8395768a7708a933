import type { Entry, Event } from './events.ts';

/** Whether an entry tells of the rollout, rollback, clean-up or model approval with this id. */
export function isAbout(entry: Pick<Entry, 'rolloutId' | 'events'>, id: string): boolean {
  return entry.rolloutId === id || entry.events.some((event) => names(event, id));
}

function names(event: Event, id: string): boolean {
  if ('rolloutId' in event && event.rolloutId === id) return true;
  if ('rollbackId' in event && event.rollbackId === id) return true;
  if ('cleanupId' in event && event.cleanupId === id) return true;
  if ('approvalId' in event && event.approvalId === id) return true;
  return event.type === 'DeploymentStarted' && event.owner === id;
}
