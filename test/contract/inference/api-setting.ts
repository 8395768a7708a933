import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { createPinoLogger } from '../../../src/adapters/pino-logger.ts';
import { composeInferenceApi, type InferenceApi } from '../../../src/inference-api/compose.ts';
import { readInferenceConfig } from '../../../src/inference-api/config.ts';
import { ENDPOINT } from './setting.ts';

/** The configuration counts in whole seconds; endpoints move faster here. */
const REFRESH_EVERY_MS = 50;

/** Keys by their holder; each is well formed. */
export const KEYS = Object.fromEntries(
  ['web', 'next', 'slow', 'metrics', 'expired'].map((id) => [id, `titanic_${id.padEnd(43, '_')}`]),
);

const entry = (id: string, scopes: string[], more: object = {}) => ({
  id,
  sha256: hash('sha256', KEYS[id] ?? ''),
  scopes,
  perMinute: 1_000_000,
  ...more,
});

export const KEY_LIST = {
  keys: [
    entry('web', ['predict', 'model']),
    entry('slow', ['predict'], { perMinute: 2, burst: 1 }),
    entry('metrics', ['metrics']),
    entry('expired', ['predict'], { expires: '2020-01-01T00:00:00Z' }),
  ],
};

export interface TestApi {
  readonly url: string;
  /** Everything it logged, as one text. */
  log(): string;
  /** A request with the key of `web`, unless another is given. */
  ask(path: string, init?: RequestInit & { readonly key?: string | null }): Promise<Response>;
  predict(body: string, contentType?: string): Promise<Response>;
  stop(): Promise<void>;
}

/** The real thing over the wire, composed as in production, told by variables as in production. */
export async function startApi(
  urls: { readonly sagemaker: string; readonly runtime?: string; readonly secrets?: string; readonly table?: string },
  more: Readonly<Record<string, string>> = {},
): Promise<TestApi> {
  vi.stubEnv('AWS_ENDPOINT_URL_SAGEMAKER', urls.sagemaker);
  vi.stubEnv('AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', urls.runtime ?? urls.sagemaker);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', urls.secrets ?? urls.sagemaker);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', urls.table ?? urls.sagemaker);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const folder = await mkdtemp(join(tmpdir(), 'titanic-inference-'));
  const keyFile = join(folder, 'keys.json');
  writeFileSync(keyFile, JSON.stringify(KEY_LIST));
  const read = readInferenceConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    ...(more.INFERENCE_API_POINTER_TABLE === undefined ? { INFERENCE_API_ENDPOINT: ENDPOINT } : {}),
    INFERENCE_API_AUTH: 'api-keys',
    ...(more.INFERENCE_API_AUTH === undefined && more.INFERENCE_API_KEYS_SECRET === undefined
      ? { INFERENCE_API_KEYS_FILE: keyFile }
      : {}),
    INFERENCE_API_DRAIN_SECONDS: '0',
    ...more,
  });
  if (!read.ok) throw new Error(read.message);
  const lines: string[] = [];
  const log = createPinoLogger('info', { write: (line: string) => void lines.push(line) });
  const api: InferenceApi = await composeInferenceApi({ ...read.config, refreshEveryMs: REFRESH_EVERY_MS }, log);
  const url = await api.start();
  const ask: TestApi['ask'] = (path, { key = KEYS.web ?? '', headers, ...init } = {}) => {
    const all = new Headers(headers);
    if (key !== null) all.set('x-api-key', key);
    return fetch(`${url}${path}`, { ...init, headers: all });
  };
  return {
    url,
    log: () => lines.join(''),
    ask,
    predict: (body, contentType = 'application/json') =>
      ask('/v1/predict', { method: 'POST', body, headers: { 'content-type': contentType } }),
    async stop() {
      await api.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Looks until something holds. */
export async function until(holds: () => Promise<boolean> | boolean, withinMs = 4_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface SeenProblem {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: readonly { readonly pointer?: string; readonly line?: number; readonly detail: string }[];
}

export async function problemIn(reply: Response): Promise<SeenProblem> {
  return (await reply.json()) as SeenProblem;
}
