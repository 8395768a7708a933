import type { IdleStop } from '../../src/rollout/input.ts';
import { type EndpointLook, known, type Reading } from '../../src/rollout/observation.ts';
import type { Story } from './story.ts';

export const IDLE: IdleStop = { afterMs: 2 * 3_600_000, whileGateOpen: false };
/** Longer than that. */
export const UNUSED_MS = 3 * 3_600_000;

/** A look that has counted so many requests. */
export function requested(requests: number | Reading<never>): { readonly look: Pick<EndpointLook, 'requests'> } {
  return { look: { requests: typeof requests === 'number' ? known(requests) : requests } };
}

/** Nobody uses staging, and that it is to be stopped is written down. */
export function stops(unused: Story): Story {
  return unused.after(unused.sees({ staging: requested(0) }));
}

/** It is stopped. */
export function stopped(unused: Story): Story {
  const sent = stops(unused).sends('staging', 'delete');
  return sent.after(sent.sees({ staging: null }));
}
