/** A SageMaker emulator on a clock that the test turns, and the real AWS SDK pointed at it. */
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { SageMaker } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { STS } from '@aws-sdk/client-sts';
import {
  type RunningSageMaker,
  type SageMakerOptions,
  startSageMaker,
} from '../../sandbox/sagemaker/start-sagemaker.ts';

export const role = 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution';
export const arn = (type: string, name: string) => `arn:aws:sagemaker:us-east-1:123456789012:${type}/${name}`;
export const packageArn = (version: number) => arn('model-package', `titanic-survival/${version}`);

/** At speed 1, in milliseconds: small numbers that make the arithmetic of the tests easy to follow. */
export const durations = {
  createMs: 1000,
  updateMs: 1000,
  weightsMs: 200,
  goBackMs: 100,
  scaleMs: 500,
  deleteMs: 100,
  failedHealthCheckMs: 5000,
  systemUpdateMs: 300,
};

export interface Setup {
  readonly running: RunningSageMaker;
  readonly sagemaker: SageMaker;
  readonly runtime: SageMakerRuntime;
  readonly sts: STS;
  readonly cloudwatch: CloudWatch;
  nowMs(): number;
  pass(ms: number): void;
  close(): Promise<void>;
}

export async function setUp(options: SageMakerOptions = {}): Promise<Setup> {
  let nowMs = Date.UTC(2030, 0, 1);
  const running = await startSageMaker({ now: () => nowMs, speed: 1, durations, ...options });
  const client = {
    endpoint: running.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'none' },
    maxAttempts: 1,
  };
  const sagemaker = new SageMaker(client);
  const runtime = new SageMakerRuntime(client);
  const sts = new STS(client);
  const cloudwatch = new CloudWatch(client);
  return {
    running,
    sagemaker,
    runtime,
    sts,
    cloudwatch,
    nowMs: () => nowMs,
    pass: (ms) => {
      nowMs += ms;
    },
    async close() {
      for (const one of [sagemaker, runtime, sts, cloudwatch]) one.destroy();
      await running.close();
    },
  };
}

/** A model, and a config of the same name that serves it. */
export async function makeConfig(
  { sagemaker }: Setup,
  name: string,
  { behaviour = 'class-sex', count = 1 }: { behaviour?: string; count?: number } = {},
): Promise<void> {
  await sagemaker.createModel({
    ModelName: name,
    ExecutionRoleArn: role,
    PrimaryContainer: {
      Image: 'registry.example/survival:1',
      ModelDataUrl: `s3://titanic-models/${behaviour}/model.tar.gz`,
    },
  });
  await sagemaker.createEndpointConfig({
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: 'AllTraffic', ModelName: name, InstanceType: 'ml.m5.large', InitialInstanceCount: count },
    ],
  });
}

/** An endpoint in service with the config `v1`; a config `v2` lies ready. */
export async function makeEndpoint(setup: Setup, name = 'prod'): Promise<void> {
  await makeConfig(setup, 'v1');
  await makeConfig(setup, 'v2', { behaviour: 'class-sex-age', count: 2 });
  await setup.sagemaker.createEndpoint({ EndpointName: name, EndpointConfigName: 'v1' });
  setup.pass(durations.createMs);
}

export interface Refusal {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
}

/** What a call was refused with; fails the test if it was not. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
    const { httpStatusCode, requestId } = (metadata ?? {}) as { httpStatusCode?: number; requestId?: string };
    return { name: error.name, message: error.message, status: httpStatusCode, requestId };
  }
  throw new Error('The call was expected to be refused, and was not.');
}

/** Asks an endpoint about one passenger and answers the body as text. */
export async function ask({ runtime }: Setup, endpoint: string, body = '1,female,29', contentType = 'text/csv') {
  const reply = await runtime.invokeEndpoint({ EndpointName: endpoint, ContentType: contentType, Body: body });
  return Buffer.from(reply.Body ?? []).toString();
}
