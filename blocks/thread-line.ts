import type { Rendered } from '../src/ports/channel.ts';
import type { Card } from '../src/rollout/card.ts';
import type { Entry, Event } from '../src/rollout/events.ts';
import { blocksOf, mention, paragraph } from './block.ts';
import { eventLine } from './event-line.ts';
import { fallbackText, isPersonId, type Line, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';

/**
 * What one entry of the record adds to the thread of a card, or null. Approvers are called here and not on the card:
 * a line is posted once, a card is updated many times. `calls`: the mrkdwn that does; null: nobody is left to be called.
 */
export function threadLine(card: Card, entry: Entry, calls: string | null): Rendered | null {
  const mine = entry.events.filter((event) => belongsTo(event, card));
  const told = mine.map((event) => eventLine(event)).filter((line) => line !== null);
  if (told.length === 0) return null;
  const { shown, more } = firstOf(told, PIECES.listed);
  const lines: readonly Line[] = more === 0 ? shown : [...shown, [text(`… +${more}`)]];
  if (calls === null || !mine.some(needsApprovers))
    return { text: fallbackText(lines), blocks: blocksOf(paragraph(lines)) };
  const requester = card.kind === 'rollout' && mine.some(concernsRequester) ? card.rollout.requester : null;
  const called = requester !== null && isPersonId(requester) ? `${calls} <@${requester}>` : calls;
  return { text: fallbackText(lines, `${called} `), blocks: blocksOf(mention(called), paragraph(lines)) };
}

/** An entry may end one thing and begin another; each is told in its own thread. */
function belongsTo(event: Event, card: Card): boolean {
  if ('rolloutId' in event && event.rolloutId !== null) return event.rolloutId === card.id;
  if ('approvalId' in event) return event.approvalId === card.id;
  if ('cleanupId' in event) return event.cleanupId === card.id;
  if ('rollbackId' in event) return event.rollbackId === card.id || card.kind === 'rollout';
  if (event.type === 'DeploymentStarted') return event.owner === card.id || card.kind === 'rollout';
  return true;
}

/** prod is about to leave what the requester brought there, or has left it by itself. */
function concernsRequester(event: Event): boolean {
  return (
    event.type === 'AutoRollbackScheduled' || (event.type === 'RolloutEnded' && event.reason.code === 'fleet-worse')
  );
}

/** Somebody has to decide or to look: the gate opened, a stop without a verdict, prod's own check failed. */
function needsApprovers(event: Event): boolean {
  return (
    event.type === 'GateOpened' ||
    event.type === 'GateReminded' ||
    event.type === 'ModelReminded' ||
    event.type === 'GlassBroken' ||
    (event.type === 'ModelApprovalAsked' && event.deploys) ||
    event.type === 'ModelRejectionSeen' ||
    (event.type === 'CleanupProposed' && event.target !== 'leftovers') ||
    event.type === 'RolloutHeld' ||
    event.type === 'ApprovalsVoided' ||
    (event.type === 'HoldPlaced' && event.kind === 'check') ||
    event.type === 'AutoRollbackScheduled' ||
    (event.type === 'RollbackStarted' && ['check-failed', 'analysis-failed'].includes(event.cause)) ||
    (event.type === 'RolloutEnded' && ['prod-check-failed', 'fleet-worse'].includes(event.reason.code))
  );
}
