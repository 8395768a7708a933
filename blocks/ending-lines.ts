import type { RolloutCard } from '../src/rollout/card-of-rollout.ts';
import type { EndedRollout } from '../src/rollout/state.ts';
import { versionWords } from './candidate-words.ts';
import { tookWords } from './duration-words.ts';
import { at, bold, code, type Line, person, text } from './inline.ts';
import { reasonLine } from './reason-line.ts';

/** When and why a rollout ended, what was done because of it, and what may sensibly be asked for next. */
export function endingLines(card: RolloutCard, rollout: EndedRollout): readonly Line[] {
  const next = nextLine(card, rollout);
  return [
    endedLine(rollout),
    reasonLine(rollout.reason),
    ...doneLines(card, rollout),
    ...(next.length === 0 ? [] : [next]),
  ];
}

function endedLine({ endedAt, startedAt, by }: EndedRollout): Line {
  const lastedMs = Date.parse(endedAt) - Date.parse(startedAt);
  return [
    bold('Ended '),
    at(endedAt),
    ...(by === null ? [] : [text(' by '), person(by)]),
    ...(lastedMs > 0 ? [text(`, ${tookWords(lastedMs)} after it was asked for`)] : []),
  ];
}

/** SageMaker took the change back itself: nothing was left to do. */
const UNDONE_ALREADY = new Set(['rolled-back-silently', 'rolled-back-by-alarm', 'update-undone']);

/** The progress of what goes back is on its own card; this one is not posted anew for it. */
function doneLines({ goesBack, before }: RolloutCard, { reason }: EndedRollout): readonly Line[] {
  if (goesBack === null) {
    const { target } = before;
    return target !== null && UNDONE_ALREADY.has(reason.code)
      ? [[bold('prod kept '), text(`${versionWords(target)}; nothing else had to be done`)]]
      : [];
  }
  const { id, environment, target, holds } = goesBack;
  const held: Line = [text('; prod is held until '), code('/titanic unlock prod -- reason')];
  return [[bold(`${environment} goes back `), text(`to ${versionWords(target)}: ${id}`), ...(holds ? held : [])]];
}

function nextLine({ recreateOffered, again, goesBack }: RolloutCard, { outcome, candidate }: EndedRollout): Line {
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
      if (again) return [];
      return [
        bold('Next '),
        code(`/titanic deploy staging --model ${candidate.version}`),
        text(' tries this version again, '),
        code('/titanic models'),
        text(' lists others'),
        ...(goesBack?.holds === true ? [text('; prod takes it once it is unlocked')] : []),
      ];
    }
    default:
      return outcome satisfies never;
  }
}
