import { type CloudWatchClient, DeleteAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { RemovalReply } from '../ports/inventory.ts';
import { sentence } from '../rollout/reasons.ts';
import { cloudWatchRefusal } from './cloudwatch-refusal.ts';
import type { MayLeave } from './departure-agents.ts';
import { sendOnce } from './send-once.ts';

/** Deletes one alarm. It may be repeated: one that is not there is gone. */
export async function removeAlarm(
  once: (mayLeave: MayLeave) => CloudWatchClient,
  name: string,
  signal: AbortSignal,
  stillFresh: () => boolean,
): Promise<RemovalReply> {
  const reply = await sendOnce({
    once,
    request: async (client, options) =>
      (await client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }), options)).$metadata.requestId,
    signal,
    stillFresh,
    refusal: cloudWatchRefusal,
  });
  switch (reply.kind) {
    case 'accepted':
      return { kind: 'gone', requestId: reply.requestId };
    case 'refused': {
      const { reason, retryable, requestId } = reply;
      if (reason.code === 'alarm-gone') return { kind: 'gone', requestId };
      return { kind: 'refused', why: sentence(reason), retryable, requestId };
    }
    case 'not-sent':
    case 'unclear':
      return { kind: 'unclear', why: reply.why };
    default:
      return reply satisfies never;
  }
}
