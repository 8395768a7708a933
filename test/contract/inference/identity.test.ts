import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SageMakerRuntimeClient, type SageMakerRuntimeClientConfig } from '@aws-sdk/client-sagemaker-runtime';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createInferenceAws } from '../../../src/adapters/inference-aws.ts';
import { createIdentity, readRuntimeAddress } from '../../../src/adapters/inference-identity.ts';

const STATIC = Object.freeze({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' });
const MINUTE_MS = 60_000;

afterEach(() => {
  vi.unstubAllEnvs();
});

const addressOf = async (config: SageMakerRuntimeClientConfig) => {
  const client = new SageMakerRuntimeClient({ credentials: { ...STATIC }, ...config });
  return readRuntimeAddress(client).finally(() => client.destroy());
};

describe('the address of the runtime', () => {
  test.each<[SageMakerRuntimeClientConfig, string]>([
    [{ region: 'eu-west-1' }, 'https://runtime.sagemaker.eu-west-1.amazonaws.com'],
    [{ region: 'us-east-1', useFipsEndpoint: true }, 'https://runtime-fips.sagemaker.us-east-1.amazonaws.com'],
    [{ region: 'cn-north-1' }, 'https://runtime.sagemaker.cn-north-1.amazonaws.com.cn'],
    [{ region: 'eu-west-1', endpoint: 'http://127.0.0.1:4566' }, 'http://127.0.0.1:4566'],
  ])('is where the SDK itself would send an invocation: %j', async (config, origin) => {
    expect(await addressOf(config)).toEqual({ origin, region: config.region });
  });

  test("follows the SDK's own variables", async () => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME', 'http://127.0.0.1:9999');
    expect(await addressOf({})).toEqual({ origin: 'http://127.0.0.1:9999', region: 'eu-west-1' });
  });

  test('is refused where it has a path that the signature would not know', async () => {
    await expect(addressOf({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1/stage' })).rejects.toThrow(
      'must not have a path',
    );
  });
});

describe('the identity of the process', () => {
  function identityOf(provide: () => Promise<object>) {
    let nowMs = 1_000_000;
    let asked = 0;
    const identity = createIdentity(
      async () => {
        asked += 1;
        return { ...STATIC, ...(await provide()) };
      },
      () => nowMs,
    );
    return {
      identity,
      asked: () => asked,
      pass: (ms: number) => {
        nowMs += ms;
      },
      nowMs: () => nowMs,
    };
  }

  test('is asked for again every few seconds where it does not say when it ends, beside the requests', async () => {
    const { identity, asked, pass } = identityOf(async () => ({}));
    await identity.current();
    pass(4_999);
    expect(identity.current()).toEqual({ ...STATIC, sessionToken: undefined });
    expect(asked()).toBe(1);
    pass(1);
    for (let requests = 0; requests < 5; requests += 1) expect(identity.current()).toMatchObject(STATIC);
    expect(asked()).toBe(2);
  });

  test('stays what it was for as long as nothing is found in its place', async () => {
    let away = false;
    const setting = identityOf(async () => {
      if (away) throw new Error('away');
      return {};
    });
    await setting.identity.current();
    away = true;
    for (let looks = 2; looks < 5; looks += 1) {
      setting.pass(10 * MINUTE_MS);
      expect(setting.identity.current()).toMatchObject(STATIC);
      expect(setting.asked()).toBe(looks);
      // One look at a time: the next may begin when this one has failed.
      await nextTurn();
    }
  });

  test('is renewed beside the requests five minutes before it ends, and once', async () => {
    let session = 0;
    const setting = identityOf(async () => {
      session += 1;
      return { sessionToken: `session-${session}`, expiration: new Date(setting.nowMs() + 60 * MINUTE_MS) };
    });
    expect(await setting.identity.current()).toMatchObject({ sessionToken: 'session-1' });
    setting.pass(54 * MINUTE_MS);
    expect(setting.identity.current()).toMatchObject({ sessionToken: 'session-1' });
    setting.pass(2 * MINUTE_MS);
    for (let requests = 0; requests < 5; requests += 1) {
      expect(setting.identity.current()).toMatchObject({ sessionToken: 'session-1' });
    }
    await vi.waitFor(() => expect(setting.identity.current()).toMatchObject({ sessionToken: 'session-2' }));
    expect(setting.asked()).toBe(2);
  });

  test('goes on with what is valid while a renewal fails, and waits once it is not', async () => {
    let away = false;
    const setting = identityOf(async () => {
      if (away) throw new Error('away');
      return { expiration: new Date(setting.nowMs() + 10 * MINUTE_MS) };
    });
    await setting.identity.current();
    away = true;
    setting.pass(6 * MINUTE_MS);
    expect(setting.identity.current()).toMatchObject(STATIC);
    setting.pass(5 * MINUTE_MS);
    await expect(setting.identity.current()).rejects.toThrow('away');
    away = false;
    setting.pass(1_000);
    expect(await setting.identity.current()).toMatchObject(STATIC);
  });

  test('asks a provider that has none at most once a second, however many requests come', async () => {
    let away = true;
    const setting = identityOf(async () => {
      if (away) throw new Error('away');
      return {};
    });
    for (let requests = 0; requests < 5; requests += 1) {
      await expect(setting.identity.current()).rejects.toThrow('away');
    }
    expect(setting.asked()).toBe(1);
    setting.pass(1_000);
    await expect(setting.identity.current()).rejects.toThrow('away');
    expect(setting.asked()).toBe(2);
    away = false;
    setting.pass(1_000);
    expect(await setting.identity.current()).toMatchObject(STATIC);
  });

  test('asks a provider that hands out expired ones at most once a second, and lets AWS decide', async () => {
    const setting = identityOf(async () => ({ expiration: new Date(1) }));
    for (let requests = 0; requests < 5; requests += 1) expect(await setting.identity.current()).toMatchObject(STATIC);
    expect(setting.asked()).toBe(1);
    setting.pass(1_000);
    await setting.identity.current();
    expect(setting.asked()).toBe(2);
  });
});

describe('keys that are exchanged in a credentials file', () => {
  test('sign the next requests, and the next readings of which model serves, without a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'titanic-inference-keys-'));
    const file = join(folder, 'credentials');
    const write = (id: string) =>
      writeFileSync(file, `[default]\naws_access_key_id = ${id}\naws_secret_access_key = secret\n`);
    const signers: string[] = [];
    const server = createServer((request, response) => {
      signers.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '');
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{"__type":"ValidationException","message":"Could not find endpoint \\"e\\"."}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_ENDPOINT_URL_SAGEMAKER', `http://127.0.0.1:${port}`);

    let nowMs = 1_000_000;
    write('AKIAFIRST');
    const aws = createInferenceAws({ nowMs: () => nowMs, credentialsKeptMs: 0 });
    const reader = aws.reader('e');
    try {
      expect(await aws.identity.current()).toMatchObject({ accessKeyId: 'AKIAFIRST' });
      expect(await reader.describe()).toBeNull();
      write('AKIASECOND');
      nowMs += 5_000;
      await vi.waitFor(() => expect(aws.identity.current()).toMatchObject({ accessKeyId: 'AKIASECOND' }));
      await reader.describe();
      rmSync(file);
      nowMs += 5_000;
      expect(aws.identity.current()).toMatchObject({ accessKeyId: 'AKIASECOND' });
      await reader.describe();
      expect(signers).toEqual(['AKIAFIRST', 'AKIASECOND', 'AKIASECOND']);
    } finally {
      aws.destroy();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
