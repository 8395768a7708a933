/** Whether anything is lost while prod is updated, scaled and rolled back under load; exit 1 if so. */
import process from 'node:process';
import { startInferenceApi } from '../sandbox/inference-process.ts';
import { createSageMakerControl } from '../sandbox/sagemaker/control-client.ts';
import { settled } from '../sandbox/sagemaker/start-serving.ts';
import { startBench } from './bench-process.ts';
import { closedLoop } from './closed-loop.ts';

const ENDPOINT = 'titanic-survival-prod';
const CONNECTIONS = 32;
const SECONDS = 30;
/** An update takes 1.8 s. */
const SPEED = 200;

const sagemaker = await startBench('serving.ts', { INFERENCE_API_ENDPOINT: ENDPOINT });
const url = `http://127.0.0.1:${sagemaker.port}`;
const control = createSageMakerControl(url);
await control.setSpeed(SPEED);
const api = await startInferenceApi({
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: url,
  PATH: process.env.PATH ?? '',
  INFERENCE_API_ENDPOINT: ENDPOINT,
  INFERENCE_API_AUTH: 'open-to-everybody',
  INFERENCE_API_REFRESH_SECONDS: '1',
});

let loading = true;
let changes = 0;
async function change(): Promise<void> {
  for (let live = 1; loading; live = live === 1 ? 3 : 1) {
    const next = `c-${live === 1 ? 3 : 1}`;
    await control.console('UpdateEndpoint', { EndpointName: ENDPOINT, EndpointConfigName: next });
    await settled({ control }, next);
    await control.console('UpdateEndpointWeightsAndCapacities', {
      EndpointName: ENDPOINT,
      DesiredWeightsAndCapacities: [{ VariantName: 'AllTraffic', DesiredInstanceCount: live === 1 ? 2 : 1 }],
    });
    await settled({ control }, next);
    changes += 2;
  }
}

const changing = change();
const { requests, failed } = await closedLoop({
  port: api.port,
  path: '/v1/predict',
  headers: { 'content-type': 'application/json' },
  body: '{"class":3,"sex":"male","age":5}',
  connections: CONNECTIONS,
  seconds: SECONDS,
});
loading = false;
await changing;
const answered = Object.entries((await control.state()).invocations).map(([fleet, count]) => `${fleet} ${count}`);
await api.end();
await sagemaker.end();
console.log(`answered by ${answered.join(', ')}`);
console.log(`${requests} requests over ${changes} updates and scalings of prod, failed ${failed}`);
if (failed > 0 || requests === 0) process.exit(1);
