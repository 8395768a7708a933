import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../src/ports/channel.ts';
import type { Cursor, CursorStore } from '../../../src/ports/log-store.ts';
import { createAnnouncer } from '../../../src/rollout/announce.ts';
import { known } from '../../../src/rollout/observation.ts';
import { silentLogger } from '../../support/aws-env.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { operator, PLANS } from '../../support/rollout-facts.ts';
import { lock, unlock } from '../../support/sayings.ts';
import { story } from '../../support/story.ts';
import { storedOf, storeOf } from '../../support/told-engine.ts';

const TAKE_OVER_MS = 12_000;

/** An announcer on a record of two rollouts, and a Slack that takes this long for each message. */
function announcing(
  slackTakesMs: number,
  outside: Partial<Pick<Channel, 'post' | 'update'>> & {
    readonly trouble?: (save: number) => 'none' | 'refused' | 'reply-lost';
  } = {},
) {
  const { trouble = () => 'none', ...slack } = outside;
  const told = story().promotes(1).begins(2).to('gate');
  const clock = createHandClock(told.nowMs);
  let saved: Cursor | null = null;
  let claimedAtMs: number | null = null;
  let saves = 0;
  const posts: { readonly text: string; readonly sinceClaimMs: number | null }[] = [];
  const cursors: CursorStore = {
    cursor: async () => saved,
    async saveCursor(_, cursor, expected) {
      saves += 1;
      const meets = trouble(saves);
      if (meets === 'refused') throw new Error('throttled');
      if ((saved?.version ?? null) !== expected) return false;
      saved = cursor;
      claimedAtMs = cursor.claim === null ? null : clock.elapsedMs();
      if (meets === 'reply-lost') throw new Error('no answer');
      return true;
    },
  };
  const post = async ({ text }: { readonly text: string }) => {
    clock.move(slackTakesMs);
    posts.push({ text, sinceClaimMs: claimedAtMs === null ? null : clock.elapsedMs() - claimedAtMs });
    return { kind: 'posted', ts: String(posts.length) } as const;
  };
  const announcer = createAnnouncer({
    clock,
    ids: { random: () => 'claim', fraction: () => 0.5 },
    store: { ...storeOf(told), ...cursors },
    channel: { id: 'C0TITANIC', post, update: (_, message) => post(message), ...slack },
    directory: { approvers: async () => known(['U0ANNA']), mandatory: () => null },
    services: [{ settings: told.settings, plans: PLANS }],
    poll: { underWayMs: 2_000, atRestMs: 15_000 },
    log: silentLogger,
    render: {
      card: (card) => ({ text: `card of ${card.id}`, blocks: [] }),
      line: (_, entry) => ({ text: `line of entry ${entry.seq}`, blocks: [] }),
      notice: () => null,
    },
  });
  return { told, announcer, posts, clock, cards: () => saved?.cards ?? {} };
}

/** Until nothing is said any more. */
async function saysAll({ announcer, posts }: ReturnType<typeof announcing>): Promise<void> {
  announcer.start();
  for (let before = -1; posts.length !== before; ) {
    before = posts.length;
    for (let turn = 0; turn < 200; turn += 1) {
      announcer.nudge('survival');
      await new Promise(setImmediate);
    }
  }
  await announcer.stop();
}

