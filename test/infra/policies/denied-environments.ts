import {
  ACCOUNT,
  ASKED,
  aPackage,
  aRole,
  by,
  config,
  type DeniedCase,
  endpoint,
  model,
  OURS,
  PROD,
  PROD_CONFIG,
  SAGEMAKER,
  SMALL,
  STAGING,
  STAGING_CONFIG,
  SURVIVAL,
  TABLE,
  TO_SAGEMAKER,
} from './tried.ts';

/* What the two roles that touch endpoints must not. */

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
  ['look into a model of prod', 'sagemaker:DescribeModel', model('titanic-survival-prod-v1-r1')],
  ['delete what has the prefix and is no service’s', 'sagemaker:DeleteModel', model('titanic-left-over'), OURS],
  ['read the tags of somebody else’s model', 'sagemaker:ListTags', model('churn-v1')],
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

export const DENIED_TO_ENVIRONMENTS: readonly DeniedCase[] = [...staging, ...oneTagShort, ...prod];

function without(context: Readonly<{ [key: string]: string }>, key: string): Readonly<{ [key: string]: string }> {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== key));
}
