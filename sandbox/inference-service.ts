import { hash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type InferenceProcess, startInferenceApi } from './inference-process.ts';

/** The inference API of the sandbox, with a key for whoever asks on this machine. */
export interface InferenceService {
  readonly url: string;
  /** Sent as `X-API-Key`. Made anew at each start. */
  readonly key: string;
  end(): Promise<void>;
}

const SCOPES = ['predict', 'model', 'metrics'];

/** Starts it in front of prod, with nothing but where AWS is. It asks for a key, as in production. */
export async function startInferenceService(
  aws: Readonly<Record<string, string>>,
  endpointName: string,
): Promise<InferenceService> {
  const key = `titanic_${randomBytes(32).toString('base64url')}`;
  const folder = await mkdtemp(join(tmpdir(), 'titanic-inference-keys-'));
  const file = join(folder, 'keys.json');
  const entry = { id: 'sandbox', sha256: hash('sha256', key), scopes: SCOPES, perMinute: 60_000 };
  await writeFile(file, JSON.stringify({ keys: [entry] }), { mode: 0o600 });
  const api: InferenceProcess = await startInferenceApi({
    ...aws,
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    INFERENCE_API_ENDPOINT: endpointName,
    INFERENCE_API_AUTH: 'api-keys',
    INFERENCE_API_KEYS_FILE: file,
    // Endpoints move much faster here than at AWS.
    INFERENCE_API_REFRESH_SECONDS: '1',
  });
  return {
    url: api.url,
    key,
    async end() {
      await api.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
