import {
  ACCOUNT,
  ASKED,
  aPackage,
  aRole,
  by,
  type DeniedCase,
  endpoint,
  IAM,
  LOGS,
  model,
  OURS,
  PROD,
  SLACK,
  SMALL,
  STAGING,
  STAGING_CONFIG,
  SURVIVAL,
  secret,
  TABLE,
  TO_SAGEMAKER,
} from './tried.ts';

/* What everybody else must not. */

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
  ['read without naming a partition', 'dynamodb:GetItem', TABLE],
  ['list which groups are remembered', 'dynamodb:Query', TABLE, SLACK],
  ['write beside the groups', 'dynamodb:PutItem', TABLE, { 'dynamodb:LeadingKeys': ['slack#other'] }],
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
    'decide on a package and say where it is at once',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval', 'sagemaker:ModelLifeCycle:Stage': 'Production' },
  ],
  [
    'remove metadata while saying where it is',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    {
      'sagemaker:ModelLifeCycle:Stage': 'Production',
      'sagemaker:CustomerMetadataPropertiesToRemove': ['origin'],
    },
  ],
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
  ['be the bot', 'sts:AssumeRole', aRole('titanic-bot-task')],
  ['update prod by hand', 'sagemaker:UpdateEndpoint', PROD, OURS],
  ['delete staging by hand', 'sagemaker:DeleteEndpoint', STAGING, OURS],
  [
    'approve a package past the gate',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'Approved' },
  ],
  ['write an approval into the record', 'dynamodb:PutItem', TABLE, SURVIVAL],
  ['write who is in the groups', 'dynamodb:PutItem', TABLE, SLACK],
  ['read who is in the groups', 'dynamodb:GetItem', TABLE, SLACK],
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

/** What merges into a branch may run as this. */
const pipeline = by('pipeline', [
  ['create staging', 'sagemaker:CreateEndpoint', STAGING, ASKED],
  ['update staging', 'sagemaker:UpdateEndpoint', STAGING, OURS],
  ['update prod', 'sagemaker:UpdateEndpoint', PROD, OURS],
  ['delete staging', 'sagemaker:DeleteEndpoint', STAGING, OURS],
  ['make a model', 'sagemaker:CreateModel', model('titanic-survival-staging-v1-r1'), ASKED],
  ['make a config', 'sagemaker:CreateEndpointConfig', STAGING_CONFIG, SMALL],
  ['ask staging', 'sagemaker:InvokeEndpoint', STAGING],
  ['ask prod', 'sagemaker:InvokeEndpoint', PROD],
  [
    'take on the staging role',
    'sts:AssumeRole',
    aRole('titanic-staging'),
    { 'sts:RoleSessionName': 'titanic-staging' },
  ],
  ['take on the prod role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
  ['give a model its role', 'iam:PassRole', aRole('titanic-sagemaker-execution'), TO_SAGEMAKER],
  [
    'approve a package',
    'sagemaker:UpdateModelPackage',
    aPackage('titanic-survival/2'),
    { 'sagemaker:ModelApprovalStatus': 'Approved' },
  ],
  ['register a package', 'sagemaker:CreateModelPackage', aPackage('titanic-survival/9')],
  ['read a package of another group', 'sagemaker:DescribeModelPackage', aPackage('churn/1')],
  ['change an entry', 'dynamodb:UpdateItem', TABLE, SURVIVAL],
  ['delete an entry', 'dynamodb:DeleteItem', TABLE, SURVIVAL],
  ['write many entries at once', 'dynamodb:BatchWriteItem', TABLE, SURVIVAL],
  ['change an entry by PartiQL', 'dynamodb:PartiQLUpdate', TABLE, SURVIVAL],
  ['read the whole table', 'dynamodb:Scan', TABLE],
  [
    'append to the record of a service that is not configured',
    'dynamodb:PutItem',
    TABLE,
    { 'dynamodb:LeadingKeys': ['service#other'] },
  ],
  ['append without naming a partition', 'dynamodb:PutItem', TABLE],
  ['write who is in the groups', 'dynamodb:PutItem', TABLE, SLACK],
  ['read the bot’s Slack token', 'secretsmanager:GetSecretValue', secret('titanic/bot/slack-bot-token')],
]);

const CLAIM = 'token.actions.githubusercontent.com';
const job = (sub: string, aud = 'sts.amazonaws.com') => ({ [`${CLAIM}:aud`]: aud, [`${CLAIM}:sub`]: sub });
const INTO = ['sts:AssumeRoleWithWebIdentity', aRole('titanic-pipeline')] as const;

/** Jobs of GitHub's that are not the ones that were named. */
const github = by('github', [
  ['be of another repository', ...INTO, job('repo:octo/other:environment:titanic')],
  ['be of a fork', ...INTO, job('repo:mallory/models:ref:refs/heads/main')],
  ['be of a repository whose name only begins like it', ...INTO, job('repo:octo/models2:ref:refs/heads/main')],
  ['be of another branch', ...INTO, job('repo:octo/models:ref:refs/heads/main-2')],
  ['be of a tag', ...INTO, job('repo:octo/models:ref:refs/tags/main')],
  ['be of a pull request', ...INTO, job('repo:octo/models:pull_request')],
  ['be of another environment', ...INTO, job('repo:octo/models:environment:playground')],
  ['be meant for somebody else', ...INTO, job('repo:octo/models:environment:titanic', 'https://github.com/octo')],
  ['say nothing of itself', ...INTO],
  [
    'take on the prod role',
    'sts:AssumeRoleWithWebIdentity',
    aRole('titanic-prod'),
    job('repo:octo/models:environment:titanic'),
  ],
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
  ['write who is in the groups', 'dynamodb:PutItem', TABLE, SLACK],
  ['insert one by PartiQL', 'dynamodb:PartiQLInsert', TABLE],
  ['change an entry', 'dynamodb:UpdateItem', TABLE, SURVIVAL],
  ['delete an entry', 'dynamodb:DeleteItem', TABLE, SURVIVAL],
  ['delete many', 'dynamodb:BatchWriteItem', TABLE],
  ['delete one by PartiQL', 'dynamodb:PartiQLDelete', TABLE],
  ['take on the prod role', 'sts:AssumeRole', aRole('titanic-prod'), { 'sts:RoleSessionName': 'titanic-prod' }],
  ['be the bot', 'sts:AssumeRole', aRole('titanic-bot-task')],
]);

export const DENIED_TO_OTHERS: readonly DeniedCase[] = [
  ...bot,
  ...operator,
  ...inferenceApi,
  ...pipeline,
  ...github,
  ...models,
  ...starters,
  ...administrator,
];
