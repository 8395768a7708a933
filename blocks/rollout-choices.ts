import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import { actions, type Button } from './block.ts';
import { promotionWords } from './candidate-words.ts';
import { ACTIONS } from './ids.ts';
import { code, type Line, text } from './inline.ts';
import { nextButtons } from './next-buttons.ts';
import { rollbackButtons } from './rollback-button.ts';

/** What a person can press on the card right now. Whether they may is decided at the press. */
export function rolloutButtons(card: RolloutCard): object | null {
  return actions(buttonsOf(card));
}

function buttonsOf(card: RolloutCard): readonly Button[] {
  const { rollout } = card;
  switch (rollout.status) {
    case 'gate':
      return [
        ...decisionButtons(card),
        ...(rollout.gate.approvals.length === 0
          ? []
          : [{ actionId: ACTIONS.withdraw, text: 'Withdraw my approval', value: card.id }]),
      ];
    case 'held':
      return [
        { actionId: ACTIONS.smokeAgain, text: 'Run smoke again', value: card.id, style: 'primary' },
        { actionId: ACTIONS.giveUp, text: 'Give up', value: card.id },
      ];
    case 'ended':
      return card.recreateOffered
        ? [recreateButton(card.id)]
        : [...rollbackButtons(card), ...nextButtons(card, rollout)];
    case 'prod':
      return [...rollbackButtons(card), ...snoozeButton(card)];
    case 'verifying':
      return rollbackButtons(card);
    case 'staging':
    case 'testing':
    case 'tested':
    case 'approved':
      return [];
    default:
      return rollout satisfies never;
  }
}

/** Only while prod is about to go back by itself, and nobody has put that off. */
function snoozeButton({ id, doing }: RolloutCard): readonly Button[] {
  const guard = doing?.guard ?? null;
  const analysis = guard?.told === false ? guard.analysis : null;
  const possible = analysis !== null && analysis.dueAt !== null && analysis.snoozed === null;
  return possible ? [{ actionId: ACTIONS.openSnooze, text: 'Put it off…', value: id }] : [];
}

/** Yes or no at the gate. */
export function decisionButtons(card: RolloutCard): readonly Button[] {
  return [promoteButton(card), { actionId: ACTIONS.reject, text: 'Reject', value: card.id, style: 'danger' }];
}

function promoteButton(card: RolloutCard): Button {
  return {
    actionId: ACTIONS.promote,
    text: 'Promote to prod',
    value: card.id,
    style: 'primary',
    confirm: {
      title: 'Promote to prod?',
      text: promotionWords(card.service, card.rollout.candidate, card.running.prod),
      confirm: 'Promote',
      danger: false,
    },
  };
}

/** Deletes the Failed endpoint of prod and makes it again; shared with the card of a rollback. */
export function recreateButton(id: string): Button {
  return {
    actionId: ACTIONS.recreate,
    text: 'Recreate prod',
    value: id,
    style: 'danger',
    confirm: {
      title: 'Recreate prod?',
      text: 'The Failed endpoint of prod is deleted and created again with the last version that succeeded. Until then prod answers nothing.',
      confirm: 'Recreate',
      danger: true,
    },
  };
}

/** The same choices in words, for those who see no buttons. */
export function rolloutInWords({ id, rollout }: RolloutCard): readonly Line[] {
  switch (rollout.status) {
    case 'gate':
      return [
        [text('Decide with '), code(`/titanic promote ${id}`), text(' or '), code(`/titanic reject ${id} -- reason`)],
      ];
    case 'staging':
    case 'testing':
    case 'tested':
    case 'held':
    case 'approved':
    case 'prod':
      return [[text('Stop it with '), code(`/titanic cancel ${id}`)]];
    case 'verifying':
    case 'ended':
      return [];
  }
}
