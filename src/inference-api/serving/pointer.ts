/**
 * Which of prod's endpoints the pointer names, read again and again beside the predictions and never in their way. What
 * was read last counts until something later is: a table that is away takes nothing from whoever asks.
 */
import type { PointedAt, PointerReader } from '../ports.ts';

export interface PointerDeps {
  readonly reader: PointerReader;
  /** From the beginning of one reading to that of the next, milliseconds. */
  readonly everyMs: number;
  /** Milliseconds, monotonic. */
  readonly nowMs: () => number;
  readonly onRead: (read: 'ok' | 'failed', why?: string) => void;
  readonly onFlip: (to: PointedAt) => void;
}

export interface PointerSight extends PointedAt {
  /** Since the beginning of the last reading that succeeded, milliseconds. */
  readonly readAgoMs: number;
}

export interface FollowedPointer {
  /** undefined: it was never read. */
  current(): PointerSight | undefined;
  start(): void;
  stop(): void;
}

/** Begins to read with `start`. */
export function followPointer(deps: PointerDeps): FollowedPointer {
  let pointed: PointedAt | undefined;
  let readAtMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let stopped = true;

  async function pass(): Promise<void> {
    const begunAtMs = deps.nowMs();
    const why = await deps.reader.read().then(
      (read) => take(read, begunAtMs),
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    // The interval is kept however long a reading takes: how soon a flip is noticed rests on it.
    if (!stopped) timer = setTimeout(() => void pass(), Math.max(0, begunAtMs + deps.everyMs - deps.nowMs())).unref();
    if (why === null) deps.onRead('ok');
    else deps.onRead('failed', why);
  }

  /** Why it does not count; null: it does. */
  function take(read: PointedAt | null, begunAtMs: number): string | null {
    if (read === null) return 'there is no pointer';
    if (pointed !== undefined && read.seq < pointed.seq)
      return `the pointer went back from entry ${pointed.seq} to ${read.seq}; it is not followed there`;
    if (pointed?.seq === read.seq && pointed.endpointName !== read.endpointName)
      return `the pointer of entry ${read.seq} was changed; it is not followed`;
    readAtMs = begunAtMs;
    const flipped = pointed?.seq !== read.seq;
    pointed = read;
    if (flipped) deps.onFlip(read);
    return null;
  }

  return {
    current: () => (pointed === undefined ? undefined : { ...pointed, readAgoMs: deps.nowMs() - readAtMs }),
    start() {
      stopped = false;
      void pass();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
