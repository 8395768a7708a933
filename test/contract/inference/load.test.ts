/** Nothing is lost while the endpoint changes under load; the longer run is in bench/inference-load.ts. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { settled } from '../../../sandbox/sagemaker/start-serving.ts';
import { startApi, type TestApi, until } from './api-setting.ts';
import { ENDPOINT, startSurvival } from './setting.ts';

/** An update takes 0.36 s, long enough for several readings of which model serves. */
const SPEED = 1_000;
const ASKERS = 12;
const ANSWERS_OF_EACH = 20;
/** A boy of five: version 1 knows no age, so the two answer differently. */
const BOY = '{"class":3,"sex":"male","age":5}';

let sagemaker: RunningSageMaker;
let api: TestApi;

beforeAll(async () => {
  sagemaker = await startSurvival(SPEED);
  api = await startApi({ sagemaker: sagemaker.url });
  await until(async () => (await api.ask('/readyz')).ok);
});

afterAll(async () => {
  await api.stop();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

test('while prod is updated, scaled and rolled back, not one request fails that SageMaker did not fail', async () => {
  const failures: string[] = [];
  const answers = new Map<string, number>();
  let busy = true;

  async function asker(): Promise<void> {
    while (busy) {
      const reply = await api.predict(BOY).catch((error: unknown) => String(error));
      if (typeof reply === 'string' || reply.status !== 200) {
        failures.push(typeof reply === 'string' ? reply : `${reply.status} ${await reply.text()}`);
        continue;
      }
      const answer = await reply.text();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  }

  const askers = Array.from({ length: ASKERS }, asker);
  const { console: act } = sagemaker.control;
  // However slow the machine is: each model answers under the load before it goes on.
  const answered = (models: number) =>
    until(() => answers.size === models && Math.min(...answers.values()) >= ANSWERS_OF_EACH, 15_000);
  await answered(1);
  await act('UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'c-3' });
  await settled(sagemaker, 'c-3');
  await answered(2);
  await act('UpdateEndpointWeightsAndCapacities', {
    EndpointName: ENDPOINT,
    DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: 2 }],
  });
  await settled(sagemaker, 'c-3');
  await act('UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: 'c-1' });
  await settled(sagemaker, 'c-1');
  busy = false;
  await Promise.all(askers);

  expect(failures).toEqual([]);
  expect([...answers.keys()]).toHaveLength(2);
});
