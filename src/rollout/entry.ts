import { z } from 'zod';
import { canonical, sha256 } from '../evidence/canonical.ts';
import type { StoredEntry } from '../ports/log-store.ts';
import type { Actor, Entry, Event } from './events.ts';
import { REASON_CODES, type Reason } from './reasons.ts';

/** What an entry says, before it has a place in the log. */
export interface Draft {
  readonly at: string;
  readonly rolloutId: string | null;
  readonly actor: Actor;
  readonly reason: Reason | null;
  readonly commandKey: string | null;
  readonly events: readonly Event[];
  readonly writer: string;
  readonly nonce: string;
}

/** The stored form: the canonical text and its hash. What is hashed is what is stored, byte for byte. */
export function seal(draft: Draft, seq: number, prevHash: string): StoredEntry {
  const body = canonical({ ...draft, seq, prevHash });
  return { seq, body, hash: sha256(body), prevHash };
}

/** Why an item is not the next entry of an unbroken chain. */
export type Break =
  | { readonly kind: 'broken'; readonly seq: number; readonly why: string }
  | { readonly kind: 'newer'; readonly seq: number };

/** Complete by type: a new event cannot be forgotten here. */
const EVENT_TYPES: Readonly<Record<Event['type'], true>> = {
  RolloutStarted: true,
  AutoStageWaits: true,
  AutoStageDropped: true,
  EndpointAdopted: true,
  DeploymentStarted: true,
  DeploymentPrepared: true,
  CallIntended: true,
  CallDecided: true,
  AlarmsSeen: true,
  FleetServing: true,
  FleetsCompared: true,
  AutoRollbackScheduled: true,
  AutoRollbackSnoozed: true,
  KillSwitchIntended: true,
  KillSwitchDecided: true,
  IdleStopDecided: true,
  ProgressSeen: true,
  DeploymentAbortMarked: true,
  DeploymentOverdue: true,
  DeploymentSucceeded: true,
  DeploymentFailed: true,
  SmokeStarted: true,
  SmokeFinished: true,
  SmokeVoided: true,
  SmokeRepeatAsked: true,
  GateOpened: true,
  ApprovalGiven: true,
  PromotionApproved: true,
  GateReminded: true,
  ApprovalWithdrawn: true,
  PromotionScheduled: true,
  GlassBroken: true,
  GlassReviewed: true,
  ApprovalsVoided: true,
  WaitNoted: true,
  RolloutHeld: true,
  RolloutEnded: true,
  RollbackStarted: true,
  RollbackEnded: true,
  HoldPlaced: true,
  HoldReleased: true,
  CommandRefused: true,
  RefusalsCounted: true,
  BreakAcknowledged: true,
  ModelApprovalAsked: true,
  ModelReminded: true,
  ModelDecided: true,
  RegistryCallIntended: true,
  RegistryCallDecided: true,
  ModelApprovalEnded: true,
  ModelRejectionSeen: true,
  CleanupProposed: true,
  CleanupConfirmed: true,
  CleanupRoundIntended: true,
  CleanupRoundDone: true,
  CleanupStopAsked: true,
  CleanupEnded: true,
};
const CODES: ReadonlySet<string> = new Set(REASON_CODES);

// Made once: a start folds thousands of entries.
const actorLike = z.object({ kind: z.enum(['person', 'pipeline', 'titanic']) });
const reasonLike = z.object({ code: z.string() });
const eventLike = z.object({ type: z.string() });

const body = z.object({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  rolloutId: z.string().nullable(),
  actor: z.custom<Actor>((v) => actorLike.safeParse(v).success),
  reason: z.custom<Reason>((v) => reasonLike.safeParse(v).success).nullable(),
  commandKey: z.string().nullable(),
  // The hash vouches for an event's inside: titanic wrote it, and nobody has changed it since.
  events: z.array(z.custom<Event>((v) => eventLike.safeParse(v).success)),
  writer: z.string(),
  nonce: z.string(),
  prevHash: z.string(),
});

/** Reasons stand in events under several names, one level deep at most; a code we do not know is of a newer titanic. */
function reasonsKnown(event: Event): boolean {
  const inside = 'outcome' in event && typeof event.outcome === 'object' ? [event, event.outcome] : [event];
  return inside
    .flatMap((part): unknown[] => Object.values(part))
    .every((value) => !looksLikeReason(value) || CODES.has(value.code));
}

/** By hand: asked of every value of every entry at a start. */
function looksLikeReason(value: unknown): value is { readonly code: string } {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string';
}

/** Reads a stored item as the successor of (seq, hash), or says why it is not. */
export function openEntry(item: StoredEntry, after: { readonly seq: number; readonly hash: string }): Entry | Break {
  const broken = (why: string): Break => ({ kind: 'broken', seq: item.seq, why });
  if (item.seq !== after.seq + 1) return { kind: 'broken', seq: after.seq + 1, why: 'an entry is missing' };
  if (sha256(item.body) !== item.hash) return broken('its hash does not fit its content');
  let json: unknown;
  try {
    json = JSON.parse(item.body);
  } catch {
    return broken('its content is not JSON');
  }
  const parsed = body.safeParse(json);
  if (!parsed.success) return { kind: 'newer', seq: item.seq };
  const entry = parsed.data;
  if (entry.seq !== item.seq) return broken('its number differs from its place');
  if (entry.prevHash !== after.hash || item.prevHash !== after.hash)
    return broken('it does not follow the entry before it');
  const understood =
    entry.events.every(reasonsKnown) &&
    entry.events.every((e) => Object.hasOwn(EVENT_TYPES, e.type)) &&
    (entry.reason === null || CODES.has(entry.reason.code));
  return understood ? { ...entry, hash: item.hash } : { kind: 'newer', seq: item.seq };
}
