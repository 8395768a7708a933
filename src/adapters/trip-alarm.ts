import { PutMetricDataCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { CallReply } from '../ports/endpoints.ts';
import type { WonTrip } from '../rollout/won-intent.ts';
import { KILL_SWITCH_METRIC, killSwitchDimensions, TRIPPED } from './alarm-definitions.ts';
import type { CloudWatchClients } from './aws-clients.ts';
import { cloudWatchRefusal } from './cloudwatch-refusal.ts';
import { sendOnce } from './send-once.ts';

const ENDING = '-kill-switch';

/**
 * Sets the kill switch in two ways at once, of which either is enough. SetAlarmState counts immediately, but AWS made
 * it for tests; a value in the switch's own metric counts at the next evaluation, and makes the switch's state what
 * CloudWatch itself would say.
 */
export async function tripAlarm(
  once: CloudWatchClients['once'],
  { alarm, service, seq }: WonTrip,
  signal: AbortSignal,
  stillFresh: () => boolean,
): Promise<CallReply> {
  if (!alarm.endsWith(ENDING)) throw new Error(`${alarm} is no kill switch`);
  const configName = alarm.slice(0, -ENDING.length);
  const common = { once, signal, stillFresh, refusal: cloudWatchRefusal };
  const [set, written] = await Promise.all([
    sendOnce({
      ...common,
      request: async (client, options) => {
        const StateReason = `titanic goes back: entry ${seq} of the record of ${service}.`;
        const command = new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'ALARM', StateReason });
        return (await client.send(command, options)).$metadata.requestId;
      },
    }),
    sendOnce({
      ...common,
      request: async (client, options) => {
        const { Namespace, MetricName } = KILL_SWITCH_METRIC;
        const Dimensions = killSwitchDimensions(configName);
        // Kept by the second, or an evaluation every ten seconds would not see it.
        const MetricData = [{ MetricName, Dimensions, Value: TRIPPED, StorageResolution: 1 }];
        return (await client.send(new PutMetricDataCommand({ Namespace, MetricData }), options)).$metadata.requestId;
      },
    }),
  ]);
  return eitherOf(set, written);
}

/** Accepted if one of them is; unclear if one of them may be. A switch that is not there cannot be set by a value. */
function eitherOf(set: CallReply, written: CallReply): CallReply {
  if (set.kind === 'accepted') return set;
  if (set.kind === 'refused' && set.reason.code === 'alarm-gone') return set;
  if (written.kind === 'accepted') return written;
  if (set.kind === 'unclear') return set;
  if (written.kind === 'unclear') return written;
  if (set.kind === 'not-sent') return written.kind === 'refused' ? written : set;
  const retryable = set.retryable || (written.kind === 'refused' && written.retryable);
  return { ...set, retryable };
}
