import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConfigModels, EndpointSight } from '../../../src/inference-api/ports.ts';
import { createServedModel, type ServedModel } from '../../../src/inference-api/served-model.ts';

const arn = (version: number) => `arn:aws:sagemaker:eu-west-1:123456789012:model-package/titanic-survival/${version}`;
const models = (...variants: [string, number | null][]): ConfigModels => ({
  rolloutId: null,
  variants: variants.map(([variant, version]) => ({ variant, packageArn: version === null ? null : arn(version) })),
});
const CHAINS: Record<string, ConfigModels> = {
  c1: models(['AllTraffic', 1]),
  c3: models(['AllTraffic', 3]),
  split: models(['a', 1], ['b', 3]),
  foreign: models(['AllTraffic', null]),
};

let endpoint: EndpointSight | null | Error;
let describes = 0;
let chains: string[] = [];
let failed = 0;
let served: ServedModel;

function at(configName: string, pendingConfigName: string | null = null, modifiedAtMs = 1_000): EndpointSight {
  return { status: pendingConfigName === null ? 'InService' : 'Updating', configName, pendingConfigName, modifiedAtMs };
}

beforeEach(async () => {
  vi.useFakeTimers();
  describes = 0;
  chains = [];
  failed = 0;
  endpoint = at('c1');
  served = createServedModel({
    reader: {
      async describe() {
        describes += 1;
        if (endpoint instanceof Error) throw endpoint;
        return endpoint;
      },
      async modelsOf(configName) {
        chains.push(configName);
        const found = CHAINS[configName];
        if (found === undefined) throw new Error('gone');
        return found;
      },
    },
    everyMs: 10_000,
    changingEveryMs: 2_000,
    nowMs: Date.now,
    onRead: (result) => {
      if (result === 'failed') failed += 1;
    },
    onChange: () => {},
  });
  served.start();
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  served.stop();
  vi.useRealTimers();
});

/** The next reading at rest. */
const look = (ms = 10_000) => vi.advanceTimersByTimeAsync(ms);

describe('which model serves', () => {
  test('is one version at rest, and its chain is read once', async () => {
    await look(60_000);
    expect(served.versionOf('AllTraffic')).toBe('1');
    expect(describes).toBe(7);
    expect(chains).toEqual(['c1']);
  });

  test('is one of two while an update is under way, which is looked at more often', async () => {
    endpoint = at('c1', 'c3');
    await look();
    expect(served.versionOf('AllTraffic')).toBe('1, 3');
    const before = describes;
    await look(10_000);
    expect(describes - before).toBe(5);
    endpoint = at('c3', null, 2_000);
    await look(2_000);
    expect(served.versionOf('AllTraffic')).toBe('3');
    expect(served.current()).toMatchObject({ sinceMs: 2_000, pending: null });
  });

  test('is not claimed while the update leads to what cannot be read', async () => {
    endpoint = at('c1', 'unreadable');
    await look();
    expect(served.versionOf('AllTraffic')).toBeUndefined();
  });

  test('is known for each of several variants', async () => {
    endpoint = at('split');
    await look();
    expect([served.versionOf('a'), served.versionOf('b'), served.versionOf('c')]).toEqual(['1', '3', undefined]);
  });

  test('has no version where it was not made of a registered package', async () => {
    endpoint = at('foreign');
    await look();
    expect(served.versionOf('AllTraffic')).toBeUndefined();
  });

  test('stays as it was known while it cannot be read', async () => {
    endpoint = new Error('away');
    await look(30_000);
    expect(failed).toBe(3);
    expect(served.versionOf('AllTraffic')).toBe('1');
  });

  test('is looked at soon, and once, when an unknown variant answers', async () => {
    for (let answers = 0; answers < 1_000; answers += 1) {
      served.versionOf('NewVariant');
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(describes).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(describes).toBe(2);
  });

  test('is nothing when there is no endpoint, and scaling does not change since when', async () => {
    endpoint = at('c1', null, 5_000);
    await look();
    expect(served.current()).toMatchObject({ sinceMs: 1_000 });
    endpoint = null;
    await look();
    expect(served.current()).toBeNull();
  });
});
