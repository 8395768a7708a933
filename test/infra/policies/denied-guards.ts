import { ASKED, alarm, by, type DeniedCase, guard, OURS } from './tried.ts';

/* What nobody must do to the alarms that can take a change of prod back, nor with the rights to them. */

const KILL_SWITCH = guard('kill-switch');
const OF_SERVING = alarm('titanic-survival-prod-latency');
const WITHOUT_PHASE = { 'aws:RequestTag/project': 'titanic-sagemaker' };
const WITHOUT_PROJECT = { 'aws:RequestTag/tutorial_phase': '04' };

const prod = by('prod', [
  ['make a guard without tags', 'cloudwatch:PutMetricAlarm', KILL_SWITCH],
  ['make a guard without the phase', 'cloudwatch:PutMetricAlarm', KILL_SWITCH, WITHOUT_PHASE],
  ['make a guard without the project', 'cloudwatch:PutMetricAlarm', KILL_SWITCH, WITHOUT_PROJECT],
  ['rewrite an alarm of the endpoints', 'cloudwatch:PutMetricAlarm', OF_SERVING, ASKED],
  ['rewrite an alarm of the bot', 'cloudwatch:PutMetricAlarm', alarm('titanic-bot-not-ready'), ASKED],
  ['rewrite somebody else’s alarm', 'cloudwatch:PutMetricAlarm', alarm('payments-errors'), ASKED],
  ['rewrite the alarm that titanic.yml names', 'cloudwatch:PutMetricAlarm', alarm('basket-value'), ASKED],
  ['make a guard for another service', 'cloudwatch:PutMetricAlarm', guard('errors', 'titanic-other-prod-v1-r1'), ASKED],
  ['make a guard for staging', 'cloudwatch:PutMetricAlarm', guard('errors', 'titanic-survival-staging-v1-r1'), ASKED],
  [
    'make an alarm that runs a function',
    'cloudwatch:PutMetricAlarm',
    guard('errors'),
    { ...ASKED, 'cloudwatch:AlarmActions': ['arn:aws:lambda:us-east-1:123456789012:function:anything'] },
  ],
  [
    'make an alarm that stops a machine',
    'cloudwatch:PutMetricAlarm',
    guard('errors'),
    { ...ASKED, 'cloudwatch:AlarmActions': ['arn:aws:automate:us-east-1:ec2:stop'] },
  ],
  ['tag a guard without the phase', 'cloudwatch:TagResource', KILL_SWITCH, WITHOUT_PHASE],
  ['tag a guard without the project', 'cloudwatch:TagResource', KILL_SWITCH, WITHOUT_PROJECT],
  ['tag somebody else’s alarm to make it ours', 'cloudwatch:TagResource', alarm('payments-errors'), ASKED],
  ['take tags away', 'cloudwatch:UntagResource', KILL_SWITCH, { 'aws:TagKeys': ['project'] }],
  ['set off an alarm of the endpoints', 'cloudwatch:SetAlarmState', OF_SERVING, OURS],
  ['calm an alarm of the bot', 'cloudwatch:SetAlarmState', alarm('titanic-bot-not-ready'), OURS],
  ['set off somebody else’s alarm', 'cloudwatch:SetAlarmState', alarm('payments-errors'), OURS],
  ['calm the alarm that titanic.yml names', 'cloudwatch:SetAlarmState', alarm('basket-value'), OURS],
  ['calm a guard that watches the fleet', 'cloudwatch:SetAlarmState', guard('errors'), OURS],
  [
    'set off the kill switch of another service',
    'cloudwatch:SetAlarmState',
    guard('kill-switch', 'titanic-other-prod-v1-r1'),
    OURS,
  ],
  ['forge SageMaker’s numbers', 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'AWS/SageMaker' }],
  ['write numbers without a namespace', 'cloudwatch:PutMetricData', '*'],
  ['delete an alarm of the endpoints', 'cloudwatch:DeleteAlarms', OF_SERVING, OURS],
  ['delete an alarm of the bot', 'cloudwatch:DeleteAlarms', alarm('titanic-bot-not-ready'), OURS],
  ['delete somebody else’s alarm', 'cloudwatch:DeleteAlarms', alarm('payments-errors'), OURS],
  ['delete an untagged guard', 'cloudwatch:DeleteAlarms', KILL_SWITCH],
  [
    'delete a guard that lacks the phase',
    'cloudwatch:DeleteAlarms',
    KILL_SWITCH,
    { 'aws:ResourceTag/project': 'titanic-sagemaker' },
  ],
  [
    'delete a guard that lacks the project',
    'cloudwatch:DeleteAlarms',
    KILL_SWITCH,
    { 'aws:ResourceTag/tutorial_phase': '04' },
  ],
  ['read the tags of somebody else’s alarm', 'cloudwatch:ListTagsForResource', alarm('payments-errors')],
  ['switch the actions of alarms off', 'cloudwatch:DisableAlarmActions', OF_SERVING],
  ['make a composite alarm', 'cloudwatch:PutCompositeAlarm', alarm('titanic-survival-prod-v1-r1-kill-switch'), ASKED],
]);

/** Only the prod role goes back from prod. */
const others = ['staging', 'bot-task', 'pipeline', 'operator', 'inference-api-task', 'sagemaker-execution'].flatMap(
  (who) =>
    by(who, [
      ['set off prod’s kill switch', 'cloudwatch:SetAlarmState', KILL_SWITCH, OURS],
      [
        'set it off by the value that it watches',
        'cloudwatch:PutMetricData',
        '*',
        { 'cloudwatch:namespace': 'Titanic' },
      ],
      ['rewrite it', 'cloudwatch:PutMetricAlarm', KILL_SWITCH, ASKED],
      ['delete it', 'cloudwatch:DeleteAlarms', KILL_SWITCH, OURS],
    ]),
);

const looks = [
  ...by('staging', [['look at prod’s guards', 'cloudwatch:DescribeAlarms', KILL_SWITCH]]),
  ...by('pipeline', [['read prod’s numbers', 'cloudwatch:GetMetricData', '*']]),
  ...by('pipeline', [['look at prod’s guards', 'cloudwatch:DescribeAlarms', KILL_SWITCH]]),
  ...by('sagemaker-execution', [
    ['look at an alarm that nothing names', 'cloudwatch:DescribeAlarms', alarm('payments-errors')],
  ]),
];

export const DENIED_ABOUT_GUARDS: readonly DeniedCase[] = [...prod, ...others, ...looks];
