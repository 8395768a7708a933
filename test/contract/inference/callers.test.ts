import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RunningSageMaker } from '../../../sandbox/sagemaker/start-sagemaker.ts';
import { createOidc } from '../../../src/inference-api/auth/oidc.ts';
import { KEY_LIST, KEYS, startApi, type TestApi, until } from './api-setting.ts';
import { startSurvival } from './setting.ts';

const BODY = '{"class":3,"sex":"male","age":30}';
const POST = { method: 'POST', body: BODY, headers: { 'content-type': 'application/json' } };

let sagemaker: RunningSageMaker;
let api: TestApi;

beforeAll(async () => {
  sagemaker = await startSurvival();
  api = await startApi({ sagemaker: sagemaker.url });
  await until(async () => (await api.ask('/readyz')).ok);
});

afterAll(async () => {
  await api.stop();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

const status = async (path: string, key: string | null, init: RequestInit = {}) =>
  (await api.ask(path, { ...init, key })).status;

describe('API keys', () => {
  test('a request without a key, or with a wrong one, is refused before its body is looked at', async () => {
    for (const key of [null, 'x', `titanic_${'x'.repeat(43)}`, `${KEYS.web}x`, KEYS.expired ?? '']) {
      const reply = await api.ask('/v1/predict', { ...POST, body: 'nonsense', key });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toContain('Bearer');
      expect(await reply.json()).toMatchObject({ type: '/docs#not-authenticated' });
    }
  });

  test('a key may also come as a bearer token', async () => {
    const headers = { ...POST.headers, authorization: `Bearer ${KEYS.web}` };
    expect(await status('/v1/predict', null, { ...POST, headers })).toBe(200);
  });

  test('each key may only what its scopes say', async () => {
    expect(await status('/v1/model', KEYS.web ?? '')).toBe(200);
    expect(await status('/metrics', KEYS.web ?? '')).toBe(403);
    expect(await status('/metrics', KEYS.metrics ?? '')).toBe(200);
    expect(await status('/v1/predict', KEYS.metrics ?? '', POST)).toBe(403);
  });

  test('health, readiness and documentation need none', async () => {
    for (const path of ['/healthz', '/readyz', '/docs', '/docs/openapi.json'])
      expect(await status(path, null)).toBe(200);
  });

  test('each key has a rate of its own, and is told how long to wait', async () => {
    expect(await status('/v1/predict', KEYS.slow ?? '', POST)).toBe(200);
    const reply = await api.ask('/v1/predict', { ...POST, key: KEYS.slow ?? '' });
    expect(reply.status).toBe(429);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(20);
    expect(await status('/v1/predict', KEYS.web ?? '', POST)).toBe(200);
  });

  test('they may stand in Secrets Manager', async () => {
    const secrets = await listening((request, response) => {
      expect(request.headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ SecretString: JSON.stringify(KEY_LIST) }));
    });
    const other = await startApi(
      { sagemaker: sagemaker.url, secrets: secrets.url },
      { INFERENCE_API_KEYS_SECRET: 'titanic/inference-api/keys' },
    );
    expect((await other.ask('/v1/predict', POST)).status).toBe(200);
    await other.stop();
    secrets.server.close();
  });
});

