import type { EndedRollout } from '../src/rollout/state.ts';
import { versionWords } from './candidate-words.ts';
import { bold, code, type Line, text } from './inline.ts';
import type { RolloutCard } from './rollout-card.ts';

/** What was done because a rollout ended, and what may sensibly be asked for next. */
export function endingLines(card: RolloutCard, rollout: EndedRollout): readonly Line[] {
  const next = nextLine(card, rollout);
  return [...backLines(card), ...(next.length === 0 ? [] : [next])];
}

/** Its progress is on the card of the rollback; this one is not posted anew for it. */
function backLines({ goesBack }: RolloutCard): readonly Line[] {
  if (goesBack === null) return [];
  const { id, environment, target } = goesBack;
  const held: Line = [text('; prod is held until '), code('/titanic unlock prod -- reason')];
  return [
    [
      bold(`${environment} goes back `),
      text(`to ${versionWords(target)}: ${id}`),
      ...(environment === 'prod' ? held : []),
    ],
  ];
}

function nextLine({ recreateOffered }: RolloutCard, { outcome, candidate }: EndedRollout): Line {
  switch (outcome) {
    case 'promoted':
    case 'superseded':
      return [];
    case 'rejected':
      return [bold('Next '), code('/titanic models'), text(' lists other versions')];
    case 'failed':
    case 'cancelled':
    case 'expired':
    case 'voided':
    case 'rolled-back':
    case 'given-up': {
      if (recreateOffered) return [bold('Next '), text('an approver presses Recreate prod')];
      return [
        bold('Next '),
        code(`/titanic deploy staging --model ${candidate.version}`),
        text(' tries this version again, '),
        code('/titanic models'),
        text(' lists others'),
      ];
    }
  }
}
