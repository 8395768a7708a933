import type { Rendered } from '../src/ports/channel.ts';
import { ENVIRONMENTS } from '../src/rollout/candidate.ts';
import type { Card } from '../src/rollout/card.ts';
import type { CleanupTarget } from '../src/rollout/cleanup.ts';
import type { Cleanup } from '../src/rollout/state.ts';
import { actions, type Button, blocksOf, context, header, paragraph } from './block.ts';
import { TARGET_WORDS } from './cleanup-plan.ts';
import { ACTIONS } from './ids.ts';
import { at, bold, fallbackText, type Line, person, text } from './inline.ts';
import { firstOf, PIECES } from './limits.ts';
import { reasonLine } from './reason-line.ts';

export type CleanupCard = Extract<Card, { kind: 'cleanup' }>;

/** How many things a card names, of those that go and of those that stay; the plan itself names all. */
const NAMED = 30;

/** The card of a clean-up: its plan until it is confirmed, then how far it is, then how it ended. */
export function cleanupCard({ id, service, cleanup }: CleanupCard): Rendered {
  const title = headline(service, cleanup);
  const facts = factLines(cleanup);
  const plan = cleanup.confirmed === null && cleanup.ended === null ? planLines(cleanup) : [];
  const now = nowLines(cleanup);
  return {
    text: fallbackText([[text(title)], ...facts, ...plan, ...now]),
    blocks: blocksOf(
      header(title),
      paragraph(facts),
      paragraph([...plan, ...now]),
      actions(buttons(cleanup)),
      context(id),
    ),
  };
}

function headline(service: string, { ended, confirmed, total, left }: Cleanup): string {
  const what = `${service}: clean-up`;
  if (ended === null) return confirmed === null ? `${what} to confirm` : `${what}, ${total - left.length} of ${total}`;
  switch (ended.outcome) {
    case 'done':
      return `🧹 ${what} is done`;
    case 'failed':
      return `⛔ ${what} is not finished`;
    case 'stopped':
      return `${what} was stopped`;
    case 'discarded':
    case 'expired':
    case 'void':
      return `${what}: nothing was deleted`;
  }
}

function factLines({ target, by, at: when, confirmed, total, expiresAt, ended }: Cleanup): readonly Line[] {
  const lines: Line[] = [
    [bold('Asked by '), person(by), text(', '), at(when)],
    [bold('Of '), text(TARGET_WORDS[target])],
    [
      bold(ended === null ? 'Deletes ' : 'Planned to delete '),
      text(`${total} ${total === 1 ? 'thing' : 'things'} in SageMaker`),
    ],
  ];
  if (confirmed !== null) lines.push([bold('Confirmed by '), person(confirmed.by), text(', '), at(confirmed.at)]);
  else if (ended === null) lines.push([bold('Until '), at(expiresAt), text(` ${mayConfirm(target)} can confirm it`)]);
  return lines;
}

function mayConfirm(target: CleanupTarget): string {
  return target === 'leftovers' ? 'an approver' : 'an approver who did not ask for it';
}

function planLines({ left, kept, keptMore }: Cleanup): readonly Line[] {
  const going = firstOf(left, NAMED);
  const staying = firstOf(kept, NAMED);
  const more = staying.more + keptMore;
  return [
    ...going.shown.map(({ kind, name }): Line => [text('− '), text(`${kind} `), text(name, PIECES.name)]),
    ...(going.more === 0 ? [] : [[text(`… and ${going.more} more that are deleted`)]]),
    ...staying.shown.map(
      ({ kind, name, because }): Line => [
        text('stays: '),
        text(`${kind} `),
        text(name, PIECES.name),
        text(', because '),
        text(because, 200),
      ],
    ),
    ...(more === 0 ? [] : [[text(`… and ${more} more that stay`)]]),
  ];
}

function nowLines({ removals, notDeleted, ended, stopAskedBy }: Cleanup): readonly Line[] {
  const lines: Line[] = [];
  for (const environment of ENVIRONMENTS) {
    const how = removals[environment];
    if (how === undefined || (ended !== null && how === 'open')) continue;
    const words: Line = typeof how === 'object' ? reasonLine(how) : [text(how === 'open' ? 'goes first' : 'is gone')];
    lines.push([bold(`${environment} `), ...words]);
  }
  const { shown, more } = firstOf(notDeleted, PIECES.listed);
  for (const { kind, name, why } of shown)
    lines.push([text('not deleted: '), text(`${kind} `), text(name, PIECES.name), text(', '), text(why, 200)]);
  if (more > 0) lines.push([text(`… +${more} not deleted`)]);
  if (stopAskedBy !== null && ended === null) lines.push([bold('Being stopped '), text('by '), person(stopAskedBy)]);
  if (ended !== null) lines.push([bold('Ended '), at(ended.at)], reasonLine(ended.reason));
  return lines;
}

function buttons({ id, target, total, confirmed, stopAskedBy, ended }: Cleanup): readonly Button[] {
  if (ended !== null || stopAskedBy !== null) return [];
  if (confirmed !== null) return [{ actionId: ACTIONS.stopCleanup, text: 'Stop', value: id }];
  return confirmButtons({ id, target, total });
}

/** Yes or no about a plan. */
export function confirmButtons({ id, target, total }: Pick<Cleanup, 'id' | 'target' | 'total'>): readonly Button[] {
  return [
    {
      actionId: ACTIONS.confirmCleanup,
      text: `Delete ${total}`,
      value: id,
      style: 'danger',
      confirm: {
        title: 'Delete in SageMaker?',
        text: `Deletes ${total} things: ${TARGET_WORDS[target]}. Nothing brings them back but a new deploy.`,
        confirm: 'Delete',
        danger: true,
      },
    },
    { actionId: ACTIONS.stopCleanup, text: 'Discard', value: id },
  ];
}
