import { type Body, type Context, type IamRequest, OURS, type Of, tagContext } from './iam-request.ts';
import { ofCloudWatch } from './requests-of-cloudwatch.ts';
import type { TappedRequest } from './wire-tap.ts';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
const SAGEMAKER = `arn:aws:sagemaker:${REGION}:${ACCOUNT}`;
const TABLES = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table`;
/** What IAM is asked by a request as it went onto the wire; none for what needs no permission. */
export function requestsOf(tapped: TappedRequest, who: string): readonly IamRequest[] {
  const of = (action: string, resource: string, context: Context = {}) => ({ who, action, resource, context });
  if (tapped.path.includes('/invocations')) {
    const name = /^\/endpoints\/([^/]+)\/invocations/.exec(tapped.path)?.[1] ?? '';
    return [of('sagemaker:InvokeEndpoint', endpoint(name))];
  }
  if (tapped.service === 'sts') return assumed(new URLSearchParams(tapped.body ?? ''), of);
  const body = JSON.parse(tapped.body ?? '{}') as Body;
  const operation = tapped.target?.split('.')[1] ?? '';
  switch (tapped.service) {
    case 'dynamodb':
      return [ofTable(operation, body, of)];
    // CloudWatch signs as what it was once called.
    case 'monitoring':
      return ofCloudWatch(operation, body, of);
    default:
      return ofSageMaker(operation, body, of);
  }
}

function assumed(asked: URLSearchParams, of: Of): readonly IamRequest[] {
  // GetCallerIdentity is allowed to everybody, and cannot be forbidden.
  if (asked.get('Action') !== 'AssumeRole') return [];
  const session = asked.get('RoleSessionName') ?? '';
  return [of('sts:AssumeRole', asked.get('RoleArn') ?? '', { 'sts:RoleSessionName': session })];
}

function ofTable(operation: string, body: Body, of: Of): IamRequest {
  const table = `${TABLES}/${body.TableName}`;
  if (operation === 'DescribeTable' || operation === 'DescribeContinuousBackups') {
    return of(`dynamodb:${operation}`, table);
  }
  const named = (body.Item ?? body.Key ?? {}) as { pk?: { S: string } };
  const values = (body.ExpressionAttributeValues ?? {}) as { ':service'?: { S: string } };
  const partition = named.pk?.S ?? values[':service']?.S;
  if (partition === undefined) throw new Error(`${operation} names no partition`);
  return of(`dynamodb:${operation}`, table, { 'dynamodb:LeadingKeys': [partition] });
}

function ofSageMaker(operation: string, body: Body, of: Of): readonly IamRequest[] {
  const action = `sagemaker:${operation}`;
  const tags = tagContext(body.Tags);
  const tagged = (resource: string) =>
    of('sagemaker:AddTags', resource, { ...tags, 'sagemaker:TaggingAction': operation });
  switch (operation) {
    case 'CreateModel': {
      const arn = model(body.ModelName);
      const isolated = { 'sagemaker:NetworkIsolation': String(body.EnableNetworkIsolation ?? false) };
      const passed = of('iam:PassRole', String(body.ExecutionRoleArn), {
        'iam:PassedToService': 'sagemaker.amazonaws.com',
      });
      return [of(action, arn, { ...tags, ...isolated }), tagged(arn), passed];
    }
    case 'CreateEndpointConfig': {
      const arn = config(body.EndpointConfigName);
      return [of(action, arn, { ...tags, ...variantContext(body.ProductionVariants) }), tagged(arn)];
    }
    case 'CreateEndpoint': {
      const arn = endpoint(body.EndpointName);
      return [of(action, arn, tags), of(action, config(body.EndpointConfigName), tags), tagged(arn)];
    }
    case 'UpdateEndpoint':
      return [of(action, endpoint(body.EndpointName), OURS), of(action, config(body.EndpointConfigName), OURS)];
    case 'DeleteEndpoint':
      return [of(action, endpoint(body.EndpointName), OURS)];
    case 'DeleteEndpointConfig':
      return [of(action, config(body.EndpointConfigName), OURS)];
    case 'DeleteModel':
      return [of(action, model(body.ModelName), OURS)];
    case 'DescribeEndpoint':
      return [of(action, endpoint(body.EndpointName))];
    case 'DescribeEndpointConfig':
      return [of(action, config(body.EndpointConfigName))];
    case 'DescribeModel':
      return [of(action, model(body.ModelName))];
    case 'DescribeModelPackage':
      return [of(action, String(body.ModelPackageName))];
    case 'UpdateModelPackage':
      return [of(action, String(body.ModelPackageArn), packageContext(body))];
    case 'ListModelPackages':
      // The packages of a group; any of them stands for all.
      return [of(action, `${SAGEMAKER}:model-package/${groupName(body.ModelPackageGroupName)}/1`)];
    case 'ListTags':
      return [of(action, String(body.ResourceArn))];
    case 'ListEndpoints':
    case 'ListEndpointConfigs':
    case 'ListModels':
      return [of(action, '*')];
    default:
      throw new Error(`say here what IAM is asked by ${operation}`);
  }
}

const endpoint = (name: unknown) => `${SAGEMAKER}:endpoint/${name}`;
const config = (name: unknown) => `${SAGEMAKER}:endpoint-config/${name}`;
const model = (name: unknown) => `${SAGEMAKER}:model/${name}`;

function groupName(nameOrArn: unknown): string {
  return String(nameOrArn).split('/').at(-1) ?? '';
}

/** A decision, or where the package is. */
function packageContext(body: Body): Context {
  const { Stage, StageStatus } = (body.ModelLifeCycle ?? {}) as { Stage?: string; StageStatus?: string };
  const status = body.ModelApprovalStatus;
  return {
    ...(typeof status === 'string' ? { 'sagemaker:ModelApprovalStatus': status } : {}),
    ...(Stage === undefined ? {} : { 'sagemaker:ModelLifeCycle:Stage': Stage }),
    ...(StageStatus === undefined ? {} : { 'sagemaker:ModelLifeCycle:StageStatus': StageStatus }),
  };
}

interface Variant {
  readonly ModelName: string;
  readonly InstanceType?: string;
  readonly ServerlessConfig?: { readonly MemorySizeInMB: number; readonly MaxConcurrency: number };
}

function variantContext(variants: unknown): Context {
  const [{ ModelName, InstanceType, ServerlessConfig } = { ModelName: '' }] = variants as readonly Variant[];
  return {
    'sagemaker:ModelArn': model(ModelName),
    ...(InstanceType === undefined ? {} : { 'sagemaker:InstanceTypes': [InstanceType] }),
    ...(ServerlessConfig === undefined
      ? {}
      : {
          'sagemaker:ServerlessMemorySize': String(ServerlessConfig.MemorySizeInMB),
          'sagemaker:ServerlessMaxConcurrency': String(ServerlessConfig.MaxConcurrency),
        }),
  };
}
