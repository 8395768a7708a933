import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createInvocationSigner } from '../../../src/inference-api/runtime/sign.ts';

/** What signature-v4 hashes with. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

const letters = (alphabet: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: min, maxLength: max });
const ALNUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const requests = fc.record({
  host: fc.oneof(
    fc.constantFrom(
      'runtime.sagemaker.eu-west-1.amazonaws.com',
      '127.0.0.1:4566',
      'vpce-0a.runtime.sagemaker.us-east-1.vpce.amazonaws.com',
    ),
    fc
      .tuple(letters('abcdefgh-', 1, 20), fc.integer({ min: 1, max: 65_535 }))
      .map(([name, port]) => `a${name}a:${port}`),
  ),
  region: fc.constantFrom('us-east-1', 'eu-west-1', 'ap-southeast-7', 'us-gov-west-1', 'cn-north-1'),
  endpointName: letters(ALNUM, 1, 30).chain((a) => letters(ALNUM, 1, 30).map((b) => `${a}-${b}`)),
  identity: fc
    .record({
      accessKeyId: letters(ALNUM, 16, 24),
      secretAccessKey: letters(`${ALNUM}/+=`, 20, 60),
      token: fc.option(letters(`${ALNUM}/+=`, 1, 80)),
    })
    .map(({ token, ...keys }) => (token === null ? keys : { ...keys, sessionToken: token })),
  contentType: fc.constantFrom('application/json', 'text/csv'),
  body: fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.json(), fc.constant('')),
  inferenceId: letters(`${ALNUM}._:-`, 1, 64),
  customAttributes: letters('0123456789abcdef-', 55, 55).map((value) => `traceparent=${value}`),
  nowMs: fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2099, 11, 31) }),
});

test('signs thousands of generated requests exactly as @smithy/signature-v4 does', { timeout: 20_000 }, async () => {
  let withToken = 0;
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(requests, async ({ host, region, endpointName, identity, nowMs, ...parts }) => {
      const signer = createInvocationSigner({ host, region, endpointName });
      const own = pairs(signer.sign({ ...parts, accept: parts.contentType }, identity, nowMs));
      const reference = new SignatureV4({ service: 'sagemaker', region, credentials: identity, sha256: Sha256 });
      const theirs = await reference.sign(
        {
          method: 'POST',
          protocol: 'https:',
          hostname: host,
          path: `/endpoints/${endpointName}/invocations`,
          query: {},
          headers: {
            host,
            accept: parts.contentType,
            'content-type': parts.contentType,
            'x-amzn-sagemaker-inference-id': parts.inferenceId,
            'x-amzn-sagemaker-custom-attributes': parts.customAttributes,
          },
          body: parts.body,
        },
        { signingDate: new Date(nowMs) },
      );
      // Compared as text first: a deep comparison of thousands of equal objects takes longer than signing them.
      if (JSON.stringify(sorted(own)) !== JSON.stringify(sorted(theirs.headers))) expect(own).toEqual(theirs.headers);
      if ('sessionToken' in identity) withToken += 1;
      checked += 1;
    }),
    { numRuns: 2_000, seed: 1912 },
  );
  // The generator reaches both forms.
  expect(withToken).toBeGreaterThan(200);
  expect(checked - withToken).toBeGreaterThan(200);
});

test('one signer goes on signing alike over seconds, days and new credentials', async () => {
  const place = { host: 'runtime.sagemaker.eu-west-1.amazonaws.com', region: 'eu-west-1', endpointName: 'a-b' };
  const kept = createInvocationSigner(place);
  const parts = {
    contentType: 'text/csv',
    accept: 'text/csv',
    body: '1,female,',
    inferenceId: 'i',
    customAttributes: 'c',
  };
  const before = Date.UTC(2026, 10, 23, 23, 59, 59, 999);
  const rotations = ['first', 'second'].map((secretAccessKey) => ({ accessKeyId: secretAccessKey, secretAccessKey }));
  for (const nowMs of [before, before + 1, before, before + 86_400_000, before + 86_400_001]) {
    for (const identity of [...rotations, { ...rotations[0], sessionToken: 't' }, ...rotations]) {
      const as = { accessKeyId: 'x', secretAccessKey: 'y', ...identity };
      expect(kept.sign(parts, as, nowMs)).toEqual(createInvocationSigner(place).sign(parts, as, nowMs));
    }
  }
});

const sorted = (headers: Record<string, string>) => Object.entries(headers).sort();

function pairs(flat: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = 0; at < flat.length; at += 2) found[flat[at] ?? ''] = flat[at + 1] ?? '';
  return found;
}