describe('what cannot be checked', () => {
  async function expectUncheckable(other: TestApi, headers: Record<string, string>): Promise<void> {
    const reply = await other.ask('/v1/predict', { ...POST, headers: { ...POST.headers, ...headers }, key: null });
    expect(reply.status).toBe(503);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(reply.headers.has('www-authenticate')).toBe(false);
    expect(await reply.json()).toMatchObject({ type: '/docs#credentials-uncheckable' });
    expect((await other.ask('/v1/predict', { ...POST, key: null })).status).toBe(401);
    const ready = await other.ask('/readyz', { key: null });
    expect(await ready.json()).toMatchObject({
      missing: expect.arrayContaining(['callers cannot be told apart yet']),
    });
    expect(ready.status).toBe(503);
  }

  test('because Secrets Manager refuses the keys is nobody that is refused', async () => {
    const secrets = await listening((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end('{"__type":"AccessDeniedException","message":"no"}');
    });
    const urls = { sagemaker: sagemaker.url, secrets: secrets.url };
    const other = await startApi(urls, { INFERENCE_API_KEYS_SECRET: 'titanic/inference-api/keys' });
    await expectUncheckable(other, { 'x-api-key': KEYS.web ?? '' });
    await other.stop();
    secrets.server.close();
  });

  test("because the issuer's keys cannot be fetched is nobody that is refused", async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const issuer = await listening((_, response) => response.writeHead(500).end());
    const other = await startApi(
      { sagemaker: sagemaker.url },
      {
        INFERENCE_API_AUTH: 'oidc',
        INFERENCE_API_OIDC_ISSUER: issuer.url,
        INFERENCE_API_OIDC_AUDIENCE: 'titanic',
        INFERENCE_API_OIDC_JWKS_URL: `${issuer.url}/keys`,
      },
    );
    const token = await new SignJWT({ sub: 'somebody' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    await expectUncheckable(other, { authorization: `Bearer ${token}` });
    expect(other.log()).toContain('keys cannot be read');
    await other.stop();
    issuer.server.close();
  });
});

describe('an OpenID Connect issuer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is asked again until its keys are there, and its being away later is told once and held against nobody', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    let away = true;
    const issuer = await listening((_, response) => {
      response.writeHead(away ? 500 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
    });
    const faults: string[] = [];
    const door = createOidc({
      issuer: issuer.url,
      audience: 'titanic',
      jwksUrl: `${issuer.url}/keys`,
      rate: { perMinute: 1, burst: 1 },
      nowMs: Date.now,
      onFault: (why) => faults.push(why),
    });
    const token = await new SignJWT({ iss: issuer.url, aud: 'titanic', sub: 'somebody' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setExpirationTime('2h')
      .sign(privateKey);
    const authenticate = (bearer: string) =>
      door.authenticate({ authorization: `Bearer ${bearer}`, apiKey: undefined });

    await door.start();
    expect([door.isReady(), await authenticate(token), faults.length]).toEqual([false, 'uncheckable', 1]);
    away = false;
    vi.advanceTimersByTime(5_000);
    await vi.waitFor(() => expect(door.isReady()).toBe(true));
    expect(await authenticate(token)).toMatchObject({ id: `${issuer.url}#somebody` });
    expect(await authenticate('x.y.z')).toBeNull();

    // Longer than `jose` believes the keys that it has.
    vi.setSystemTime(Date.now() + 3_600_000);
    away = true;
    expect(await Promise.all([authenticate(token), authenticate(token)])).toEqual(['uncheckable', 'uncheckable']);
    expect(await authenticate(token)).toBe('uncheckable');
    expect(faults).toHaveLength(2);
    away = false;
    expect(await authenticate(token)).toMatchObject({ id: `${issuer.url}#somebody` });
    door.stop();
    issuer.server.close();
  });

  test('vouches for callers, their scopes and nothing else', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const foreign = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    const issuer = await listening((request, response) => {
      const body = request.url === '/keys' ? { keys: [jwk] } : { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const other = await startApi(
      { sagemaker: sagemaker.url },
      {
        INFERENCE_API_AUTH: 'oidc',
        INFERENCE_API_OIDC_ISSUER: issuer.url,
        INFERENCE_API_OIDC_AUDIENCE: 'titanic',
      },
    );
    const token = (claims: JWTPayload, key = privateKey, header: object = {}) =>
      new SignJWT({ iss: issuer.url, aud: 'titanic', sub: 'somebody', scope: 'openid titanic/predict', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
        .setExpirationTime(claims.exp ?? '5m')
        .sign(key);
    const ask = async (bearer: string, path = '/v1/predict') => {
      const headers = { ...POST.headers, authorization: `Bearer ${bearer}` };
      const init = path === '/v1/predict' ? POST : { method: 'GET' };
      return (await other.ask(path, { ...init, headers, key: null })).status;
    };
    expect(await ask(await token({}))).toBe(200);
    expect(await ask(await token({}), '/v1/model')).toBe(403);
    expect(await ask(await token({ scope: undefined, scp: ['titanic:model'] }), '/v1/model')).not.toBe(403);
    for (const wrong of [
      await token({}, foreign.privateKey),
      await token({ aud: 'another' }),
      await token({ iss: 'https://elsewhere.example' }),
      await token({ exp: 1 }),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await token({})).split('.')[1]}.`,
      KEYS.web ?? '',
      'x.y.z',
    ]) {
      expect(await ask(wrong)).toBe(401);
    }
    await other.stop();
    issuer.server.close();
  });
});

test('everybody may come in only where the configuration says so in words', async () => {
  const open = await startApi({ sagemaker: sagemaker.url }, { INFERENCE_API_AUTH: 'open-to-everybody' });
  expect((await open.ask('/v1/predict', { ...POST, key: null })).status).toBe(200);
  expect(open.log()).toContain('open to everybody');
  await open.stop();
});

async function listening(answer: Parameters<typeof createServer>[1]): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
