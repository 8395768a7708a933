import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import type { Strategy } from '../src/rollout/strategy.ts';
import type { Usual } from '../src/rollout/usual-time.ts';
import { versionWords } from './candidate-words.ts';
import { basisWords, tookWords } from './duration-words.ts';
import { bold, type Line, text } from './inline.ts';

/** What a rollback of prod would return to, and how long that takes. */
export function wayBackLines(card: RolloutCard): readonly Line[] {
  const { rollout, rollbackTarget } = card;
  if (rollout.status === 'ended' && (rollout.outcome !== 'promoted' || rollbackTarget === null)) return [];
  const label = bold('A rollback returns to ');
  if (rollbackTarget === null) return [[label, text('nothing: there is no earlier deployment')]];
  return [[label, text(`${versionWords(rollbackTarget)}${howLong(card)}`)]];
}

/** Said where prod is near; before that nobody would go back from this version. */
function howLong({ rollout, doing, guardrail, usual }: RolloutCard): string {
  switch (rollout.status) {
    case 'gate':
    case 'approved':
      return guardrail?.on === true ? guardedWords(guardrail.strategy, usual.rollback) : slowWords(usual.rollback);
    case 'prod': {
      const guard = doing?.guard ?? null;
      return guard === null ? slowWords(usual.rollback) : guardedWords(guard.strategy, usual.rollback);
    }
    case 'verifying':
    case 'ended':
      return slowWords(usual.rollback);
    case 'staging':
    case 'testing':
    case 'tested':
    case 'held':
      return '';
    default:
      return rollout satisfies never;
  }
}

/** By the kill switch while the old fleet stands; afterwards by an update of its own. */
function guardedWords({ traffic }: Strategy, usual: Usual | null): string {
  return traffic.kind === 'rolling'
    ? `: during the change only instances that are gone start again; afterwards ${minutes(usual)}`
    : `: no instance starts while the old fleet stands; afterwards ${minutes(usual)}`;
}

function slowWords(usual: Usual | null): string {
  return `: ${minutes(usual)}`;
}

function minutes(usual: Usual | null): string {
  if (usual === null) return 'a new fleet starts, which takes minutes';
  return `a new fleet starts, usually in ${tookWords(usual.ms)} (${basisWords(usual)})`;
}
