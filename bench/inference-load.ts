/**
 * Whether anything is lost while prod is updated, scaled, and taken back in the middle of a canary under load; exit 1 if
 * so.
 */
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { startInferenceApi } from '../sandbox/inference-process.ts';
import { createSageMakerControl } from '../sandbox/sagemaker/control-client.ts';
import { settled } from '../sandbox/sagemaker/start-serving.ts';
import { startBench } from './bench-process.ts';
import { closedLoop } from './closed-loop.ts';

const ENDPOINT = 'titanic-survival-prod';
const CONNECTIONS = 32;
const SECONDS = 60;
/** An update takes 1.8 s. */
const SPEED = 200;
/** At most until a canary has answered something, and how often that is looked at. Milliseconds. */
const CANARY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 20;

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

/** As `/titanic rollback` sets it: what it watches is nothing. */
const SWITCH = 'kill-switch';
await control.console('PutMetricAlarm', {
  AlarmName: SWITCH,
  Namespace: 'Titanic',
  MetricName: 'RollBack',
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 1,
  TreatMissingData: 'ignore',
});
const set = (StateValue: 'OK' | 'ALARM') =>
  control.console('SetAlarmState', { AlarmName: SWITCH, StateValue, StateReason: 'a benchmark' });

const half = { Type: 'CAPACITY_PERCENT', Value: 50 };
const CANARY = {
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: { Type: 'CANARY', CanarySize: half, WaitIntervalInSeconds: 600 },
    TerminationWaitInSeconds: 60,
  },
  AutoRollbackConfiguration: { Alarms: [{ AlarmName: SWITCH }] },
};

/** Half of the traffic is on the new fleet when its alarm goes off, and SageMaker goes back by itself. */
async function takenBack(from: string, to: string): Promise<void> {
  await set('OK');
  const answeredBefore = await answersOf(to);
  await control.console('UpdateEndpoint', {
    EndpointName: ENDPOINT,
    EndpointConfigName: to,
    // As many instances as there are now: a canary cannot have a part of one.
    RetainAllVariantProperties: true,
    DeploymentConfig: CANARY,
  });
  for (const untilMs = performance.now() + CANARY_WITHIN_MS; (await answersOf(to)) === answeredBefore; ) {
    if (performance.now() > untilMs) throw new Error(`${to} never got a part of the traffic.`);
    await wait(LOOK_EVERY_MS);
  }
  await set('ALARM');
  await settled({ control }, from);
  takenBackTimes += 1;
}

async function answersOf(config: string): Promise<number> {
  const { invocations } = await control.state();
  const ofConfig = Object.entries(invocations).filter(([fleet]) => fleet.includes(`/${config}/`));
  return ofConfig.reduce((sum, [, count]) => sum + count, 0);
}

let loading = true;
let changes = 0;
let takenBackTimes = 0;
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
    if (live === 1) await takenBack(next, 'c-1');
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
const over = `${changes} updates and scalings of prod and ${takenBackTimes} canaries that were taken back`;
console.log(`${requests} requests over ${over}, failed ${failed}`);
if (failed > 0 || requests === 0 || takenBackTimes === 0) process.exit(1);
