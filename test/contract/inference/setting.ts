import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { startServing } from '../../../sandbox/sagemaker/start-serving.ts';

export const ENDPOINT = 'titanic-survival-prod';

/** An update takes 18 ms. */
const SPEED = 20_000;

/** The emulator with a config for version 1, which serves, and one for version 3, which knows age. */
export function startSurvival(speed = SPEED): Promise<RunningSageMaker> {
  return startServing({ endpoint: ENDPOINT, versions: [1, 3], speed });
}
