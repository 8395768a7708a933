import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createEngine } from '../../../src/rollout/engine.ts';
import { openEntry } from '../../../src/rollout/entry.ts';
import type { Entry } from '../../../src/rollout/events.ts';
import { evolve } from '../../../src/rollout/evolve.ts';
import { initialState, type ServiceState } from '../../../src/rollout/state.ts';
import { silentLogger } from '../../support/aws-env.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { createMemoryLogStore } from '../../support/memory-log-store.ts';
import { PLANS, SETTINGS } from '../../support/rollout-facts.ts';

const FOLDER = 'test/logs';
const SERVICE = 'survival';
const KEPT = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));
const line = z.object({ seq: z.number(), body: z.string(), hash: z.string(), prevHash: z.string() });

const itemsOf = (name: string) =>
  readFileSync(`${FOLDER}/${name}`, 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => line.parse(JSON.parse(text)));

/** An outside that must not be asked anything. */
function untouched(calls: string[]): never {
  return new Proxy({} as never, {
    get: (_, name) => () => {
      calls.push(String(name));
      return Promise.reject(new Error(`${String(name)} was asked`));
    },
  });
}

test('there is a log of this release', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(KEPT).toContain(`${version}.jsonl`);
});

describe.each(KEPT)('the log %s of an earlier titanic', (name) => {
  const items = itemsOf(name);

  test('is read whole, and every part of it is a state', () => {
    const entries: Entry[] = [];
    const states: ServiceState[] = [initialState(SERVICE)];
    for (const item of items) {
      const entry = openEntry(item, entries.at(-1) ?? { seq: 0, hash: '' });
      if ('kind' in entry) throw new Error(`${entry.kind} at ${entry.seq}`);
      entries.push(entry);
      states.push(evolve(states.at(-1) ?? initialState(SERVICE), entry));
    }
    const last = states.at(-1);
    // What an auditor would ask first: what ran, what came back, what waits, what became of the rest.
    expect({
      entries: entries.length,
      events: new Set(entries.flatMap((entry) => entry.events.map((event) => event.type))).size,
      prod: last?.environments.prod.stack.map((t) => t.version),
      staging: last?.environments.staging.stack.map((t) => t.version),
      waits: last?.rollouts.map((r) => [r.candidate.version, r.status]),
      ended: last?.ended.map((r) => [r.candidate.version, r.outcome, r.reason.code, r.approvedBy]),
      back: last?.endedRollbacks.map((r) => [r.environment, r.target.version, r.cause, r.ended?.reached]),
    }).toMatchSnapshot();
  });

  test('asks nothing of AWS or Slack when a pass is made over it', async () => {
    const calls: string[] = [];
    const store = createMemoryLogStore();
    store.rewrite(SERVICE, () => items);
    const lastAt = z.object({ at: z.string() }).parse(JSON.parse(items.at(-1)?.body ?? '{}')).at;
    const engine = createEngine({
      clock: createHandClock(Date.parse(lastAt)),
      ids: { random: () => 'w', fraction: () => 0.5 },
      store,
      endpoints: untouched(calls),
      alarms: untouched(calls),
      fleets: untouched(calls),
      registry: untouched(calls),
      smoke: untouched(calls),
      inventory: untouched(calls),
      cleaner: untouched(calls),
      decisions: untouched(calls),
      directory: untouched(calls),
      services: [{ settings: SETTINGS, plans: PLANS }],
      poll: { underWayMs: 2_000, atRestMs: 15_000 },
      log: silentLogger,
    });
    await engine.pass(SERVICE);
    expect(calls).toEqual([]);
    expect(store.stored(SERVICE)).toEqual(items);
    expect(engine.breaks()).toEqual({ [SERVICE]: null });
  });
});
