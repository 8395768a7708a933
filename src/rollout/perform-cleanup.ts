import { abortAfter } from './abort-after.ts';
import type { Deletion, DeletionOutcome, DeletionResult } from './cleanup.ts';
import { type ServiceWork, settle } from './commit.ts';
import { without } from './mutations.ts';
import type { WonDeletion } from './won-intent.ts';

/**
 * Deletes what a won round names, one after the other. Right before, what uses it and whose tags it carries are read
 * once more, whatever the plan said: a config that any endpoint uses is never deleted.
 */
export async function deleteRound(work: ServiceWork, round: WonDeletion, startedAtMs: number): Promise<void> {
  const { deps, log, runtime } = work;
  const { mutations, times } = runtime.settings;
  const { freshMs, openIntentMs, callTimeoutMs } = times;
  // Before others take the round for dead, whatever it sends is answered or aborted.
  const untilMs = startedAtMs + Math.max(freshMs, openIntentMs - 2 * callTimeoutMs);
  let freshSinceMs = startedAtMs;
  const stillFresh = () => {
    const nowMs = deps.clock.elapsedMs();
    return nowMs - freshSinceMs <= freshMs && nowMs <= untilMs;
  };
  const loaded = await log.load().catch(() => null);
  const cleanup = loaded?.state.cleanup ?? null;
  if (cleanup === null || cleanup.round?.seq !== round.seq) return;
  const results: DeletionResult[] = [];
  // Asked again at the wire, with what has been read meanwhile.
  const wanted = () => {
    const open = log.state().cleanup;
    const stopped = open?.stopAskedBy !== null && !without(mutations, 'stopped-but-deleted');
    return stillFresh() && !work.stopping() && !stopped && open?.round?.seq === round.seq;
  };
  const [first] = round.deletions;
  if (loaded?.broken === null && first !== undefined && wanted()) {
    const users = await deps.inventory.users(first.kind);
    // A large account takes its time; what was decided meanwhile is known before anything is deleted.
    const again = await log.load().catch(() => null);
    if (again?.broken === null) freshSinceMs = deps.clock.elapsedMs();
    for (const deletion of round.deletions) {
      if (!wanted()) break;
      const unlooked = users.kind === 'unknown' || without(mutations, 'deleted-without-a-look');
      const user = unlooked ? undefined : users.value.get(deletion.name);
      const outcome: DeletionOutcome =
        users.kind === 'unknown'
          ? { kind: 'open', why: users.why }
          : user !== undefined
            ? { kind: 'kept', because: `${user} uses it` }
            : await remove(work, deletion, round, wanted);
      results.push({ of: deletion.kind, name: deletion.name, outcome });
    }
  }
  await settle(work, { kind: 'cleanup-round', cleanupId: cleanup.id, round: round.seq, results });
}

async function remove(
  work: ServiceWork,
  { kind, name, arn }: Deletion,
  round: WonDeletion,
  wanted: () => boolean,
): Promise<DeletionOutcome> {
  const { deps, runtime } = work;
  const tags = await deps.inventory.tags(name, arn);
  if (tags.kind === 'unknown') return { kind: 'open', why: tags.why };
  if (tags.value === null) return { kind: 'gone', requestId: null };
  const missing = deps.cleaner.foreign(name, tags.value);
  if (missing !== null) return { kind: 'kept', because: missing };
  const abort = new AbortController();
  const done = new AbortController();
  void abortAfter(deps.clock, runtime.settings.times.callTimeoutMs, abort, done.signal);
  const reply = await deps.inventory.remove(kind, name, round, abort.signal, wanted);
  done.abort();
  switch (reply.kind) {
    case 'gone':
      return reply;
    case 'going':
      return { kind: 'open', why: 'it is being deleted', requestId: reply.requestId };
    case 'unclear':
      return { kind: 'open', why: reply.why };
    case 'refused':
      return { kind: reply.retryable ? 'open' : 'refused', why: reply.why, requestId: reply.requestId };
    default: {
      const never: never = reply;
      throw new Error(`Unknown reply ${JSON.stringify(never)}`);
    }
  }
}
