import { describe, expect, test } from 'vitest';
import { readInferenceConfig } from '../../../src/inference-api/config.ts';

const GOOD = { INFERENCE_API_ENDPOINT: 'titanic-survival-prod', INFERENCE_API_AUTH: 'open-to-everybody' };

const POINTED = { INFERENCE_API_POINTER_TABLE: 'titanic', INFERENCE_API_POINTER_SERVICE: 'survival' };

function faultsOf(env: Record<string, string>): string {
  const read = readInferenceConfig(env);
  return read.ok ? 'no faults' : read.message;
}

function configOf(env: Record<string, string> = {}) {
  const read = readInferenceConfig({ ...GOOD, ...env });
  if (!read.ok) throw new Error(read.message);
  return read.config;
}

describe('the configuration', () => {
  test('names all its faults at once, and repeats no value', () => {
    const message = faultsOf({
      PORT: '70000',
      INFERENCE_API_AUTH: 'sesame',
      INFERENCE_API_MAX_IN_FLIGHT: 'many',
      INFERENCE_API_CORS_ORIGINS: '*',
      INFERENCE_API_TIMEOUT: '1',
      INFERENCE_API_ENDPONT: 'x',
      INFERENCE_API_ALB_IDLE_SECONDS: '70',
    });
    for (const part of [
      'PORT: must be at most 65535',
      'INFERENCE_API_ENDPOINT: is missing; set it to the name of the endpoint',
      'INFERENCE_API_AUTH: must be api-keys, oidc or open-to-everybody',
      'INFERENCE_API_MAX_IN_FLIGHT: must be a number',
      'INFERENCE_API_CORS_ORIGINS: must be origins',
      'INFERENCE_API_TIMEOUT: is not known',
      'INFERENCE_API_ENDPONT: is not known; INFERENCE_API_ENDPOINT?',
      'each must be less than the next',
    ]) {
      expect(message).toContain(part);
    }
    expect(message).not.toContain('sesame');
  });

  test('is frozen, and in order: model before request before load balancer before our own connections', () => {
    const config = configOf();
    const { modelMs, requestMs, keepAliveMs, headersMs } = config.timeouts;
    expect([modelMs, requestMs, 75_000, keepAliveMs, headersMs]).toEqual([65_000, 70_000, 75_000, 80_000, 85_000]);
    expect(Object.isFrozen(config) && Object.isFrozen(config.timeouts) && Object.isFrozen(config.auth)).toBe(true);
  });

  test('says in words whether anybody may come in: leaving it out is a fault', () => {
    expect(faultsOf({ INFERENCE_API_ENDPOINT: 'a' })).toContain('INFERENCE_API_AUTH: must be');
  });

  test.each([
    [{ INFERENCE_API_AUTH: 'api-keys' }, 'needs one of'],
    [{ INFERENCE_API_AUTH: 'api-keys', INFERENCE_API_KEYS_FILE: 'a', INFERENCE_API_KEYS_SECRET: 'b' }, 'needs one of'],
    [{ INFERENCE_API_AUTH: 'oidc', INFERENCE_API_OIDC_AUDIENCE: 'a' }, 'needs INFERENCE_API_OIDC_ISSUER'],
    [{ INFERENCE_API_KEYS_FILE: 'a' }, 'has no effect'],
    [
      {
        INFERENCE_API_AUTH: 'oidc',
        INFERENCE_API_OIDC_ISSUER: 'http://login.example.com',
        INFERENCE_API_OIDC_AUDIENCE: 'a',
      },
      'https',
    ],
    [{ INFERENCE_API_ENDPOINT: 'a/../b' }, 'is no name of an endpoint'],
    [{ INFERENCE_API_MAX_BODY_BYTES: '6291457' }, 'must be at most 6291456'],
  ])('%j is refused', (env, why) => {
    expect(faultsOf({ ...GOOD, ...env })).toContain(why);
  });

  test('questions go to an endpoint, or where the pointer leads, which is read twice a second', () => {
    expect(configOf().serves).toEqual({ kind: 'endpoint', endpointName: 'titanic-survival-prod' });
    const read = readInferenceConfig({ ...POINTED, INFERENCE_API_AUTH: 'open-to-everybody' });
    if (!read.ok) throw new Error(read.message);
    expect(read.config.serves).toEqual({ kind: 'pointer', table: 'titanic', service: 'survival', everyMs: 500 });
  });

  test.each([
    [{ ...GOOD, ...POINTED }, 'set either the endpoint or the pointer'],
    [{ INFERENCE_API_POINTER_TABLE: 'titanic' }, 'INFERENCE_API_POINTER_SERVICE: is missing'],
    [{ INFERENCE_API_POINTER_SERVICE: 'survival' }, 'INFERENCE_API_POINTER_TABLE: is missing'],
    [{ ...GOOD, INFERENCE_API_POINTER_EVERY_MS: '500' }, 'has no effect without a pointer'],
    [{ ...POINTED, INFERENCE_API_POINTER_EVERY_MS: '10' }, 'INFERENCE_API_POINTER_EVERY_MS: must be at least 50'],
    [{ ...POINTED, INFERENCE_API_POINTER_SERVICE: 'a#b' }, 'INFERENCE_API_POINTER_SERVICE: is no name of a service'],
  ])('half a pointer, or two answers to one question, is one fault: %j', (env, why) => {
    expect(faultsOf({ INFERENCE_API_AUTH: 'open-to-everybody', ...env })).toContain(why);
  });

  test('a variable set to nothing counts as not set', () => {
    expect(configOf({ INFERENCE_API_KEYS_FILE: ' ', PORT: '' }).port).toBe(8080);
  });
});
