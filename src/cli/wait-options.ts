import type { Following } from './follow.ts';

/** What `--wait` and its companions say, as commander reads them. */
export interface WaitOptions {
  /** Seconds; infinite: never. */
  readonly takeOverAfter: number;
  readonly timeout: number;
}

/** A bot at rest looks every 15 s, jittered. */
export const TAKE_OVER_AFTER_SECONDS = 20;
/** Longer than the deadlines of staging and prod together. */
export const TIMEOUT_MINUTES = 240;

/** Whether the command may come to carry something out itself. */
export function mayTakeOver({ wait, takeOverAfter }: WaitOptions & { readonly wait?: unknown }): boolean {
  return wait !== undefined && wait !== false && Number.isFinite(takeOverAfter);
}

export function waitTimes({ takeOverAfter, timeout }: WaitOptions): Pick<Following, 'takeOverAfterMs' | 'atMostMs'> {
  return { takeOverAfterMs: takeOverAfter * 1_000, atMostMs: timeout * 60_000 };
}
