import type { Chance } from './chance.ts';
import type { SimForm } from './sim-form.ts';

/** A release: one replica after the other is stopped and comes back as the new version. */
export interface Release {
  /** From then on this replica starts as the new version. */
  upgradedAtMs(replica: number): number;
  /** How the version that runs there now writes and reads entries. */
  formAt(replica: number, nowMs: number): SimForm;
}

/** When a release begins, and how long old and new run side by side at each step. Milliseconds. */
export interface ReleaseTimes {
  readonly fromMs: number;
  readonly everyMs: number;
}

/** How many of the new version's entries hold something that the old one does not know. */
const NEWER = 0.2;

export function createRelease(times: ReleaseTimes | null, form: SimForm, chance: Chance): Release {
  const unknownToOld = new Set<string>();
  const upgradedAtMs = (replica: number) =>
    times === null ? Number.POSITIVE_INFINITY : times.fromMs + replica * times.everyMs;
  const after: SimForm = {
    ...form,
    seal(draft, seq, prevHash) {
      const item = form.seal(draft, seq, prevHash);
      if (chance.happens(NEWER)) unknownToOld.add(item.hash);
      return item;
    },
  };
  const before: SimForm = {
    ...form,
    open: (item, last) => (unknownToOld.has(item.hash) ? { kind: 'newer', seq: item.seq } : form.open(item, last)),
  };
  return {
    upgradedAtMs,
    formAt: (replica, nowMs) => (nowMs >= upgradedAtMs(replica) ? after : before),
  };
}
