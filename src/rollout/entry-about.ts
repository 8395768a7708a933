import type { Entry } from './events.ts';

/** Whether an entry tells of the rollout, rollback, clean-up or model approval with this id. */
export function isAbout(entry: Pick<Entry, 'rolloutId' | 'events'>, id: string): boolean {
  return idsIn(entry).includes(id);
}

/** Every rollout, rollback, clean-up and model approval that an entry names. */
export function idsIn({ rolloutId, events }: Pick<Entry, 'rolloutId' | 'events'>): readonly string[] {
  const named = events.flatMap((event): readonly (string | null)[] => {
    if ('rolloutId' in event) return [event.rolloutId];
    if ('rollbackId' in event) return [event.rollbackId];
    if ('cleanupId' in event) return [event.cleanupId];
    if ('approvalId' in event) return [event.approvalId];
    return event.type === 'DeploymentStarted' && event.kind !== 'stop' ? [event.owner] : [];
  });
  return [...new Set([rolloutId, ...named])].filter((id) => id !== null);
}
