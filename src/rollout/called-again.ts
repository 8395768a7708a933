import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import { ALL_APPROVERS, type Called, openQuestion } from './called.ts';
import type { Card } from './card.ts';
import { type Reading, unknown } from './observation.ts';

/** Who approves, as far as a reminder has to know. */
export interface CalledDeps {
  readonly directory: Pick<Directory, 'approvers' | 'mandatory'>;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** How long Slack may take to say who is in the group; then the whole group is called. Milliseconds. */
const READ_WITHIN_MS = 3_000;

/**
 * Whom a reminder calls in the moment in which it is told: who approves now, without those who have and without who
 * asked for it. null: it was decided meanwhile, so nobody is called.
 */
export async function calledAgain(card: Card, deps: CalledDeps): Promise<Called | null> {
  const open = openQuestion(card);
  if (open === null) return null;
  const approvers = await within(deps, deps.directory.approvers());
  if (approvers.kind === 'unknown') return ALL_APPROVERS;
  const left = approvers.value.filter((id) => !open.without.includes(id));
  if (!open.wantsMandatory) return { kind: 'people', ids: left };
  const group = deps.directory.mandatory();
  const mandatory = group === null ? null : await within(deps, group);
  if (mandatory === null || mandatory.kind === 'unknown') return { kind: 'people', ids: left };
  return { kind: 'people', ids: left.filter((id) => mandatory.value.includes(id)) };
}

async function within<T>({ clock }: CalledDeps, reading: Promise<Reading<T>>): Promise<Reading<T>> {
  const patience = new AbortController();
  const late = clock.sleep(READ_WITHIN_MS, patience.signal).then((): Reading<T> => unknown('Slack is slow'));
  try {
    return await Promise.race([reading, late]);
  } finally {
    patience.abort('read');
  }
}
