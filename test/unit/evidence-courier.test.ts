import { describe, expect, test } from 'vitest';
import { createEvidenceCourier } from '../../src/evidence-courier.ts';
import { evidenceFile } from '../../src/evidence-file.ts';
import { known, type Reading, unknown } from '../../src/rollout/observation.ts';
import { silentLogger } from '../support/aws-env.ts';
import { type Story, story } from '../support/story.ts';
import { storeOf } from '../support/told-engine.ts';

interface World {
  told: Story;
  /** What Slack answers to a file. */
  takes: Reading<true>;
  posted: boolean;
  readonly claims: Set<string>;
  readonly shared: { readonly name: string; readonly ts: string }[];
}

function world(told: Story): World {
  return { told, takes: known(true), posted: true, claims: new Set(), shared: [] };
}

/** A replica in that world. */
function courierIn(at: World) {
  return createEvidenceCourier({
    services: ['survival'],
    rollouts: { state: async () => known(at.told.state) },
    evidence: (service, id) => evidenceFile(storeOf(at.told), service, id),
    cards: { recorded: async (_, id) => known(at.posted ? { channel: 'C0TITANIC', ts: `ts of ${id}` } : null) },
    files: {
      async share({ name, text }, { ts }) {
        expect(JSON.parse(text)).toMatchObject({ service: 'survival' });
        at.shared.push({ name, ts });
        return at.takes;
      },
    },
    ticks: {
      async claimTick(service, job, instant) {
        const key = `${service} ${job} ${instant}`;
        if (at.claims.has(key)) return false;
        at.claims.add(key);
        return true;
      },
    },
    nowMs: () => at.told.nowMs,
    log: silentLogger,
  });
}

describe('the evidence of a rollout that is over', () => {
  test('is put into the thread of its card once, however many replicas look and however often', async () => {
    const at = world(story().promotes(1));
    const replicas = [courierIn(at), courierIn(at)];
    await Promise.all([...replicas, ...replicas].map((one) => one.look('survival')));
    for (const one of replicas) await one.every();
    const id = at.told.subject;
    expect(at.shared).toEqual([{ name: `${id}.json`, ts: `ts of ${id}` }]);
    await courierIn(at).every();
    expect(at.shared).toHaveLength(1);
  });

  test('waits for the end of what the rollout started, and for its card', async () => {
    const stopped = story().promotes(1).begins(2).to('prod').sends('prod').ends();
    const at = world(stopped);
    const courier = courierIn(at);
    await courier.every();
    const first = at.shared.map(({ name }) => name);
    expect(first).not.toContain(`${stopped.subject}.json`);
    at.posted = false;
    at.told = stopped.fails('prod', { code: 'update-undone' });
    await courier.every();
    expect(at.shared).toHaveLength(first.length);
    at.posted = true;
    await courier.every();
    expect(at.shared.map(({ name }) => name)).toEqual([...first, `${stopped.subject}.json`]);
  });

  test('is not sent again where Slack does not say whether it has it, nor a day later', async () => {
    const at = world(story().promotes(1));
    at.takes = unknown('http_503');
    await courierIn(at).every();
    await courierIn(at).every();
    expect(at.shared).toHaveLength(1);
    const late = world(story().promotes(1).later(86_400_000));
    await courierIn(late).every();
    expect(late.shared).toEqual([]);
  });
});
