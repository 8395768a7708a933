/**
 * What the inference API costs: throughput and processor time beside Fastify with the SDK's client (and nginx where it
 * is installed) before a runtime that answers at once; and what it adds to one request to the emulator.
 */
import { hash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import autocannon from 'autocannon';
import { Client } from 'undici';
import { startInferenceApi } from '../sandbox/inference-process.ts';
import { startServing } from '../sandbox/sagemaker/start-serving.ts';
import { createInvocationSigner } from '../src/inference-api/runtime/sign.ts';
import { type BenchProcess, startBench } from './bench-process.ts';
import { startNginx } from './nginx-proxy.ts';

const ENDPOINT = 'titanic-survival-prod';
const BODY = '{"class":3,"sex":"male","age":30}';
const CONNECTIONS = 32;
const BLOCKS = 4;
const BLOCK_SECONDS = 3;
const WARM_UP_SECONDS = 2;
/** Of each of the two ways, one after the other in turn. */
const PAIRS = 2_000;
const WARM_UP_PAIRS = 500;

const folder = mkdtempSync(join(tmpdir(), 'titanic-bench-'));
const key = `titanic_${randomBytes(32).toString('base64url')}`;
const keys = [
  { id: 'bench', sha256: hash('sha256', key), scopes: ['predict'], perMinute: 1_000_000, burst: 1_000_000 },
];
writeFileSync(join(folder, 'keys.json'), JSON.stringify({ keys }));

const sagemaker = await startServing({ endpoint: ENDPOINT, versions: [1] });
const mock = await startBench('mock-runtime.ts', {});
const aws = {
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL_SAGEMAKER: sagemaker.url,
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
  const run = await autocannon({
    url: `http://127.0.0.1:${subject.port}/v1/predict`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: BODY,
    connections: CONNECTIONS,
    duration: seconds,
  });
  const cpuMs = (subject.cpuMs() ?? Number.NaN) - cpuBefore;
  return { requests: run.requests.total, seconds: run.duration, cpuMs, failed: run.non2xx + run.errors };
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

await overheadOver('a runtime that answers at once', `http://127.0.0.1:${mock.port}`);
await overheadOver('the emulator', sagemaker.url);
await mock.end();
await sagemaker.close();
rmSync(folder, { recursive: true, force: true });

/** One request at a time, directly and through the API in turn, so that whatever else the machine does meets both. */
async function overheadOver(what: string, runtimeUrl: string): Promise<void> {
  const api = await startInferenceApi({ ...aws, AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: runtimeUrl });
  const signer = createInvocationSigner({
    host: new URL(runtimeUrl).host,
    region: 'us-east-1',
    endpointName: ENDPOINT,
  });
  const identity = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const parts = {
    contentType: 'application/json',
    accept: 'application/json',
    body: BODY,
    inferenceId: 'i',
    customAttributes: 'c',
  };
  const direct = new Client(runtimeUrl);
  const through = new Client(`http://127.0.0.1:${api.port}`);
  const signed = signer.sign(parts, identity, Date.now());
  const ways = {
    direct: () => timed(direct, signer.path, signed),
    through: () => timed(through, '/v1/predict', ['content-type', 'application/json', 'x-api-key', key]),
  };
  const took = { direct: [] as number[], through: [] as number[] };
  for (let pair = 0; pair < WARM_UP_PAIRS + PAIRS; pair += 1) {
    for (const way of ['direct', 'through'] as const) {
      const ms = await ways[way]();
      if (pair >= WARM_UP_PAIRS) took[way].push(ms);
    }
  }
  const p50 = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  const [plain, proxied] = [p50(took.direct), p50(took.through)];
  console.log(
    `one at a time over ${what}: p50 directly ${plain.toFixed(3)} ms, through titanic ${proxied.toFixed(3)} ms: ` +
      `${(proxied - plain).toFixed(3)} ms more (n ${PAIRS} each)`,
  );
  await Promise.all([direct.close(), through.close()]);
  await api.end();
}

async function timed(client: Client, path: string, headers: string[]): Promise<number> {
  const startedMs = performance.now();
  const { statusCode, body } = await client.request({ method: 'POST', path, headers, body: BODY });
  await body.text();
  if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}.`);
  return performance.now() - startedMs;
}
