import { seedSurvival } from '../../../sandbox/sagemaker/seed-survival.ts';
import { type RunningSageMaker, startSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';

export const ENDPOINT = 'titanic-survival-prod';

/** How much faster than at AWS the emulator's endpoints move in these tests: an update takes 18 ms. */
const SPEED = 20_000;

/** The emulator with a config for version 1 (`c-1`) and for version 3 (`c-3`, knows age), and an endpoint on `c-1`. */
export async function startServing(options: { readonly speed?: number } = {}): Promise<RunningSageMaker> {
  const sagemaker = await startSageMaker({ speed: SPEED });
  await seedSurvival(sagemaker);
  const { console: act, state, setSpeed } = sagemaker.control;
  const packages = (await state()).modelPackages.map((one) => String(one.ModelPackageArn));
  for (const version of [1, 3]) {
    await act('CreateModel', {
      ModelName: `m-${version}`,
      PrimaryContainer: { ModelPackageName: packages.find((arn) => arn.endsWith(`/${version}`)) ?? '' },
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
    });
    await act('CreateEndpointConfig', {
      EndpointConfigName: `c-${version}`,
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: `m-${version}`, InitialInstanceCount: 1, InstanceType: 'ml.m5.large' },
      ],
      Tags: [{ Key: 'titanic:rollout', Value: `survival-${version}` }],
    });
  }
  await act('CreateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'c-1' });
  await settled(sagemaker);
  await setSpeed(options.speed ?? SPEED);
  return sagemaker;
}

/** Waits until the endpoint is InService with a config, or with any. */
export async function settled({ control }: RunningSageMaker, configName?: string): Promise<void> {
  for (let looks = 0; looks < 2_000; looks += 1) {
    const [seen] = (await control.state()).endpoints;
    const there = configName === undefined || seen?.EndpointConfigName === configName;
    if (seen?.EndpointStatus === 'InService' && there) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('The endpoint never came to rest.');
}
