import type { MetricDatum, PutMetricAlarmInput, StateValue, Tag } from '@aws-sdk/client-cloudwatch';
import { awsErrorAnswer, type ProxiedCall, type ProxyMode } from './faulty-proxy.ts';

/** An alarm as CloudWatch keeps it. */
export interface KeptAlarm extends Omit<PutMetricAlarmInput, 'Tags'> {
  readonly AlarmArn: string;
  readonly Tags: readonly Tag[];
  StateValue: StateValue;
  StateReason: string;
}

/** As much of CloudWatch as titanic's alarms need, to be put behind a `FaultyProxy`: it keeps, and evaluates nothing. */
export interface SmallCloudWatch {
  readonly alarms: Map<string, KeptAlarm>;
  readonly data: { readonly namespace: string; readonly datum: MetricDatum }[];
  answer(call: ProxiedCall): ProxyMode;
}

const PAGE = 100;

export function smallCloudWatch(): SmallCloudWatch {
  const alarms = new Map<string, KeptAlarm>();
  const data: { namespace: string; datum: MetricDatum }[] = [];
  const none = awsErrorAnswer('ResourceNotFound', 'The named resource does not exist.', 404);

  function describe(asked: {
    AlarmNames?: readonly string[];
    AlarmNamePrefix?: string;
    NextToken?: string;
  }): ProxyMode {
    const { AlarmNames, AlarmNamePrefix = '', NextToken = '0' } = asked;
    const found = [...alarms.values()].filter(({ AlarmName = '' }) =>
      AlarmNames === undefined ? AlarmName.startsWith(AlarmNamePrefix) : AlarmNames.includes(AlarmName),
    );
    const from = Number(NextToken);
    const MetricAlarms = found
      .slice(from, from + PAGE)
      .map(({ Tags: _, ...alarm }) => ({ ...alarm, StateTransitionedTimestamp: 1_766_000_000 }));
    return ok({ MetricAlarms, ...(found.length > from + PAGE ? { NextToken: String(from + PAGE) } : {}) });
  }

  return {
    alarms,
    data,
    answer({ operation, body }) {
      const asked = JSON.parse(body);
      switch (operation) {
        case 'GraniteServiceVersion20100801.DescribeAlarms':
          return describe(asked);
        case 'GraniteServiceVersion20100801.PutMetricAlarm': {
          const before = alarms.get(asked.AlarmName);
          const born = { StateValue: 'INSUFFICIENT_DATA', StateReason: 'Unchecked: Initial alarm creation' } as const;
          const AlarmArn = `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${asked.AlarmName}`;
          const { StateValue, StateReason, Tags } = before ?? { ...born, Tags: asked.Tags ?? [] };
          alarms.set(asked.AlarmName, { ...asked, AlarmArn, StateValue, StateReason, Tags });
          return ok({});
        }
        case 'GraniteServiceVersion20100801.SetAlarmState': {
          const alarm = alarms.get(asked.AlarmName);
          if (alarm === undefined) return none;
          Object.assign(alarm, { StateValue: asked.StateValue, StateReason: asked.StateReason });
          return ok({});
        }
        case 'GraniteServiceVersion20100801.PutMetricData':
          for (const datum of asked.MetricData) data.push({ namespace: asked.Namespace, datum });
          return ok({});
        case 'GraniteServiceVersion20100801.ListTagsForResource': {
          const alarm = alarms.get(asked.ResourceARN.split(':alarm:')[1]);
          return alarm === undefined
            ? awsErrorAnswer('ResourceNotFoundException', 'Unknown', 404)
            : ok({ Tags: alarm.Tags });
        }
        case 'GraniteServiceVersion20100801.DeleteAlarms':
          return asked.AlarmNames.every((name: string) => alarms.delete(name)) ? ok({}) : none;
        default:
          throw new Error(`not in the small CloudWatch: ${operation}`);
      }
    },
  };
}

function ok(body: object): ProxyMode {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'request-1' };
  return { kind: 'answer', status: 200, headers, body: JSON.stringify(body) };
}
