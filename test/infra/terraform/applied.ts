import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startListeningProxy } from './listening-proxy.ts';
import type { Moto } from './moto.ts';
import { MOTO_FORGETS } from './moto-gaps.ts';
import { INFRA, initialised, type Terraform } from './terraform.ts';

/** moto cannot delete it (HTTP 500). */
const UNDELETABLE = 'module.serving.aws_sagemaker_model_package_group.group["titanic-survival"]';

interface ResourceChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
  };
}

export interface Applied {
  readonly made: number;
  /** Differences of the second plan beyond what moto forgets. */
  readonly differences: readonly string[];
  /** Gaps of moto that were listed and not seen. */
  readonly healed: readonly string[];
  /** What of titanic's was gone after the destroy. */
  readonly lost: readonly string[];
  /** Resources that were left. */
  readonly left: readonly string[];
}

/** Applies everything to moto, plans again, lets titanic make its endpoints, and destroys. */
export async function applyPlanDestroy(moto: Moto): Promise<Applied> {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-applied-'));
  const terraform = initialised(INFRA);
  const state = `-state=${join(folder, 'terraform.tfstate')}`;
  const vars = await writeVariables(moto, folder);
  try {
    terraform.run(['apply', '-auto-approve', '-no-color', state, ...vars]);
    const planFile = join(folder, 'second.plan');
    terraform.run(['plan', '-no-color', `-out=${planFile}`, state, ...vars]);
    const changes = changesOf(terraform, planFile);
    const seen = changes.filter(({ change }) => change.actions.join() !== 'no-op').flatMap(differing);
    const known = Object.entries(MOTO_FORGETS).flatMap(([address, names]) =>
      names.map((name) => `${address}: ${name}`),
    );
    const theirs = await makeEndpoint(moto);
    terraform.run(['state', 'rm', state, UNDELETABLE]);
    terraform.run(['destroy', '-auto-approve', '-no-color', state, ...vars]);
    const left = terraform
      .run(['state', 'list', state])
      .out.split('\n')
      .filter((line) => line !== '' && !line.includes('data.'));
    return {
      made: changes.filter(({ change }) => change.before !== null).length,
      differences: seen.filter((one) => !known.includes(one)),
      healed: known.filter((one) => !seen.includes(one)),
      lost: await gone(moto, theirs),
      left,
    };
  } finally {
    terraform.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function changesOf(terraform: Terraform, planFile: string): readonly ResourceChange[] {
  const shown: unknown = JSON.parse(terraform.run(['show', '-json', planFile]).out);
  return (shown as { resource_changes: readonly ResourceChange[] }).resource_changes;
}

function differing({ address, change }: ResourceChange): readonly string[] {
  const { actions, before, after, after_unknown: unknown } = change;
  if (before === null || after === null) return [`${address}: ${actions.join(' and ')}`];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => unknown[name] !== true && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map((name) => `${address}: ${name}`);
}

async function writeVariables(moto: Moto, folder: string): Promise<readonly string[]> {
  const subnets = await moto.query('ec2', { Action: 'DescribeSubnets', Version: '2016-11-15' });
  const ids = [...subnets.matchAll(/<subnetId>([^<]+)</g)].map(([, id]) => id ?? '').slice(0, 2);
  const vpc = /<vpcId>([^<]+)</.exec(subnets)?.[1] ?? '';
  const asked = await moto.json('acm', 'CertificateManager.RequestCertificate', { DomainName: 'api.example.com' });
  const { CertificateArn: certificate } = asked as { CertificateArn: string };
  const variables = {
    region: 'us-east-1',
    local_endpoint: moto.url,
    services: { survival: { model_package_group: 'titanic-survival', expected_invocations: 1 } },
    model_data_arns: ['arn:aws:s3:::titanic-models/survival/*'],
    model_repository_arns: ['arn:aws:ecr:us-east-1:123456789012:repository/titanic-survival'],
    deletion_protection: false,
    secret_recovery_days: 0,
    network: { vpc_id: vpc, subnet_ids: ids },
    pipeline: { repository: 'octo/models', environments: ['titanic'], branches: ['main'] },
    bot: { image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/titanic-bot:0.1.0' },
    // Without an image: moto cannot tell the tags of an autoscaling target.
    inference_api: {
      service: 'survival',
      certificate_arn: certificate,
      lb_subnet_ids: ids,
      allowed_cidrs: ['10.0.0.0/8'],
      waf_requests_per_five_minutes: 2000,
      private_link: true,
    },
  };
  const file = join(folder, 'moto.tfvars.json');
  writeFileSync(file, JSON.stringify(variables));
  return [`-var-file=${file}`];
}

/** As titanic makes them: model, config, endpoint. Terraform must neither see nor remove them. */
async function makeEndpoint(moto: Moto): Promise<string> {
  const name = 'titanic-survival-staging';
  const make = (operation: string, body: object) => moto.json('sagemaker', `SageMaker.${operation}`, body);
  const ExecutionRoleArn = 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution';
  await make('CreateModel', { ModelName: `${name}-v1-r1`, ExecutionRoleArn, PrimaryContainer: { Image: 'x' } });
  const variant = {
    VariantName: 'AllTraffic',
    ModelName: `${name}-v1-r1`,
    InitialInstanceCount: 1,
    InstanceType: 'ml.m5.large',
  };
  await make('CreateEndpointConfig', { EndpointConfigName: `${name}-v1-r1`, ProductionVariants: [variant] });
  await make('CreateEndpoint', { EndpointName: name, EndpointConfigName: `${name}-v1-r1` });
  return name;
}

async function gone(moto: Moto, name: string): Promise<readonly string[]> {
  const looks = [
    ['DescribeEndpoint', { EndpointName: name }],
    ['DescribeEndpointConfig', { EndpointConfigName: `${name}-v1-r1` }],
    ['DescribeModel', { ModelName: `${name}-v1-r1` }],
  ] as const;
  const answers = await Promise.allSettled(
    looks.map(([what, body]) => moto.json('sagemaker', `SageMaker.${what}`, body)),
  );
  return answers.flatMap((answer, index) => (answer.status === 'rejected' ? [looks[index]?.[0] ?? ''] : []));
}

/** Which operations `terraform plan` of the serving module alone asks for, as IAM calls them. */
export async function heardFromServingPlan(moto: Moto): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-serving-'));
  const proxy = await startListeningProxy(moto.url);
  const module = join(INFRA, 'modules', 'serving');
  for (const file of readdirSync(module).filter((name) => name.endsWith('.tf'))) {
    copyFileSync(join(module, file), join(folder, file));
  }
  const services = ['cloudwatch', 'iam', 'logs', 'sagemaker', 'sts'].map((name) => `${name} = "${proxy.url}"`);
  writeFileSync(
    join(folder, 'provider.tf'),
    `provider "aws" {\n  region = "us-east-1"\n  skip_metadata_api_check = true\n  max_retries = 2\n  endpoints {\n    ${services.join('\n    ')}\n  }\n}\n`,
  );
  writeFileSync(
    join(folder, 'terraform.tfvars.json'),
    JSON.stringify({ region: 'us-east-1', services: { survival: { model_package_group: 'plan-of-operator' } } }),
  );
  const terraform = initialised(folder);
  try {
    await terraform.runBeside(['apply', '-auto-approve', '-no-color']);
    proxy.heard();
    await terraform.runBeside(['plan', '-no-color']);
    return proxy.heard();
  } finally {
    terraform.close();
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
