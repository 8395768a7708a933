import {
  type CloudWatchClient,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { AlarmsRequest } from '../ports/alarms.ts';
import type { Clock } from '../ports/clock.ts';
import type { PrepareResult } from '../rollout/input.ts';
import { clause, reason } from '../rollout/reasons.ts';
import { killSwitchOf } from '../rollout/strategy.ts';
import { alarmDefinitions, judgesOtherwise, watchesAnother } from './alarm-definitions.ts';
import type { CloudWatchClients } from './aws-clients.ts';
import { awsFailure, failureWords } from './aws-errors.ts';
import { cloudWatchRefusal } from './cloudwatch-refusal.ts';
import { alarmsByName, alarmTags } from './read-alarms.ts';
import { tagDifference } from './read-tags.ts';
import { sendOnce } from './send-once.ts';

type NotPrepared = Exclude<PrepareResult, { kind: 'prepared' }>;
type Found = ReadonlyMap<string, MetricAlarm>;

/** For everything that is made, together. Milliseconds. */
const DEADLINE_MS = 30_000;
/** How old the look may be on which a kill switch is set to OK: far below the minute in which a trip repeats itself. */
const LOOK_MS = 5_000;

/**
 * Makes the alarms of a change, or finds its own earlier work. An alarm of the same name that watches something else or
 * lacks our tags is somebody else's and stays as it is.
 */
export async function prepareAlarms(
  { repeatable, once }: CloudWatchClients,
  request: AlarmsRequest,
  clock: Pick<Clock, 'elapsedMs'>,
): Promise<PrepareResult> {
  const wanted = alarmDefinitions(request);
  const before = await look(repeatable, wanted);
  if (!('found' in before)) return before;
  const foreign = await somebodyElses(repeatable, wanted, before.found, request.tags);
  if (foreign !== null) return foreign;

  const requestIds = new Map<string, string | null>();
  for (const definition of wanted) {
    const seen = before.found.get(definition.AlarmName ?? '');
    if (seen !== undefined && judgesOtherwise(definition, seen) === null) continue;
    const made = await put(repeatable, definition);
    if (made.kind !== 'put') return made;
    if (seen === undefined) requestIds.set(definition.AlarmName ?? '', made.requestId);
  }

  const lookedAtMs = clock.elapsedMs();
  const after = await look(repeatable, wanted);
  if (!('found' in after)) return after;
  const invisible = wanted.find(({ AlarmName = '' }) => !after.found.has(AlarmName));
  if (invisible !== undefined) return { kind: 'later', why: `CloudWatch does not show ${invisible.AlarmName} yet` };
  const killSwitch = after.found.get(killSwitchOf(request.configName));
  if (killSwitch?.StateValue === 'INSUFFICIENT_DATA') {
    const fresh = () => clock.elapsedMs() - lookedAtMs <= LOOK_MS;
    const unset = await setAtRest(once, killSwitchOf(request.configName), fresh);
    if (unset !== null) return unset;
  }
  const all = [...after.found.values()].map(({ AlarmName: name = '', AlarmArn: arn }) => ({ name, arn: arn ?? name }));
  return {
    kind: 'prepared',
    created: all
      .filter(({ name }) => requestIds.has(name))
      .map(({ name, arn }) => ({ what: 'alarm', arn, requestId: requestIds.get(name) ?? null })),
    adopted: all.filter(({ name }) => !requestIds.has(name)).map(({ arn }) => arn),
  };
}

async function look(
  client: CloudWatchClient,
  wanted: readonly PutMetricAlarmInput[],
): Promise<{ readonly found: Found } | NotPrepared> {
  const reading = await alarmsByName(
    client,
    wanted.map(({ AlarmName }) => AlarmName ?? ''),
  );
  if (reading.kind === 'unknown') return { kind: 'later', why: reading.why };
  const found = new Map<string, MetricAlarm>();
  for (const [name, alarm] of reading.value) {
    if ('AlarmRule' in alarm) return taken(name, 'AlarmRule');
    found.set(name, alarm);
  }
  return { found };
}

async function somebodyElses(
  client: CloudWatchClient,
  wanted: readonly PutMetricAlarmInput[],
  found: Found,
  tags: Readonly<Record<string, string>>,
): Promise<NotPrepared | null> {
  for (const definition of wanted) {
    const { AlarmName: name = '' } = definition;
    const seen = found.get(name);
    if (seen === undefined) continue;
    const other = watchesAnother(definition, seen);
    if (other !== null) return taken(name, other);
    const carried = await alarmTags(client, seen.AlarmArn ?? '');
    if (carried.kind === 'unknown') return { kind: 'later', why: `the tags of ${name}: ${carried.why}` };
    if (carried.value === null) return { kind: 'later', why: `${name} was deleted a moment ago` };
    const tag = tagDifference(tags, carried.value);
    if (tag !== null) return taken(name, tag);
  }
  return null;
}

/** Tags count at the creation only. An alarm that was there keeps its state. */
async function put(
  client: CloudWatchClient,
  definition: PutMetricAlarmInput,
): Promise<{ readonly kind: 'put'; readonly requestId: string | null } | NotPrepared> {
  try {
    const options = { abortSignal: AbortSignal.timeout(DEADLINE_MS) };
    const { $metadata } = await client.send(new PutMetricAlarmCommand(definition), options);
    return { kind: 'put', requestId: $metadata.requestId ?? null };
  } catch (error) {
    const failure = awsFailure(error);
    const refusal = cloudWatchRefusal(failure);
    // Making it twice makes it once, so what has no answer is simply done again.
    if (refusal === null || refusal.retryable) return { kind: 'later', why: failureWords(failure) };
    return { kind: 'refused', reason: refusal.reason };
  }
}

/**
 * A new kill switch knows nothing of itself; SageMaker is to see OK. Only such a one is ever set, right after it was
 * seen, because CloudWatch has no "set if": a preparation that is repeated late could undo a trip. What is left is a
 * trip between that look and this call. The value that a trip writes as well sets the switch again within seconds.
 */
async function setAtRest(
  once: CloudWatchClients['once'],
  name: string,
  stillFresh: () => boolean,
): Promise<NotPrepared | null> {
  const reply = await sendOnce({
    once,
    request: async (client, options) => {
      const StateReason = 'At rest: made by titanic for a change that begins.';
      const command = new SetAlarmStateCommand({ AlarmName: name, StateValue: 'OK', StateReason });
      return (await client.send(command, options)).$metadata.requestId;
    },
    signal: AbortSignal.timeout(DEADLINE_MS),
    stillFresh,
    refusal: cloudWatchRefusal,
  });
  switch (reply.kind) {
    case 'accepted':
      return null;
    case 'refused':
      // Said to exist a moment ago: one of the two answers is old.
      return reply.retryable || reply.reason.code === 'alarm-gone'
        ? { kind: 'later', why: clause(reply.reason) }
        : { kind: 'refused', reason: reply.reason };
    case 'not-sent':
    case 'unclear':
      return { kind: 'later', why: reply.why };
    default:
      return reply satisfies never;
  }
}

function taken(name: string, field: string): NotPrepared {
  return { kind: 'refused', reason: reason('name-taken', { name, field }) };
}
