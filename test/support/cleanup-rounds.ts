import { ENVIRONMENTS } from '../../src/rollout/candidate.ts';
import type { Deletion, DeletionOutcome } from '../../src/rollout/cleanup.ts';
import type { Decision } from '../../src/rollout/input.ts';
import type { Sight } from './sights.ts';
import type { Story } from './story.ts';

export type Replies = (deletion: Deletion) => DeletionOutcome | null;

export const ALL_GONE: Replies = () => ({ kind: 'gone', requestId: 'r1' });
export const ALL_REFUSED: Replies = () => ({ kind: 'refused', why: 'AccessDenied' });

/** The deletion of both endpoints is accepted and followed. */
export function removing(told: Story): Story {
  return told.after(told.sees()).sends('staging', 'delete').sends('prod', 'delete');
}

/** What an outside shows in which every accepted deletion has happened. */
export function sightOf(told: Story): Sight {
  const gone = ENVIRONMENTS.filter(
    (each) => told.state.environments[each].deployment?.followed?.call.kind === 'delete',
  );
  return Object.fromEntries(gone.map((each) => [each, null]));
}

const STEPS_MOST = 200;

/** Carries out a confirmed clean-up, one decision after the other, to the one that ends it. */
export function carriedOut(
  confirmed: Story,
  replies: Replies = ALL_GONE,
): { readonly told: Story; readonly last: Decision } {
  let told = confirmed;
  for (let step = 0; step < STEPS_MOST; step += 1) {
    const decision = told.sees(sightOf(told));
    if (decision.events.some((e) => e.type === 'CleanupEnded')) return { told: told.after(decision), last: decision };
    if (decision.events.length === 0) told = told.later(decision.wakeInMs ?? 1_000);
    else told = afterwards(told.after(decision), replies);
  }
  throw new Error('It does not end.');
}

function afterwards(decided: Story, replies: Replies): Story {
  let told = decided;
  for (const environment of ENVIRONMENTS) {
    if (told.state.environments[environment].intent !== null) told = told.decided(environment);
  }
  const { cleanup } = told.state;
  if (cleanup === null || cleanup.round === null) return told;
  const results = cleanup.round.deletions.flatMap((d) => {
    const outcome = replies(d);
    return outcome === null ? [] : [{ of: d.kind, name: d.name, outcome }];
  });
  return told.after(told.decides({ kind: 'cleanup-round', cleanupId: cleanup.id, round: cleanup.round.seq, results }));
}