describe('the announcer', () => {
  test.each([0, 2_900, 6_900])(
    'is through with a message before others may take its claim: %i ms each',
    async (takes) => {
      const at = announcing(takes);
      await saysAll(at);
      for (const { sinceClaimMs } of at.posts) {
        expect(sinceClaimMs).not.toBeNull();
        expect(sinceClaimMs).toBeLessThan(TAKE_OVER_MS - 2_000);
      }
    },
  );

  test.each([0, 6_900])('says everything once, and each thread in order: %i ms each', async (takes) => {
    const at = announcing(takes);
    await saysAll(at);
    const said = at.posts.map(({ text }) => text);
    expect(said.filter((text) => text.startsWith('card'))).toHaveLength(2);
    const lines = said.filter((text) => text.startsWith('line'));
    const inOrder = at.told.entries.map(({ seq }) => `line of entry ${seq}`).filter((line) => lines.includes(line));
    expect(lines).toEqual(inOrder);
    expect(lines.length).toBeGreaterThan(8);
  });

  test('posts a card that somebody deleted again, even if Slack does not take it at first', async () => {
    let refusals = 0;
    let posted = 0;
    const at = announcing(0, {
      async post() {
        if (refusals-- > 0) return { kind: 'failed', why: 'ratelimited', gone: false, retryAfterMs: 0 };
        posted += 1;
        return { kind: 'posted', ts: String(posted) };
      },
      update: async () => ({ kind: 'failed', why: 'message_not_found', gone: true, retryAfterMs: 0 }),
    });
    at.announcer.start();
    const ids = () => Object.keys(at.cards()).sort();
    const turns = async () => {
      for (let turn = 0; turn < 200; turn += 1) {
        at.announcer.nudge('survival');
        await new Promise(setImmediate);
      }
    };
    await turns();
    const before = at.cards();
    expect(Object.keys(before)).toHaveLength(2);
    refusals = 3;
    at.clock.move(91_000);
    await turns();
    await at.announcer.stop();
    expect(refusals).toBeLessThan(0);
    expect(ids()).toEqual(Object.keys(before).sort());
    for (const [id, { ts }] of Object.entries(at.cards())) expect(ts).not.toBe(before[id]?.ts);
  });

  test.each(['refused', 'reply-lost'] as const)('posts no card twice where each second save is %s', async (fault) => {
    const at = announcing(1_000, { trouble: (save) => (save % 2 === 0 ? fault : 'none') });
    await saysAll(at);
    const cards = at.posts.map(({ text }) => text).filter((text) => text.startsWith('card'));
    expect(cards).toEqual([...new Set(cards)]);
    expect(cards).toHaveLength(2);
  });

  test.each([
    ['changes with each entry', (seq: number) => `card at ${seq}`, 4],
    ['stays as it is', () => 'card', 0],
  ] as const)('updates a card that %s in ten entries within 10 s', async (_, text, most) => {
    let told = story().promotes(1).begins(2).to('gate');
    const id = told.subject;
    const store = storeOf(told);
    const clock = createHandClock(told.nowMs);
    const updates: { readonly ts: string; readonly atMs: number }[] = [];
    let posts = 0;
    let saved: Cursor | null = null;
    const announcer = createAnnouncer({
      clock,
      ids: { random: () => 'claim', fraction: () => 0.5 },
      store: {
        ...store,
        cursor: async () => saved,
        async saveCursor(_service, cursor) {
          saved = cursor;
          return true;
        },
      },
      directory: { approvers: async () => known(['U0ANNA']), mandatory: () => null },
      channel: {
        id: 'C0TITANIC',
        async post() {
          posts += 1;
          return { kind: 'posted', ts: String(posts) };
        },
        async update(ts) {
          updates.push({ ts, atMs: clock.waitedMs() });
          return { kind: 'posted', ts };
        },
      },
      services: [{ settings: told.settings, plans: PLANS }],
      poll: { underWayMs: 2_000, atRestMs: 15_000 },
      log: silentLogger,
      render: {
        card: (card) => ({ text: card.id === id ? text(told.state.seq) : card.id, blocks: [] }),
        line: () => null,
        notice: () => null,
      },
    });
    const turns = async () => {
      for (let turn = 0; turn < 60; turn += 1) {
        announcer.nudge('survival');
        await new Promise(setImmediate);
      }
    };
    announcer.start();
    await turns();
    for (let n = 0; n < 10; n += 1) {
      told = told.tells(operator, n % 2 === 0 ? lock('prod', 3_600, `change ${n}`) : unlock('prod'));
      store.rewrite('survival', () => storedOf(told));
      await turns();
      clock.move(1_000);
    }
    await turns();
    await announcer.stop();
    const ts = announcer.posted('survival', id)?.ts;
    const mine = updates.filter((one) => one.ts === ts).map(({ atMs }) => atMs);
    expect(mine.length).toBeLessThanOrEqual(most);
    expect(mine.length).toBeGreaterThanOrEqual(most - 1);
    for (const [at, ms] of mine.slice(1).entries()) expect(ms - (mine[at] ?? 0)).toBeGreaterThanOrEqual(3_000);
  });
});
