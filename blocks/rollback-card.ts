import type { Rendered } from '../src/ports/channel.ts';
import type { RollbackCard } from '../src/rollout/card-of-rollback.ts';
import type { ChangeNow } from '../src/rollout/change-now.ts';
import { CAUSE_WORDS } from '../src/rollout/entry-words.ts';
import { actions, type Button, blocksOf, context, header, paragraph } from './block.ts';
import { shortDigest, versionWords } from './candidate-words.ts';
import { tookWords } from './duration-words.ts';
import { holdLines } from './hold-lines.ts';
import { ACTIONS } from './ids.ts';
import { at, bold, code, fallbackText, type Line, person, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { unlockButton } from './next-buttons.ts';
import { progressLines } from './progress-lines.ts';
import { reasonLine } from './reason-line.ts';
import { recreateButton } from './rollout-choices.ts';

/** The card of a rollback. */
export function rollbackCard(card: RollbackCard): Rendered {
  const title = headline(card);
  const facts = factLines(card);
  const now = nowLines(card);
  return {
    text: fallbackText([[text(title)], ...facts, ...now, ...inWords(card)]),
    blocks: blocksOf(header(title), paragraph(facts), paragraph(now), actions(buttons(card)), context(card.id)),
  };
}

function headline({ service, rollback }: RollbackCard): string {
  const where = `${service} ${rollback.environment}`;
  const target = versionWords(rollback.target);
  if (rollback.cause === 'smoke-asked') return returnHeadline(where, target, rollback.ended);
  if (rollback.ended === null) return `${where}: going back to ${target}`;
  return rollback.ended.reached ? `↩ ${where}: back at ${target}` : `⛔ ${where}: could not go back to ${target}`;
}

/** Nothing is left: what was stopped comes back as it was. */
function returnHeadline(where: string, target: string, ended: RollbackCard['rollback']['ended']): string {
  if (ended === null) return `${where}: ${target} comes back, to be measured`;
  return ended.reached ? `${where}: ${target} is back` : `⛔ ${where}: ${target} could not be brought back`;
}

function factLines({ rollback }: RollbackCard): readonly Line[] {
  const by = rollback.by === null ? text('titanic') : person(rollback.by);
  const lines: Line[] = [
    [bold('Started by '), by, text(', '), at(rollback.at), text(`: ${CAUSE_WORDS[rollback.cause]}`)],
    [bold('Image '), text(shortDigest(rollback.target.imageDigest))],
  ];
  if (rollback.reason !== null) lines.push([bold('Reason '), text(rollback.reason, PIECES.reason)]);
  if (rollback.leaving !== null) lines.push([bold('Left for good '), text(rollback.leaving, PIECES.name)]);
  return lines;
}

function nowLines(card: RollbackCard): readonly Line[] {
  const { rollback, doing, undone, usual, holds } = card;
  const lines: Line[] = [];
  if (undone !== null) lines.push(...undoneLines(undone));
  if (doing !== null) lines.push(...progressLines({ ...doing, usual }));
  if (rollback.ended !== null) lines.push(...endedLines(rollback, rollback.ended));
  return [...lines, ...holdLines(rollback.environment, holds)];
}

/** What was under way is over first: undone by SageMaker itself where the kill switch reaches it, else at its end. */
function undoneLines(undone: ChangeNow): readonly Line[] {
  const { guard, since } = undone;
  const [first, ...rest] = progressLines(undone);
  const how =
    guard === null
      ? 'The change that was under way cannot be undone: it runs to its end, and then prod goes back'
      : guard.told
        ? 'SageMaker is told to undo the change that was under way; its old fleet still stands'
        : 'SageMaker is being told to undo the change that was under way';
  const said = since === null ? 'The change that was under way is stopped before its first call' : how;
  return [[text(said)], ...(first === undefined ? [] : [first]), ...rest];
}

function endedLines(
  { at: begunAt }: RollbackCard['rollback'],
  { at: endedAt, reason }: NonNullable<RollbackCard['rollback']['ended']>,
): readonly Line[] {
  const tookMs = Date.parse(endedAt) - Date.parse(begunAt);
  return [
    [bold('Ended '), at(endedAt), ...(tookMs > 0 ? [text(`, after ${tookWords(tookMs)}`)] : [])],
    reasonLine(reason),
  ];
}

function buttons({ id, service, rollback, further, unlockOffered, recreateOffered }: RollbackCard): readonly Button[] {
  const offered: Button[] = [];
  const unlock = unlockButton(1, service, id);
  if (further !== null) {
    offered.push({
      actionId: rollback.environment === 'prod' ? ACTIONS.furtherProd : ACTIONS.furtherStaging,
      text: 'One further back',
      value: id,
      confirm: {
        title: 'One further back?',
        text: `${rollback.environment} goes back from ${versionWords(rollback.target)} to ${versionWords(further)}.`,
        confirm: 'Go back',
        danger: true,
      },
    });
  }
  if (unlockOffered && unlock !== null) offered.push(unlock);
  if (recreateOffered) offered.push(recreateButton(id));
  return offered;
}

function inWords({ rollback, further }: RollbackCard): readonly Line[] {
  if (further === null || further.version === null) return [];
  return [[text('Further back: '), code(`/titanic rollback ${rollback.environment} --to ${further.version}`)]];
}
