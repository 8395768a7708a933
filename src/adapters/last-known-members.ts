import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { MembershipStore, MembersSeen } from '../ports/membership-store.ts';

/** How long the last known membership counts, for rollback only. Milliseconds. */
const COUNTS_MS = 24 * 3_600_000;
/** What was kept is kept anew after this long, even if nobody came or went. Milliseconds. */
const KEPT_ANEW_MS = 10 * 60_000;
/** What this replica read itself needs no look into the store for this long. Milliseconds. */
const OWN_MS = 3_600_000;

/** Who was in a group when Slack last said so, as far as any replica knows: what a rollback goes by while Slack is away. */
export function createLastKnownMembers(deps: {
  readonly store: MembershipStore;
  readonly clock: Clock;
  readonly log: Logger;
}) {
  const { store, clock, log } = deps;
  const read = new Map<string, MembersSeen>();
  const kept = new Map<string, MembersSeen>();

  async function keep(usergroup: string, seen: MembersSeen): Promise<void> {
    const before = kept.get(usergroup);
    const same = before !== undefined && before.users.join() === seen.users.join();
    if (same && ageMs(before) < KEPT_ANEW_MS) return;
    kept.set(usergroup, seen);
    try {
      await store.saveMembers(usergroup, seen);
    } catch (error) {
      if (kept.get(usergroup) === seen) kept.delete(usergroup);
      log.warn(
        { usergroup, why: error instanceof Error ? error.message : 'unknown' },
        'a membership could not be kept',
      );
    }
  }

  async function fromStore(usergroup: string): Promise<MembersSeen | null> {
    try {
      return await store.members(usergroup);
    } catch (error) {
      log.warn(
        { usergroup, why: error instanceof Error ? error.message : 'unknown' },
        'a kept membership is unreadable',
      );
      return null;
    }
  }

  /** Clocks of two machines may differ; what seems to come from far ahead is not believed. */
  function ageMs(seen: MembersSeen): number {
    return Math.abs(clock.nowMs() - seen.atMs);
  }

  return {
    /** Slack said so just now. */
    remember(usergroup: string, users: readonly string[]): void {
      const seen = { users, atMs: clock.nowMs() };
      read.set(usergroup, seen);
      void keep(usergroup, seen);
    },
    /** The newest that is known and not older than 24 h; null: none. */
    async recall(usergroup: string): Promise<MembersSeen | null> {
      const own = read.get(usergroup);
      if (own !== undefined && ageMs(own) < OWN_MS) return own;
      const stored = await fromStore(usergroup);
      const newest = own === undefined || (stored !== null && stored.atMs > own.atMs) ? stored : own;
      return newest === null || ageMs(newest) > COUNTS_MS ? null : newest;
    },
  };
}

export type LastKnownMembers = ReturnType<typeof createLastKnownMembers>;
