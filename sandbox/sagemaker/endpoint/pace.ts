/**
 * How far something that takes time has come, computed from timestamps alone. Nothing ticks, so a frozen or restarted
 * process finds every endpoint where the clock says it must be.
 */
export interface Pace {
  readonly anchorMs: number;
  /** The share (0 to 1) that was done at the anchor. */
  readonly done: number;
  /** How long the whole takes at speed 1. */
  readonly nominalMs: number;
  readonly speed: number;
}

export function startPace(atMs: number, nominalMs: number, speed: number): Pace {
  return { anchorMs: atMs, done: 0, nominalMs, speed };
}

/** The share done at an instant, 0 to 1. */
export function shareDone(pace: Pace, atMs: number): number {
  if (pace.nominalMs <= 0) return 1;
  const share = pace.done + ((atMs - pace.anchorMs) * pace.speed) / pace.nominalMs;
  return Math.min(1, Math.max(0, share));
}

/** The first whole millisecond at which all is done. */
export function dueAtMs(pace: Pace): number {
  return Math.ceil(pace.anchorMs + ((1 - pace.done) * pace.nominalMs) / pace.speed);
}

/** When a given share is reached; the past is possible. */
export function reachedAtMs(pace: Pace, share: number): number {
  return Math.ceil(pace.anchorMs + ((share - pace.done) * pace.nominalMs) / pace.speed);
}

/** The same work at another speed from now on. */
export function changeSpeed(pace: Pace, atMs: number, speed: number): Pace {
  return { anchorMs: atMs, done: shareDone(pace, atMs), nominalMs: pace.nominalMs, speed };
}
