import { trialConfigName } from '../../../src/cli/doctor/trial-needs.ts';
import { killSwitchOf } from '../../../src/rollout/strategy.ts';
import type { IamRequest } from '../record/iam-request.ts';

/*
 * Calls that no journey of the bot makes: those of AWS's services with our roles, of people with the operator's keys,
 * and of parts that are played elsewhere. Each group says whose they are.
 */

const ACCOUNT = '123456789012';
const SAGEMAKER = `arn:aws:sagemaker:us-east-1:${ACCOUNT}`;
const LOGS = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group`;
const ALARMS = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm`;
const USER = `arn:aws:iam::${ACCOUNT}:user/data-science-user`;
const PROD = `${SAGEMAKER}:endpoint/titanic-survival-prod`;

type Context = IamRequest['context'];
type Line = readonly [action: string, resource: string, context?: Context];

function withKeys(key: string, tags: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));
}

function by(who: string, lines: readonly Line[]): readonly IamRequest[] {
  return lines.map(([action, resource, context = {}]) => ({ who, action, resource, context }));
}

/** A serverless endpoint within the limits; the journeys' have instances. */
const serverless = ['staging', 'prod'].flatMap((who) =>
  by(who, [
    [
      'sagemaker:CreateEndpointConfig',
      `${SAGEMAKER}:endpoint-config/titanic-survival-${who}-v1-r1`,
      {
        'aws:RequestTag/project': 'titanic-sagemaker',
        'aws:RequestTag/tutorial_phase': '04',
        'sagemaker:ServerlessMemorySize': '2048',
        'sagemaker:ServerlessMaxConcurrency': '10',
      },
    ],
  ]),
);

/** `titanic doctor --live --as-bot` with an alarm that it tries. */
const trial = `${ALARMS}:${killSwitchOf(trialConfigName({ prefix: 'titanic-' }, { name: 'survival' }, Date.UTC(2026, 0)))}`;
const project = { project: 'titanic-sagemaker', tutorial_phase: '04' };
const alarmTrial = by('prod', [
  ['cloudwatch:PutMetricAlarm', trial, withKeys('aws:RequestTag', project)],
  ['cloudwatch:TagResource', trial, withKeys('aws:RequestTag', project)],
  ['cloudwatch:SetAlarmState', trial],
  ['cloudwatch:DeleteAlarms', trial, withKeys('aws:ResourceTag', project)],
]);

/** See `src/inference-api/`. */
const inferenceApi = by('inference-api-task', [
  ['sagemaker:InvokeEndpoint', PROD],
  ['sagemaker:DescribeEndpoint', PROD],
  ['sagemaker:DescribeEndpointConfig', `${SAGEMAKER}:endpoint-config/titanic-survival-prod-v1-r1`],
  ['sagemaker:DescribeModel', `${SAGEMAKER}:model/titanic-survival-prod-v1-r1`],
  ['sagemaker:ListTags', `${SAGEMAKER}:endpoint-config/titanic-survival-prod-v1-r1`],
  ['secretsmanager:GetSecretValue', secret('inference-api/api-keys')],
]);

/** ECS starting a task: its image, its secrets, its log. */
const taskStarts = ['bot', 'inference-api'].flatMap((part) =>
  by(`${part}-execution`, [
    ['ecr:GetAuthorizationToken', '*'],
    ['ecr:BatchCheckLayerAvailability', repository(`titanic-${part}`)],
    ['ecr:GetDownloadUrlForLayer', repository(`titanic-${part}`)],
    ['ecr:BatchGetImage', repository(`titanic-${part}`)],
    ['logs:CreateLogStream', `${LOGS}:/titanic/${part}:log-stream:task`],
    ['logs:PutLogEvents', `${LOGS}:/titanic/${part}:log-stream:task`],
  ]),
);

const botSecrets = by('bot-execution', [['secretsmanager:GetSecretValue', secret('bot/slack-bot-token')]]);

