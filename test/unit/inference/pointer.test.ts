import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PointedAt } from '../../../src/inference-api/ports.ts';
import type { Served, ServedModel } from '../../../src/inference-api/served-model.ts';
import { type FollowedPointer, followPointer } from '../../../src/inference-api/serving/pointer.ts';
import { type Serving, servePointer } from '../../../src/inference-api/serving/serving.ts';

const EVERY_MS = 500;

const at = (seq: number, colour: string, version: number | null = seq): PointedAt => ({
  seq,
  endpointName: `prod-${colour}`,
  configName: `c-${seq}`,
  version,
  at: '2026-12-01T08:00:00.000Z',
});

let stored: PointedAt | null | Error;
let answersAfterMs: number;
let reads: number;
let faults: string[];
let flips: string[];
let pointer: FollowedPointer;

function follow(onFlip: (to: PointedAt) => void = () => {}): FollowedPointer {
  return followPointer({
    reader: {
      async read() {
        reads += 1;
        const read = stored;
        if (answersAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, answersAfterMs));
        if (read instanceof Error) throw read;
        return read;
      },
    },
    everyMs: EVERY_MS,
    nowMs: () => performance.now(),
    onRead: (_, why) => {
      if (why !== undefined) faults.push(why);
    },
    onFlip(to) {
      flips.push(to.endpointName);
      onFlip(to);
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  stored = at(5, 'blue');
  answersAfterMs = 0;
  reads = 0;
  faults = [];
  flips = [];
  pointer = follow();
});

afterEach(() => {
  pointer.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the pointer', () => {
  test('is unknown until it was read once, whatever is the matter', async () => {
    stored = new Error('away');
    pointer.start();
    await pass(2_000);
    expect(pointer.current()).toBeUndefined();
    stored = null;
    await pass(EVERY_MS);
    expect(pointer.current()).toBeUndefined();
    expect(faults.at(-1)).toBe('there is no pointer');
    stored = at(5, 'blue');
    await pass(EVERY_MS);
    expect(pointer.current()).toMatchObject({ endpointName: 'prod-blue', readAgoMs: 0 });
  });

  test('is followed within one interval, and a flip is told once', async () => {
    pointer.start();
    await pass(EVERY_MS - 1);
    stored = at(9, 'green');
    await pass(EVERY_MS);
    expect(pointer.current()).toMatchObject({ seq: 9, endpointName: 'prod-green' });
    await pass(10 * EVERY_MS);
    expect(flips).toEqual(['prod-blue', 'prod-green']);
  });

  test('is read at the interval however long a reading takes, and never twice at once', async () => {
    answersAfterMs = 400;
    pointer.start();
    await pass(10 * EVERY_MS - 1);
    expect(reads).toBe(10);
    answersAfterMs = 3 * EVERY_MS;
    await pass(2 * EVERY_MS);
    const before = reads;
    await pass(30 * EVERY_MS);
    expect(reads - before).toBe(10);
  });

  test('stays where it was known to lead while it cannot be read, and says how old that is', async () => {
    pointer.start();
    await pass(0);
    for (const nothing of [new Error('away'), null]) {
      stored = nothing;
      await pass(30_000);
      expect(pointer.current()).toMatchObject({ endpointName: 'prod-blue' });
    }
    expect(pointer.current()?.readAgoMs).toBe(60_000);
    stored = at(9, 'green');
    await pass(EVERY_MS);
    expect(pointer.current()).toMatchObject({ endpointName: 'prod-green', readAgoMs: 0 });
  });

  test.each([
    ['of an earlier entry', at(4, 'green'), 'went back from entry 5 to 4'],
    ['changed under the same entry', at(5, 'green'), 'of entry 5 was changed'],
  ])('%s is not followed, and not taken for fresh', async (_, forged, why) => {
    pointer.start();
    await pass(0);
    stored = forged;
    await pass(5_000);
    expect(pointer.current()).toMatchObject({ seq: 5, endpointName: 'prod-blue', readAgoMs: 5_000 });
    expect(faults.at(-1)).toContain(why);
  });
});

describe('what is served by the pointer', () => {
  const ofVersion = (version: string): Served => ({
    endpoint: { status: 'InService', configName: 'c', pendingConfigName: null, modifiedAtMs: 0 },
    live: { rolloutId: null, variants: [{ variant: 'AllTraffic', packageArn: `arn/${version}` }] },
    pending: null,
    sinceMs: 0,
    checkedAtMs: 0,
  });
  let seen: Record<string, Served | null | undefined>;
  let running: string[];
  let serving: Serving;

  beforeEach(async () => {
    seen = {};
    running = [];
    serving = servePointer({
      pointer: (onFlip) => {
        pointer = follow(onFlip);
        return pointer;
      },
      modelOf: (endpointName): ServedModel => ({
        current: () => seen[endpointName],
        versionOf: () => `seen at ${endpointName}`,
        start: () => void running.push(endpointName),
        stop: () => void running.splice(running.indexOf(endpointName), 1),
      }),
    });
    expect(serving.now()).toBeUndefined();
    expect(serving.missing()).toEqual(['which endpoint serves has not been read yet']);
    serving.start();
    await pass(0);
  });

  test('is ready, and answers with the version of the record, until SageMaker was asked; then with what that says', () => {
    expect(serving.missing()).toEqual([]);
    expect(serving.now()?.versionOf('AllTraffic')).toBe('5');
    seen['prod-blue'] = ofVersion('5');
    expect(serving.missing()).toEqual([]);
    expect(serving.now()?.versionOf('AllTraffic')).toBe('seen at prod-blue');
    seen['prod-blue'] = null;
    expect(serving.missing()).toEqual(['there is no endpoint']);
  });

  test('claims no version that the record does not know', async () => {
    stored = at(9, 'green', null);
    await pass(EVERY_MS);
    expect(serving.now()?.versionOf('AllTraffic')).toBeUndefined();
  });

  test('a question in flight stays with the endpoint that it was sent to, which is not read any more', async () => {
    seen['prod-blue'] = ofVersion('5');
    const sent = serving.now();
    stored = at(9, 'green');
    await pass(EVERY_MS);
    expect(running).toEqual(['prod-green']);
    expect(serving.now()).toMatchObject({ endpointName: 'prod-green' });
    expect(sent).toMatchObject({ endpointName: 'prod-blue' });
    expect(sent?.versionOf('AllTraffic')).toBe('seen at prod-blue');
    serving.stop();
    expect(running).toEqual([]);
  });

  test('a later entry for the same endpoint changes nothing', async () => {
    const before = serving.now();
    stored = at(9, 'blue');
    await pass(EVERY_MS);
    expect(serving.now()).toBe(before);
    expect(running).toEqual(['prod-blue']);
    expect(serving.pointer()).toMatchObject({ seq: 9 });
  });
});
