import { seedSurvival } from './seed-survival.ts';
import { type RunningSageMaker, startSageMaker } from './start-sagemaker.ts';

export interface ServingOptions {
  readonly endpoint: string;
  /** Versions that get a model `m-N` and a config `c-N`; the first one is served. */
  readonly versions: readonly [number, ...number[]];
  /** How much faster than at AWS endpoints move once the first is there; default 60. */
  readonly speed?: number;
}

/** So fast that an endpoint is made in milliseconds. */
const SETUP_SPEED = 100_000;
const LOOK_EVERY_MS = 5;
const LOOKS_MAX = 2_000;

/** The emulator with an endpoint that serves already, for tests and benchmarks that are not about rollouts. */
export async function startServing({ endpoint, versions, speed = 60 }: ServingOptions): Promise<RunningSageMaker> {
  const sagemaker = await startSageMaker({ speed: SETUP_SPEED });
  await seedSurvival(sagemaker);
  const { control } = sagemaker;
  const packages = (await control.state()).modelPackages.map((one) => String(one.ModelPackageArn));
  for (const version of versions) {
    await control.console('CreateModel', {
      ModelName: `m-${version}`,
      PrimaryContainer: { ModelPackageName: packages.find((arn) => arn.endsWith(`/${version}`)) ?? '' },
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
    });
    await control.console('CreateEndpointConfig', {
      EndpointConfigName: `c-${version}`,
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: `m-${version}`, InitialInstanceCount: 1, InstanceType: 'ml.m5.large' },
      ],
      Tags: [{ Key: 'titanic:rollout', Value: `survival-${version}` }],
    });
  }
  await control.console('CreateEndpoint', { EndpointName: endpoint, EndpointConfigName: `c-${versions[0]}` });
  await settled(sagemaker);
  await control.setSpeed(speed);
  return sagemaker;
}

/** Waits until the only endpoint is InService, with this config where one is named. */
export async function settled({ control }: Pick<RunningSageMaker, 'control'>, configName?: string): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const [seen] = (await control.state()).endpoints;
    const there = configName === undefined || seen?.EndpointConfigName === configName;
    if (seen?.EndpointStatus === 'InService' && there) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error('The endpoint never came to rest.');
}
