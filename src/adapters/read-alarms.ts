import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { quotedWords } from '../rollout/failure-reasons.ts';
import { type AlarmSeen, known, type Reading, unknown } from '../rollout/observation.ts';
import type { AwsFailure } from './aws-errors.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** As many as CloudWatch answers, and takes by name, at once. */
const PAGE_SIZE = 100;
/** This is 20,000 alarms. */
const MOST_PAGES = 200;

type AnyAlarm = MetricAlarm | CompositeAlarm;

/** Alarms by name; those that do not exist are not in it. */
export function alarmsByName(
  client: CloudWatchClient,
  names: readonly string[],
): Promise<Reading<ReadonlyMap<string, AnyAlarm>>> {
  return readOrUnknown<ReadonlyMap<string, AnyAlarm>>(async (options) => {
    if (names.length === 0) return known(new Map());
    const reply = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames: [...names],
        // Without it composite ones would look as if they did not exist.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: PAGE_SIZE,
      }),
      options,
    );
    if (reply.NextToken !== undefined) return unknown('CloudWatch did not answer for all of them');
    const all: readonly AnyAlarm[] = [...(reply.MetricAlarms ?? []), ...(reply.CompositeAlarms ?? [])];
    return known(new Map(all.flatMap((one) => (one.AlarmName === undefined ? [] : [[one.AlarmName, one] as const]))));
  });
}

/** An alarm as the core sees it. */
export function alarmSeen(name: string, alarm: AnyAlarm | undefined): AlarmSeen {
  if (alarm === undefined) return { name, state: 'missing', why: null, since: null };
  const why = quotedWords(alarm.StateReason ?? '');
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return {
    name,
    state: alarm.StateValue ?? 'unknown',
    why: why === '' ? null : why,
    since: since?.toISOString() ?? null,
  };
}

/** Every metric alarm whose name begins so, to the last page or none at all. */
export async function alarmsBeginning(
  client: CloudWatchClient,
  prefix: string,
): Promise<Reading<readonly { readonly name: string; readonly arn: string }[]>> {
  const all: { name: string; arn: string }[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { AlarmNamePrefix: prefix, MaxRecords: PAGE_SIZE, NextToken: token };
    const reading = await readOrUnknown(async (options) =>
      known(await client.send(new DescribeAlarmsCommand(query), options)),
    );
    if (reading.kind === 'unknown') return reading;
    for (const { AlarmName, AlarmArn } of reading.value.MetricAlarms ?? []) {
      if (AlarmName !== undefined && AlarmArn !== undefined) all.push({ name: AlarmName, arn: AlarmArn });
    }
    token = reading.value.NextToken;
    if (token === undefined) return known(all);
  }
  return unknown(`there are more than ${MOST_PAGES * PAGE_SIZE} alarms`);
}

/** Whether something is an alarm, by its ARN: its tags are CloudWatch's to tell, not SageMaker's. */
export function isAlarm(arn: string): boolean {
  return arn.split(':')[2] === 'cloudwatch';
}

/** null: there is no such alarm. */
export function alarmTags(
  client: CloudWatchClient,
  arn: string,
): Promise<Reading<Readonly<Record<string, string>> | null>> {
  return readOrUnknown<Readonly<Record<string, string>> | null>(
    async (options) => {
      const { Tags = [] } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }), options);
      return known(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value ?? ''])));
    },
    (failure) => (isNoSuchAlarm(failure) ? known(null) : null),
  );
}

/** In CloudWatch's newer words, or in those of its older operations. */
export function isNoSuchAlarm({ name }: AwsFailure): boolean {
  return name === 'ResourceNotFoundException' || name === 'ResourceNotFound';
}
