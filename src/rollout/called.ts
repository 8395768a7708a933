import type { Card } from './card.ts';
import type { Entry } from './events.ts';
import { countApprovals } from './gates.ts';

/** Whom a line in a thread calls, where it calls anybody. */
export type Called =
  /** The approvers as configured: a group as a whole. */
  | { readonly kind: 'approvers' }
  /** These people and nobody else; none: everybody who could answer has. */
  | { readonly kind: 'people'; readonly ids: readonly string[] };

export const ALL_APPROVERS: Called = { kind: 'approvers' };

/** Whether an entry calls approvers once more. */
export function isReminder({ events }: Pick<Entry, 'events'>): boolean {
  return events.some(({ type }) => type === 'GateReminded' || type === 'ModelReminded');
}

/** What approvers may be reminded of. */
export interface OpenQuestion {
  /** Who has answered, and who may not. */
  readonly without: readonly string[];
  /** There are enough approvals, and none of the group of which one must be. */
  readonly wantsMandatory: boolean;
}

/** What a card still asks approvers; null: nothing. */
export function openQuestion(card: Card): OpenQuestion | null {
  if (card.kind === 'model') {
    const { requester, verdict, ended } = card.approval;
    if (verdict !== null || ended !== null) return null;
    return { without: requester === null ? [] : [requester], wantsMandatory: false };
  }
  if (card.kind !== 'rollout' || card.rollout.status !== 'gate') return null;
  const { requester, gate, quorum } = card.rollout;
  const given = gate.approvals.map(({ by }) => by);
  const enough = countApprovals(gate.approvals, requester, () => true) >= quorum;
  return { without: requester === null ? given : [...given, requester], wantsMandatory: enough };
}
