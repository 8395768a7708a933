import type { Entry, Event } from '../rollout/events.ts';

/** How far entry after entry has brought what a file is about: a rollout, a rollback, a clean-up, a model approval. */
export interface Progress {
  readonly id: string;
  /** It was found in the entries at all. */
  readonly begun: boolean;
  readonly ended: boolean;
  /** Entries that started a deployment or a smoke run of it which is still open. */
  readonly open: readonly number[];
  /** An approver went past what stood in the way, and nobody has signed that off yet. */
  readonly unsigned: boolean;
}

export function beginOf(id: string): Progress {
  return { id, begun: false, ended: false, open: [], unsigned: false };
}

/** What one more entry changes. Pure; entries that are about something else change nothing. */
export function follow(progress: Progress, entry: Entry): Progress {
  let next = progress;
  for (const event of entry.events) next = followEvent(next, event, entry.seq);
  return next;
}

/** It ended, nothing that it started is still moving, and a broken glass is signed off: no later entry belongs to it. */
export function isOver(progress: Progress): boolean {
  return progress.begun && progress.ended && progress.open.length === 0 && !progress.unsigned;
}

function followEvent(p: Progress, event: Event, seq: number): Progress {
  switch (event.type) {
    case 'RolloutStarted':
      return event.rolloutId === p.id ? { ...p, begun: true } : p;
    case 'RollbackStarted':
      return event.rollbackId === p.id ? { ...p, begun: true } : p;
    case 'CleanupProposed':
      return event.cleanupId === p.id ? { ...p, begun: true } : p;
    case 'ModelApprovalAsked':
      return event.approvalId === p.id ? { ...p, begun: true } : p;
    // No round and no call to the registry goes on behind these: their outcomes are not recorded any more.
    case 'CleanupEnded':
      return event.cleanupId === p.id ? { ...p, ended: true } : p;
    case 'ModelApprovalEnded':
      return event.approvalId === p.id ? { ...p, ended: true } : p;
    case 'RolloutEnded':
      return event.rolloutId === p.id ? { ...p, ended: true } : p;
    case 'RollbackEnded':
      return event.rollbackId === p.id ? { ...p, ended: true } : p;
    case 'GlassBroken':
      return event.rolloutId === p.id ? { ...p, unsigned: true } : p;
    case 'GlassReviewed':
      return event.rolloutId === p.id ? { ...p, unsigned: false } : p;
    case 'DeploymentStarted':
      return event.owner === p.id ? { ...p, open: [...p.open, seq] } : p;
    case 'SmokeStarted':
      return event.rolloutId === p.id ? { ...p, open: [...p.open, seq] } : p;
    case 'DeploymentSucceeded':
    case 'DeploymentFailed':
      return { ...p, open: p.open.filter((started) => started !== event.deployment) };
    case 'SmokeFinished':
    case 'SmokeVoided':
      return { ...p, open: p.open.filter((started) => started !== event.claim) };
    default:
      return p;
  }
}

/** The seq in an id, which is that of the first entry about it; null: this is no such id. */
export function firstSeqOf(service: string, id: string): number | null {
  if (!id.startsWith(`${service}-`)) return null;
  const digits = id.slice(service.length + 1);
  return /^[1-9]\d{0,11}$/.test(digits) ? Number(digits) : null;
}
