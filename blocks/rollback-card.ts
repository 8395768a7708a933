import type { Rendered } from '../src/ports/channel.ts';
import type { Card } from '../src/rollout/card.ts';
import { CAUSE_WORDS } from '../src/rollout/entry-words.ts';
import { actions, type Button, blocksOf, context, header, paragraph } from './block.ts';
import { shortDigest, versionWords } from './candidate-words.ts';
import { holdLines } from './hold-lines.ts';
import { ACTIONS } from './ids.ts';
import { at, bold, code, fallbackText, type Line, person, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { reasonLine } from './reason-line.ts';
import { recreateButton } from './rollout-choices.ts';

export type RollbackCard = Extract<Card, { kind: 'rollback' }>;

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
  if (rollback.ended === null) return `${where}: going back to ${target}`;
  return rollback.ended.reached ? `↩ ${where}: back at ${target}` : `⛔ ${where}: could not go back to ${target}`;
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

function nowLines({ rollback, doing, holds }: RollbackCard): readonly Line[] {
  const lines: Line[] = [];
  if (doing !== null) {
    const words = doing.words ?? (doing.openCall ? 'the outcome of a call to SageMaker is not known yet' : 'under way');
    lines.push([bold(`${rollback.environment} `), text(words, PIECES.words)]);
  }
  if (rollback.ended !== null) lines.push([bold('Ended '), at(rollback.ended.at)], reasonLine(rollback.ended.reason));
  return [...lines, ...holdLines(rollback.environment, holds)];
}

function buttons({ id, rollback, further, recreateOffered }: RollbackCard): readonly Button[] {
  const offered: Button[] = [];
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
  if (recreateOffered) offered.push(recreateButton(id));
  return offered;
}

function inWords({ rollback, further }: RollbackCard): readonly Line[] {
  if (further === null || further.version === null) return [];
  return [[text('Further back: '), code(`/titanic rollback ${rollback.environment} --to ${further.version}`)]];
}
