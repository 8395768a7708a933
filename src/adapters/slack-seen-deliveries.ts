/** A signature is accepted within ±300 s, so for 600 s at most; afterwards it is refused by its time. Milliseconds. */
const REMEMBERED_MS = 600_000;
/** Only correctly signed requests get here, so this is far above what Slack sends in ten minutes. */
const MOST_REMEMBERED = 50_000;

/**
 * Deliveries of the last ten minutes, so that a recorded request has no second effect here. Another replica does not
 * know of it; there the command's key in the log refuses it.
 */
export function createSeenDeliveries(nowMs: () => number) {
  const seen = new Map<string, number>();
  return {
    /** True the first time. */
    isNew(digest: string): boolean {
      const now = nowMs();
      for (const [oldest, atMs] of seen) {
        if (now - atMs <= REMEMBERED_MS && seen.size <= MOST_REMEMBERED) break;
        seen.delete(oldest);
      }
      if (seen.has(digest)) return false;
      seen.set(digest, now);
      return true;
    },
  };
}
