import type { Rendered } from '../src/ports/channel.ts';
import type { CleanupTarget, Planned } from '../src/rollout/cleanup.ts';
import type { Reading } from '../src/rollout/observation.ts';
import { reason } from '../src/rollout/reasons.ts';
import { blocksOf, type Cell, header, paragraph, table } from './block.ts';
import { code, fallbackText, type Line, text } from './inline.ts';
import { refusal } from './refusal.ts';

export const TARGET_WORDS: Readonly<Record<CleanupTarget, string>> = {
  leftovers: 'what nothing uses, no rollback can go to and no rollout needs',
  staging: 'everything of staging, its live endpoint too',
  prod: 'everything of prod, its live endpoint too',
  all: "everything of titanic's in SageMaker, live endpoints too",
};

/** What would be deleted and what stays, each with its reason. Deletes nothing. */
export function cleanupPlan(service: string, target: CleanupTarget, planned: Reading<Planned>): Rendered {
  if (planned.kind === 'unknown') return refusal(reason('cleanup-unreadable', { why: planned.why }));
  if (planned.value.kind === 'busy') {
    return refusal(reason('cleanup-busy', { what: planned.value.what.join('; ') }));
  }
  const { items } = planned.value;
  const title = `${service}: clean-up plan`;
  const going = items.filter(({ action }) => action === 'delete').length;
  const next: Line =
    going === 0
      ? [text('There is nothing to delete.')]
      : [text('To have it confirmed and carried out: '), code(`/titanic cleanup --target ${target} --apply`)];
  const lines: readonly Line[] = [
    [text(`Of ${TARGET_WORDS[target]}: ${going} would be deleted, ${items.length - going} stay.`)],
    next,
  ];
  const rows = items.map(({ kind, name, action, because }): Cell[] => [
    action,
    kind,
    name,
    because === null ? '–' : because,
  ]);
  const told = items.map(
    ({ kind, name, because }): Line => [text(`${because === null ? 'delete' : `keep (${because})`}: ${kind} ${name}`)],
  );
  return {
    text: fallbackText([[text(title)], ...lines, ...told]),
    blocks: blocksOf(
      header(title),
      paragraph(lines),
      rows.length === 0
        ? null
        : table([{ title: 'Plan' }, { title: 'Kind' }, { title: 'Name' }, { title: 'Because', wrapped: true }], rows),
    ),
  };
}
