import type { Body, Context, IamRequest, Of } from './iam-request.ts';
import { OURS, tagContext } from './iam-request.ts';

const ALARMS = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm';

/** What IAM is asked by a call to CloudWatch. */
export function ofCloudWatch(operation: string, body: Body, of: Of): readonly IamRequest[] {
  const action = `cloudwatch:${operation}`;
  switch (operation) {
    case 'PutMetricAlarm': {
      const arn = alarm(body.AlarmName);
      const tags = tagContext(body.Tags);
      return [of(action, arn, { ...tags, ...actionContext(body) }), of('cloudwatch:TagResource', arn, tags)];
    }
    case 'DescribeAlarms':
      // By prefix, any alarm may be among them.
      return namesIn(body, '*').map((name) => of(action, alarm(name)));
    case 'SetAlarmState':
      return [of(action, alarm(body.AlarmName), OURS)];
    case 'DeleteAlarms':
      return namesIn(body).map((name) => of(action, alarm(name), OURS));
    case 'ListTagsForResource':
      return [of(action, String(body.ResourceARN))];
    case 'GetMetricData':
      return [of(action, '*')];
    case 'PutMetricData':
      return [of(action, '*', { 'cloudwatch:namespace': String(body.Namespace) })];
    default:
      throw new Error(`say here what IAM is asked by ${operation}`);
  }
}

const alarm = (name: unknown) => `${ALARMS}:${name}`;

function namesIn({ AlarmNames }: Body, ...orElse: readonly string[]): readonly unknown[] {
  return Array.isArray(AlarmNames) ? AlarmNames : orElse;
}

/** Whatever an alarm would do by itself; there is no key where it does nothing. */
function actionContext(body: Body): Context {
  const all = [body.AlarmActions, body.OKActions, body.InsufficientDataActions].flatMap((actions) =>
    Array.isArray(actions) ? actions.map(String) : [],
  );
  return all.length === 0 ? {} : { 'cloudwatch:AlarmActions': all };
}
