import type { Event } from './events.ts';
import type { Decision, Effect, Settings } from './input.ts';
import type { Reason } from './reasons.ts';
import type { LiveRollout } from './state.ts';

/** A part of a decision. The first part with events is committed alone; the next pass looks at the world again. */
export type Step = {
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
  readonly wakeInMs: number | null;
  /** Nothing but who may approve now stands in the way: to be read, and decided again. */
  readonly asksPeople?: true;
};

export const NOTHING: Step = { events: [], effects: [], wakeInMs: null };

/** How often SageMaker is asked while an endpoint moves: half of what a describe may lag, 5 s by default. */
export function endpointPollMs(settings: Settings): number {
  return settings.times.describeLagMs / 2;
}
/** How soon something unreadable is read again. */
export const RETRY_READ_MS = 5_000;

export function record(events: readonly Event[], effects: readonly Effect[] = []): Step {
  return { events, effects, wakeInMs: null };
}

export function wake(ms: number): Step {
  return { events: [], effects: [], wakeInMs: Math.max(0, ms) };
}

/** A step that wakes no later than another one would. */
export function sooner(step: Step, { wakeInMs }: Step): Step {
  if (wakeInMs === null) return step;
  return { ...step, wakeInMs: step.wakeInMs === null ? wakeInMs : Math.min(step.wakeInMs, wakeInMs) };
}

/** Reasons that take turns are noted ever more seldom: 5 s, 10 s, 20 s … 15 minutes apart. Milliseconds. */
const NOTED_AGAIN_MS = 5_000;
const NOTED_AGAIN_MOST_MS = 15 * 60_000;

/** Waits, and lets the record say what for as soon as that changes, without an entry for each turn of a wobble. */
export function waitNoted(rollout: LiveRollout | undefined, why: Reason, ms: number, nowMs: number): Step {
  if (rollout === undefined || rollout.waiting?.code === why.code) return wake(ms);
  const noted = rollout.waitNotes;
  if (noted !== null && noted.count > 1) {
    const gapMs = Math.min(NOTED_AGAIN_MOST_MS, NOTED_AGAIN_MS * 2 ** Math.min(noted.count - 2, 20));
    const leftMs = Date.parse(noted.at) + gapMs - nowMs;
    if (leftMs > 0) return wake(Math.min(ms, leftMs));
  }
  return { events: [{ type: 'WaitNoted', rolloutId: rollout.id, reason: why }], effects: [], wakeInMs: ms };
}

/** The first step with events wins; steps without events add up. Lazy: a later step is not asked for nothing. */
export function firstOf(steps: readonly (() => Step)[]): Decision {
  const effects: Effect[] = [];
  let wakeInMs: number | null = null;
  let asks = false;
  for (const step of steps) {
    const s = step();
    if (s.wakeInMs !== null) wakeInMs = wakeInMs === null ? s.wakeInMs : Math.min(wakeInMs, s.wakeInMs);
    if (s.events.length > 0)
      return { events: s.events, effects: [...effects, ...s.effects], wakeInMs: 0, reason: null };
    effects.push(...s.effects);
    asks ||= s.asksPeople === true;
  }
  return { events: [], effects, wakeInMs, reason: null, ...(asks ? { asksPeople: true } : {}) };
}
