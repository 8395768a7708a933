import { abortAfter } from './abort-after.ts';
import { type ServiceWork, settle } from './commit.ts';
import type { Effect } from './input.ts';
import type { WonApproval } from './won-intent.ts';

/** Tells the Model Registry what was decided, once for each won intent; an answer that is not clear is no outcome. */
export async function register(
  work: ServiceWork,
  { approvalId, intent }: Extract<Effect, { kind: 'register' }>,
  permission: WonApproval,
  startedAtMs: number,
): Promise<void> {
  const { deps, log, runtime } = work;
  const { freshMs, callTimeoutMs } = runtime.settings.times;
  const withdraw = (why: string) =>
    settle(work, { kind: 'registry-decided', approvalId, intent, outcome: { kind: 'withdrawn', why } });
  const loaded = await log.load().catch(() => null);
  if (loaded === null || loaded.broken !== null) return withdraw('the record could not be read again');
  const approval = loaded.state.approvals.find((a) => a.id === approvalId);
  if (approval?.verdict == null || approval.intent?.seq !== intent) return withdraw('it was decided meanwhile');
  const stillFresh = () => deps.clock.elapsedMs() - startedAtMs <= freshMs;
  if (work.stopping() || !stillFresh()) return withdraw('too late to be sent');
  const abort = new AbortController();
  const done = new AbortController();
  void abortAfter(deps.clock, callTimeoutMs, abort, done.signal);
  const { approve, by, reason } = approval.verdict;
  const words = `${approve ? 'Approved' : 'Rejected'} by ${by} in Slack, ${approvalId} of titanic${reason === null ? '' : `: ${reason}`}`;
  const { writer } = work;
  const asked = { permission, writer, description: words, signal: abort.signal, stillFresh };
  const reply = await deps.decisions.decide(asked);
  done.abort();
  switch (reply.kind) {
    case 'accepted':
    case 'refused':
      return settle(work, { kind: 'registry-decided', approvalId, intent, outcome: reply });
    case 'not-sent':
      return withdraw(reply.why);
    case 'unclear':
      deps.log.warn(
        { service: runtime.settings.service, rollout: approvalId, intent, why: reply.why },
        'the registry gave no clear answer',
      );
      return;
    default: {
      const never: never = reply;
      throw new Error(`Unknown reply ${JSON.stringify(never)}`);
    }
  }
}
