/**
 * What the inference API costs: throughput and processor time beside Fastify with the SDK's client (and nginx where it
 * is installed) before a runtime that answers at once; and what it adds to one request to the emulator.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { startInferenceApi } from '../sandbox/inference-process.ts';
import { createInvocationSigner } from '../src/inference-api/runtime/sign.ts';
import { type BenchProcess, startBench } from './bench-process.ts';
import { closedLoop } from './closed-loop.ts';
import { startNginx } from './nginx-proxy.ts';
import { ms, oneAtATime, SAMPLES } from './one-at-a-time.ts';

const ENDPOINT = 'titanic-survival-prod';
const BODY = '{"class":3,"sex":"male","age":30}';
const CONNECTIONS = 32;
const BLOCKS = 4;
const BLOCK_SECONDS = 3;
const WARM_UP_SECONDS = 2;

const folder = mkdtempSync(join(tmpdir(), 'titanic-bench-'));
const key = `titanic_${randomBytes(32).toString('base64url')}`;
const keys = [
  { id: 'bench', sha256: hash('sha256', key), scopes: ['predict'], perMinute: 1_000_000, burst: 1_000_000 },
];
writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys }));

const sagemaker = await startBench('serving.ts', { INFERENCE_API_ENDPOINT: ENDPOINT });
const sagemakerUrl = `http://127.0.0.1:${sagemaker.port}`;
const mock = await startBench('mock-runtime.ts', {});
const aws = {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL_SAGEMAKER: sagemakerUrl,
  PATH: process.env.PATH ?? '',
  INFERENCE_API_ENDPOINT: ENDPOINT,
  INFERENCE_API_AUTH: 'api-keys',
  INFERENCE_API_KEYS_FILE: join(folder, 'keys.json'),
};
const beforeMock = { ...aws, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: `http://127.0.0.1:${mock.port}` };
const own = await startInferenceApi(beforeMock);
const sdk = await startBench('fastify-sdk.ts', beforeMock);
const nginx = await startNginx(mock.port);
const subjects: Record<string, BenchProcess> = { titanic: own, 'Fastify + SDK': sdk, ...(nginx ? { nginx } : {}) };

interface Tally {
  requests: number;
  seconds: number;
  cpuMs: number;
  failed: number;
}
const tallies = new Map<string, Tally>();

async function load(subject: BenchProcess, seconds: number): Promise<Tally> {
  const cpuBefore = subject.cpuMs() ?? Number.NaN;
  const startedMs = performance.now();
  const run = await closedLoop({
    port: subject.port,
    path: '/v1/predict',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: BODY,
    connections: CONNECTIONS,
    seconds,
  });
  const cpuMs = (subject.cpuMs() ?? Number.NaN) - cpuBefore;
  return { ...run, seconds: (performance.now() - startedMs) / 1_000, cpuMs };
}

for (const subject of Object.values(subjects)) await load(subject, WARM_UP_SECONDS);
for (let block = 0; block < BLOCKS; block += 1) {
  for (const [name, subject] of Object.entries(subjects)) {
    const run = await load(subject, BLOCK_SECONDS);
    const sum = tallies.get(name) ?? { requests: 0, seconds: 0, cpuMs: 0, failed: 0 };
    tallies.set(name, {
      requests: sum.requests + run.requests,
      seconds: sum.seconds + run.seconds,
      cpuMs: sum.cpuMs + run.cpuMs,
      failed: sum.failed + run.failed,
    });
  }
}
const rate = ({ requests, seconds }: Tally) => requests / seconds;
const cpuUs = ({ requests, cpuMs }: Tally) => (cpuMs * 1_000) / requests;
for (const [name, tally] of tallies) {
  const figures = `${rate(tally).toFixed(0)} requests/s, ${cpuUs(tally).toFixed(0)} µs of processor each`;
  console.log(`${name.padEnd(13)} ${figures}, ${tally.requests} requests, failed ${tally.failed}`);
}
const [ours, theirs, floor] = ['titanic', 'Fastify + SDK', 'nginx'].map((name) => tallies.get(name));
if (ours !== undefined && theirs !== undefined) {
  const less = (cpuUs(theirs) / cpuUs(ours)).toFixed(2);
  console.log(
    `throughput, titanic to Fastify with the SDK: ×${(rate(ours) / rate(theirs)).toFixed(2)}; processor time per request: ${less} times less`,
  );
  if (floor !== undefined)
    console.log(`throughput, titanic to nginx as a bare proxy: ×${(rate(ours) / rate(floor)).toFixed(2)}`);
}
if (floor === undefined) console.log('nginx is not installed: left out');
for (const subject of [own, sdk, nginx]) await subject?.end();

await overheadOver('a runtime that answers at once', mock.port);
await overheadOver('the emulator', sagemaker.port);
await mock.end();
await sagemaker.end();
rmSync(folder, { recursive: true, force: true });

/** What is added to one request; and what the barest proxies add to it, below which nothing in between can be. */
async function overheadOver(what: string, runtimePort: number): Promise<void> {
  const runtimeUrl = `http://127.0.0.1:${runtimePort}`;
  const api = await startInferenceApi({ ...aws, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: runtimeUrl });
  const bare = await startBench('bare-proxy.ts', { BENCH_UPSTREAM: runtimeUrl });
  const proxy = await startNginx(runtimePort);
  const signer = createInvocationSigner({
    host: new URL(runtimeUrl).host,
    region: 'us-east-1',
    endpointName: ENDPOINT,
  });
  const parts = { contentType: 'application/json', accept: 'application/json', body: BODY, inferenceId: 'i' };
  const identity = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const signed = signer.sign({ ...parts, customAttributes: 'c' }, identity, Date.now());
  const keyed = ['content-type', 'application/json', 'x-api-key', key];
  const { path } = signer;
  const { direct, more } = await oneAtATime(
    [
      { name: 'directly', port: runtimePort, path, headers: signed },
      { name: 'titanic', port: api.port, path: '/v1/predict', headers: keyed },
      { name: 'node:http with undici and nothing else', port: bare.port, path, headers: signed },
      ...(proxy === null ? [] : [{ name: 'nginx', port: proxy.port, path, headers: signed }]),
    ],
    BODY,
  );
  console.log(`one at a time over ${what}: p50 directly ${ms(direct)}; median and range of ${SAMPLES}. More by way of`);
  for (const one of more) console.log(`  ${one.name.padEnd(40)}${ms(one)}`);
  for (const each of [api, bare, proxy]) await each?.end();
}