/** SageMaker running a container, and looking at what may take its change back. */
const models = by('sagemaker-execution', [
  ['s3:GetObject', 'arn:aws:s3:::titanic-models/survival/3/model.tar.gz'],
  ['s3:ListBucket', 'arn:aws:s3:::titanic-models'],
  ['ecr:GetAuthorizationToken', '*'],
  ['ecr:BatchCheckLayerAvailability', repository('titanic-survival')],
  ['ecr:GetDownloadUrlForLayer', repository('titanic-survival')],
  ['ecr:BatchGetImage', repository('titanic-survival')],
  ['logs:CreateLogGroup', `${LOGS}:/aws/sagemaker/Endpoints/titanic-survival-prod:log-stream:`],
  ['logs:CreateLogStream', `${LOGS}:/aws/sagemaker/Endpoints/titanic-survival-prod:log-stream:a`],
  ['logs:DescribeLogStreams', `${LOGS}:/aws/sagemaker/Endpoints/titanic-survival-prod:log-stream:`],
  ['logs:PutLogEvents', `${LOGS}:/aws/sagemaker/Endpoints/titanic-survival-prod:log-stream:a`],
  ['cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' }],
  ['cloudwatch:DescribeAlarms', `${ALARMS}:titanic-survival-prod-v1-r1-kill-switch`],
  ['cloudwatch:DescribeAlarms', `${ALARMS}:titanic-survival-prod-v1-r1-errors`],
  // As infra/tests/policies.tftest.hcl names it.
  ['cloudwatch:DescribeAlarms', `${ALARMS}:basket-value`],
]);

/** `terraform plan` of the serving module, as it is seen on the wire of a local stand-in (test/infra/moto.ts). */
export const servingPlan = by('operator', [
  ['cloudwatch:DescribeAlarms', `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:*`],
  ['cloudwatch:GetDashboard', `arn:aws:cloudwatch::${ACCOUNT}:dashboard/titanic-endpoints`],
  ['cloudwatch:ListTagsForResource', `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:titanic-survival-prod-latency`],
  ['logs:DescribeLogGroups', '*'],
  ['logs:ListTagsForResource', `${LOGS}:/aws/sagemaker/Endpoints/titanic-survival-prod`],
  ['sagemaker:DescribeModelPackageGroup', `${SAGEMAKER}:model-package-group/titanic-survival`],
  ['sagemaker:ListTags', `${SAGEMAKER}:model-package-group/titanic-survival`],
]);

/** The operator looks at numbers and logs, and keeps two keys (infra/operator-keys.ts). */
const operator = by('operator', [
  ['cloudwatch:GetMetricData', '*'],
  ['logs:FilterLogEvents', `${LOGS}:/titanic/bot`],
  ['logs:GetLogEvents', `${LOGS}:/titanic/bot:log-stream:task`],
  ['iam:CreateAccessKey', USER],
  ['iam:DeleteAccessKey', USER],
  ['iam:GetUser', USER],
  ['iam:ListAccessKeys', USER],
  ['iam:ListUserTags', USER],
  ['iam:UpdateAccessKey', USER],
  ['iam:TagUser', USER, { 'aws:TagKeys': ['data-science-user-primary'] }],
  ['iam:UntagUser', USER, { 'aws:TagKeys': ['data-science-user-rotation'] }],
]);

/** A job of the repository's that runs in the environment, or on the branch, that is named. */
const github = by('github', [
  ...['repo:octo/models:environment:titanic', 'repo:octo/models:ref:refs/heads/main'].map(
    (subject): Line => [
      'sts:AssumeRoleWithWebIdentity',
      `arn:aws:iam::${ACCOUNT}:role/titanic-pipeline`,
      {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': subject,
      },
    ],
  ),
]);

export const NAMED_CALLS: readonly IamRequest[] = [
  ...serverless,
  ...alarmTrial,
  ...inferenceApi,
  ...taskStarts,
  ...botSecrets,
  ...models,
  ...servingPlan,
  ...operator,
  ...github,
];

/** Permissions that the simulator cannot judge, by statement, and why they are there all the same. */
export const BEYOND_THE_SIMULATOR: Readonly<{ [sid: string]: string }> = {
  ListTheGroup: 'Terraform’s documentation grants ListModelPackages on the group, AWS’s on its packages',
  FromPackagesOfTheGroups:
    'AWS’s cross-account example grants CreateModel on packages; its reference names only models',
};

function secret(name: string): string {
  return `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:titanic/${name}-Ab12Cd`;
}

function repository(name: string): string {
  return `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/${name}`;
}
