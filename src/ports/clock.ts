/** Time, as the core may know it. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. For timestamps and expiries; never compared between machines. */
  nowMs(): number;
  /**
   * Milliseconds since some fixed moment of this process: the larger of elapsed monotonic time and elapsed own wall
   * clock, because a suspended machine's monotonic clock may stand still. Never runs backwards.
   */
  elapsedMs(): number;
  /**
   * Milliseconds of monotonic time alone. For waits that must not be too short: a wall clock that is set forward, or
   * a suspended machine, only makes them longer. `elapsedMs` is for limits that must not be too long.
   */
  waitedMs(): number;
  /** Resolves after `ms`, or at once when `wake` is aborted. */
  sleep(ms: number, wake?: AbortSignal): Promise<void>;
}
