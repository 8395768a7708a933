import type { IamRequest } from '../record/requests-of.ts';

/** Something that must be refused, in words, and by whom it is tried. */
export interface DeniedCase extends IamRequest {
  readonly says: string;
}

const ACCOUNT = '123456789012';
const SAGEMAKER = `arn:aws:sagemaker:us-east-1:${ACCOUNT}`;
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/titanic-rollouts`;
const IAM = `arn:aws:iam::${ACCOUNT}`;
const LOGS = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group`;

const endpoint = (name: string) => `${SAGEMAKER}:endpoint/${name}`;
const config = (name: string) => `${SAGEMAKER}:endpoint-config/${name}`;
const model = (name: string) => `${SAGEMAKER}:model/${name}`;
const aPackage = (name: string) => `${SAGEMAKER}:model-package/${name}`;
const aRole = (name: string) => `${IAM}:role/${name}`;
const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${name}-Ab12Cd`;

const PROD = endpoint('titanic-survival-prod');
const STAGING = endpoint('titanic-survival-staging');
const PROD_CONFIG = config('titanic-survival-prod-v1-r1');
const STAGING_CONFIG = config('titanic-survival-staging-v1-r1');
const OURS = { 'aws:ResourceTag/project': 'titanic-sagemaker', 'aws:ResourceTag/tutorial_phase': '04' };
const ASKED = { 'aws:RequestTag/project': 'titanic-sagemaker', 'aws:RequestTag/tutorial_phase': '04' };
const SMALL = { ...ASKED, 'sagemaker:InstanceTypes': ['ml.m5.large'] };
const SURVIVAL = { 'dynamodb:LeadingKeys': ['service#survival'] };
const TO_SAGEMAKER = { 'iam:PassedToService': 'sagemaker.amazonaws.com' };

type Line = readonly [says: string, action: string, resource: string, context?: IamRequest['context']];

function by(who: string, lines: readonly Line[]): readonly DeniedCase[] {
  return lines.map(([says, action, resource, context = {}]) => ({ who, says, action, resource, context }));
}

/** The staging role can do nothing to prod, nor to anything that is not titanic's. */
const staging = by('staging', [
  ['update prod', 'sagemaker:UpdateEndpoint', PROD, OURS],
  ['update staging to a config of prod', 'sagemaker:UpdateEndpoint', PROD_CONFIG, OURS],
  ['create prod', 'sagemaker:CreateEndpoint', PROD, ASKED],
  ['create staging from a config of prod', 'sagemaker:CreateEndpoint', PROD_CONFIG, ASKED],
  ['delete prod', 'sagemaker:DeleteEndpoint', PROD, OURS],
  ['delete a config of prod', 'sagemaker:DeleteEndpointConfig', PROD_CONFIG, OURS],
  ['delete a model of prod', 'sagemaker:DeleteModel', model('titanic-survival-prod-v1-r1'), OURS],
  ['make a config for prod', 'sagemaker:CreateEndpointConfig', PROD_CONFIG, SMALL],
  ['make a model for prod', 'sagemaker:CreateModel', model('titanic-survival-prod-v1-r1'), ASKED],
  ['ask prod', 'sagemaker:InvokeEndpoint', PROD],
  ['look at prod', 'sagemaker:DescribeEndpoint', PROD],
  ['shift weights of staging', 'sagemaker:UpdateEndpointWeightsAndCapacities', STAGING, OURS],
  ['update somebody else’s endpoint', 'sagemaker:UpdateEndpoint', endpoint('churn-staging'), OURS],
  ['update an endpoint of another service', 'sagemaker:UpdateEndpoint', endpoint('titanic-other-staging'), OURS],
  [
    'update an endpoint that only begins like staging',
    'sagemaker:UpdateEndpoint',
    endpoint('titanic-survival-staging-2'),
    OURS,
  ],
  ['update an untagged endpoint', 'sagemaker:UpdateEndpoint', STAGING],
  ['delete an untagged endpoint', 'sagemaker:DeleteEndpoint', STAGING],
  [
    'delete one of another project',
    'sagemaker:DeleteEndpoint',
    STAGING,
    { ...OURS, 'aws:ResourceTag/project': 'churn' },
  ],
  [
    'delete one of another phase',
    'sagemaker:DeleteEndpoint',
    STAGING,
    { ...OURS, 'aws:ResourceTag/tutorial_phase': '03' },
  ],
  ['delete an untagged config', 'sagemaker:DeleteEndpointConfig', STAGING_CONFIG],
  ['delete somebody else’s model', 'sagemaker:DeleteModel', model('churn-v1'), OURS],
  ['create an endpoint without tags', 'sagemaker:CreateEndpoint', STAGING],
  [
    'create an endpoint without the phase',
    'sagemaker:CreateEndpoint',
    STAGING,
    { 'aws:RequestTag/project': 'titanic-sagemaker' },
  ],
  ['create a model without tags', 'sagemaker:CreateModel', model('titanic-survival-staging-v1-r1')],
  ['create a model of another name', 'sagemaker:CreateModel', model('churn-v1'), ASKED],
  [
    'create a config without tags',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { 'sagemaker:InstanceTypes': ['ml.m5.large'] },
  ],
  [
    'run on a larger machine',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { ...SMALL, 'sagemaker:InstanceTypes': ['ml.m5.xlarge'] },
  ],
  [
    'run on a GPU',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { ...SMALL, 'sagemaker:InstanceTypes': ['ml.p4d.24xlarge'] },
  ],
  [
    'run on one allowed and one forbidden machine',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { ...SMALL, 'sagemaker:InstanceTypes': ['ml.m5.large', 'ml.p4d.24xlarge'] },
  ],
  [
    'run with an accelerator',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { ...SMALL, 'sagemaker:AcceleratorTypes': ['ml.eia2.medium'] },
  ],
  [
    'run a larger serverless endpoint',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { ...ASKED, 'sagemaker:ServerlessMemorySize': '6144', 'sagemaker:ServerlessMaxConcurrency': '5' },
  ],
  [
    'run a wider serverless endpoint',
    'sagemaker:CreateEndpointConfig',
    STAGING_CONFIG,
    { ...ASKED, 'sagemaker:ServerlessMemorySize': '2048', 'sagemaker:ServerlessMaxConcurrency': '200' },
  ],
  ['tag an endpoint afterwards', 'sagemaker:AddTags', STAGING, ASKED],
  [
    'tag somebody else’s endpoint to make it ours',
    'sagemaker:AddTags',
    endpoint('churn'),
    { ...ASKED, 'sagemaker:TaggingAction': 'CreateEndpoint' },
  ],
  ['remove tags', 'sagemaker:DeleteTags', STAGING, { 'aws:TagKeys': ['project'] }],
  ['give a model the bot’s role', 'iam:PassRole', aRole('titanic-bot-task'), TO_SAGEMAKER],
  ['give a model an administrator’s role', 'iam:PassRole', aRole('administrator'), TO_SAGEMAKER],
  [
    'give the models’ role to Lambda',
    'iam:PassRole',
    aRole('titanic-sagemaker-execution'),
    { 'iam:PassedToService': 'lambda.amazonaws.com' },
  ],
  ['take on the prod role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
  ['read the record', 'dynamodb:Query', TABLE, SURVIVAL],
  ['write the record', 'dynamodb:PutItem', TABLE, SURVIVAL],
  [
    'approve a package',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'Approved' },
  ],
  ['start a training job', 'sagemaker:CreateTrainingJob', `${SAGEMAKER}:training-job/titanic-x`],
  ['open a notebook', 'sagemaker:CreatePresignedNotebookInstanceUrl', `${SAGEMAKER}:notebook-instance/titanic-x`],
]);

/** Everything right but one tag: each of them is needed, for each kind of call, in each environment. */
const oneTagShort = (['staging', 'prod'] as const).flatMap((who) => {
  const own = { endpoint: who === 'prod' ? PROD : STAGING, config: who === 'prod' ? PROD_CONFIG : STAGING_CONFIG };
  const ownModel = model(`titanic-survival-${who}-v1-r1`);
  return ['project', 'tutorial_phase'].flatMap((tag) => {
    const asked = without(ASKED, `aws:RequestTag/${tag}`);
    const carried = without(OURS, `aws:ResourceTag/${tag}`);
    return by(who, [
      [`make a model without ${tag}`, 'sagemaker:CreateModel', ownModel, asked],
      [
        `make a config without ${tag}`,
        'sagemaker:CreateEndpointConfig',
        own.config,
        { ...asked, 'sagemaker:InstanceTypes': ['ml.m5.large'] },
      ],
      [`make an endpoint without ${tag}`, 'sagemaker:CreateEndpoint', own.endpoint, asked],
      [`tag without ${tag}`, 'sagemaker:AddTags', ownModel, { ...asked, 'sagemaker:TaggingAction': 'CreateModel' }],
      [`update what lacks ${tag}`, 'sagemaker:UpdateEndpoint', own.endpoint, carried],
      [`delete a model that lacks ${tag}`, 'sagemaker:DeleteModel', ownModel, carried],
    ]);
  });
});

const prod = by('prod', [
  [
    'run prod with an accelerator',
    'sagemaker:CreateEndpointConfig',
    PROD_CONFIG,
    { ...SMALL, 'sagemaker:AcceleratorTypes': ['ml.eia2.medium'] },
  ],
  [
    'run prod with more serverless memory',
    'sagemaker:CreateEndpointConfig',
    PROD_CONFIG,
    { ...ASKED, 'sagemaker:ServerlessMemorySize': '3072', 'sagemaker:ServerlessMaxConcurrency': '5' },
  ],
  [
    'run prod with more serverless requests',
    'sagemaker:CreateEndpointConfig',
    PROD_CONFIG,
    { ...ASKED, 'sagemaker:ServerlessMemorySize': '2048', 'sagemaker:ServerlessMaxConcurrency': '11' },
  ],
  ['tag prod afterwards', 'sagemaker:AddTags', PROD, ASKED],
  [
    'give the models’ role to ECS',
    'iam:PassRole',
    aRole('titanic-sagemaker-execution'),
    { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
  ],
  ['delete prod, unless that is switched on', 'sagemaker:DeleteEndpoint', PROD, OURS],
  ['update staging', 'sagemaker:UpdateEndpoint', STAGING, OURS],
  ['update prod to a config of staging', 'sagemaker:UpdateEndpoint', STAGING_CONFIG, OURS],
  ['delete staging', 'sagemaker:DeleteEndpoint', STAGING, OURS],
  ['ask staging', 'sagemaker:InvokeEndpoint', STAGING],
  ['update an untagged prod', 'sagemaker:UpdateEndpoint', PROD],
  ['update prod to an untagged config', 'sagemaker:UpdateEndpoint', PROD_CONFIG],
  [
    'update prod to a config that titanic did not name',
    'sagemaker:UpdateEndpoint',
    config('titanic-survival-hotfix'),
    OURS,
  ],
  [
    'run prod on a GPU',
    'sagemaker:CreateEndpointConfig',
    PROD_CONFIG,
    { ...SMALL, 'sagemaker:InstanceTypes': ['ml.g5.xlarge'] },
  ],
  ['write the record', 'dynamodb:PutItem', TABLE, SURVIVAL],
  ['change a role', 'iam:PutRolePolicy', aRole('titanic-prod')],
  ['lift the boundary', 'iam:DeleteRolePermissionsBoundary', aRole('titanic-prod')],
  [
    'silence the alarms',
    'cloudwatch:DisableAlarmActions',
    `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:titanic-survival-prod-latency`,
  ],
]);

/** A stolen task role can append to the record and take on the two roles, and no more. */
const bot = by('bot-task', [
  ['delete an entry', 'dynamodb:DeleteItem', TABLE, SURVIVAL],
  ['change an entry', 'dynamodb:UpdateItem', TABLE, SURVIVAL],
  ['delete many entries', 'dynamodb:BatchWriteItem', TABLE, SURVIVAL],
  ['delete an entry by PartiQL', 'dynamodb:PartiQLDelete', TABLE, SURVIVAL],
  ['change an entry by PartiQL', 'dynamodb:PartiQLUpdate', TABLE, SURVIVAL],
  ['insert an entry by PartiQL', 'dynamodb:PartiQLInsert', TABLE, SURVIVAL],
  ['read the whole table', 'dynamodb:Scan', TABLE],
  [
    'write the record of a service that is not configured',
    'dynamodb:PutItem',
    TABLE,
    { 'dynamodb:LeadingKeys': ['service#other'] },
  ],
  ['read it', 'dynamodb:Query', TABLE, { 'dynamodb:LeadingKeys': ['service#other'] }],
  ['write without naming a partition', 'dynamodb:PutItem', TABLE],
  ['delete the table', 'dynamodb:DeleteTable', TABLE],
  ['lift the table’s protection', 'dynamodb:UpdateTable', TABLE],
  ['change the table’s policy', 'dynamodb:PutResourcePolicy', TABLE],
  ['turn backups off', 'dynamodb:UpdateContinuousBackups', TABLE],
  ['write into another table', 'dynamodb:PutItem', `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/payments`, SURVIVAL],
  [
    'approve a package of another group',
    'sagemaker:UpdateModelPackage',
    aPackage('churn/1'),
    { 'sagemaker:ModelApprovalStatus': 'Approved' },
  ],
  [
    'set a package back to pending',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' },
  ],
  ['change a package without deciding on it', 'sagemaker:UpdateModelPackage', aPackage('titanic-survival/2')],
  [
    'remove a package’s metadata',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'Approved', 'sagemaker:CustomerMetadataPropertiesToRemove': ['origin'] },
  ],
  ['delete a package', 'sagemaker:DeleteModelPackage', aPackage('titanic-survival/2')],
  ['register a package', 'sagemaker:CreateModelPackage', aPackage('titanic-survival/9')],
  ['read a package of another group', 'sagemaker:DescribeModelPackage', aPackage('churn/1')],
  ['update prod without the prod role', 'sagemaker:UpdateEndpoint', PROD, OURS],
  ['create staging without the staging role', 'sagemaker:CreateEndpoint', STAGING, ASKED],
  ['ask prod', 'sagemaker:InvokeEndpoint', PROD],
  ['take on an administrator’s role', 'sts:AssumeRole', aRole('administrator')],
  [
    'take on the prod role under another name',
    'sts:AssumeRole',
    aRole('titanic-prod'),
    { 'sts:RoleSessionName': 'somebody' },
  ],
  ['pass the models’ role itself', 'iam:PassRole', aRole('titanic-sagemaker-execution'), TO_SAGEMAKER],
  ['read its own Slack token', 'secretsmanager:GetSecretValue', secret('titanic/bot/slack-bot-token')],
  ['read another secret', 'secretsmanager:GetSecretValue', secret('payments/key')],
  ['make a user', 'iam:CreateUser', `${IAM}:user/x`],
]);

const operator = by('operator', [
  [
    'read the record of a service that is not configured',
    'dynamodb:Query',
    TABLE,
    { 'dynamodb:LeadingKeys': ['service#other'] },
  ],
  ['read without naming a partition', 'dynamodb:GetItem', TABLE],
  ['tag itself with nothing', 'iam:TagUser', `${IAM}:user/data-science-user`],
  ['take on the prod role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
  [
    'take on the staging role',
    'sts:AssumeRole',
    aRole('titanic-staging'),
    { 'sts:RoleSessionName': 'titanic-staging' },
  ],
  ['update prod by hand', 'sagemaker:UpdateEndpoint', PROD, OURS],
  ['delete staging by hand', 'sagemaker:DeleteEndpoint', STAGING, OURS],
  [
    'approve a package past the gate',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'Approved' },
  ],
  ['write an approval into the record', 'dynamodb:PutItem', TABLE, SURVIVAL],
  ['delete an entry', 'dynamodb:DeleteItem', TABLE, SURVIVAL],
  ['give itself more rights', 'iam:AttachUserPolicy', `${IAM}:user/data-science-user`],
  ['lift its boundary', 'iam:DeleteUserPermissionsBoundary', `${IAM}:user/data-science-user`],
  ['make keys for somebody else', 'iam:CreateAccessKey', `${IAM}:user/administrator`],
  ['tag itself with anything else', 'iam:TagUser', `${IAM}:user/data-science-user`, { 'aws:TagKeys': ['admin'] }],
  ['read the bot’s Slack token', 'secretsmanager:GetSecretValue', secret('titanic/bot/slack-bot-token')],
  ['read other logs', 'logs:GetLogEvents', `${LOGS}:/payments:log-stream:x`],
]);

const inferenceApi = by('inference-api-task', [
  ['ask staging', 'sagemaker:InvokeEndpoint', STAGING],
  ['ask another endpoint', 'sagemaker:InvokeEndpoint', endpoint('churn')],
  ['update prod', 'sagemaker:UpdateEndpoint', PROD, OURS],
  ['delete prod', 'sagemaker:DeleteEndpoint', PROD, OURS],
  ['read the record', 'dynamodb:Query', TABLE, SURVIVAL],
  ['read the bot’s secrets', 'secretsmanager:GetSecretValue', secret('titanic/bot/slack-bot-token')],
  ['take on the prod role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
]);

/** The models' container runs code that is not ours. */
const models = by('sagemaker-execution', [
  ['write into the models’ bucket', 's3:PutObject', 'arn:aws:s3:::titanic-models/survival/3/model.tar.gz'],
  ['read another bucket', 's3:GetObject', 'arn:aws:s3:::payroll/2026.csv'],
  ['read the record', 'dynamodb:Query', TABLE, SURVIVAL],
  ['ask prod', 'sagemaker:InvokeEndpoint', PROD],
  ['log somewhere else', 'logs:PutLogEvents', `${LOGS}:/titanic/bot:log-stream:x`],
  ['forge numbers of the bot', 'cloudwatch:PutMetricData', '*', { 'cloudwatch:namespace': 'Titanic' }],
  ['take on a role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
]);

const starters = [
  ...by('bot-execution', [
    ['read the API’s keys', 'secretsmanager:GetSecretValue', secret('titanic/inference-api/api-keys')],
    ['push an image', 'ecr:PutImage', `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/titanic-bot`],
    ['pull another image', 'ecr:BatchGetImage', `arn:aws:ecr:us-east-1:${ACCOUNT}:repository/payments`],
  ]),
  ...by('inference-api-execution', [
    [
      'read the API’s keys, which the task reads itself',
      'secretsmanager:GetSecretValue',
      secret('titanic/inference-api/api-keys'),
    ],
    ['read the bot’s secrets', 'secretsmanager:GetSecretValue', secret('titanic/bot/slack-bot-token')],
    ['log as the bot', 'logs:PutLogEvents', `${LOGS}:/titanic/bot:log-stream:x`],
  ]),
];

/** What the table's own policy refuses even to those who may do everything else. */
const administrator = by('administrator', [
  ['append an entry', 'dynamodb:PutItem', TABLE, SURVIVAL],
  ['insert one by PartiQL', 'dynamodb:PartiQLInsert', TABLE],
  ['change an entry', 'dynamodb:UpdateItem', TABLE, SURVIVAL],
  ['delete an entry', 'dynamodb:DeleteItem', TABLE, SURVIVAL],
  ['delete many', 'dynamodb:BatchWriteItem', TABLE],
  ['delete one by PartiQL', 'dynamodb:PartiQLDelete', TABLE],
  ['take on the prod role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
]);

export const DENIED: readonly DeniedCase[] = [
  ...staging,
  ...oneTagShort,
  ...prod,
  ...bot,
  ...operator,
  ...inferenceApi,
  ...models,
  ...starters,
  ...administrator,
];

function without(context: Readonly<{ [key: string]: string }>, key: string): Readonly<{ [key: string]: string }> {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== key));
}
