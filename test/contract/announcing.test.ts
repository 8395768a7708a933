import { expect, it } from 'vitest';
import { createRender } from '../../blocks/render.ts';
import { createRandomIds } from '../../src/adapters/random-ids.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import type { Cursor } from '../../src/ports/log-store.ts';
import { createAnnouncer } from '../../src/rollout/announce.ts';
import { cardOf } from '../../src/rollout/card.ts';
import { known } from '../../src/rollout/observation.ts';
import { silentLogger } from '../support/aws-env.ts';
import { operator, PLANS } from '../support/rollout-facts.ts';
import { lock, unlock } from '../support/sayings.ts';
import { type Story, story } from '../support/story.ts';
import { storedOf, storeOf } from '../support/told-engine.ts';
import { startRig, until } from './slack-edge-setup.ts';

const GAP_MS = 200;
const CHANGES = 41;

it('shows the newest state of a card that changes faster than Slack takes updates, and not each state', async () => {
  const rig = await startRig({ mode: 'socket' });
  let told: Story = story({ approvalExpiresAfterHours: 200_000 }).begins(2).to('gate');
  const id = told.subject;
  const store = storeOf(told);
  let saved: Cursor | null = null;
  const render = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });
  const announcer = createAnnouncer({
    clock: createSystemClock(),
    ids: createRandomIds(),
    store: {
      ...store,
      cursor: async () => saved,
      async saveCursor(_, cursor, expected) {
        if ((saved?.version ?? null) !== expected) return false;
        saved = cursor;
        return true;
      },
    },
    channel: rig.connection.channel,
    directory: { approvers: async () => known(['U0ANNA']), mandatory: () => null },
    services: [{ settings: told.settings, plans: PLANS }],
    poll: { underWayMs: 100, atRestMs: 100, cardGapMs: GAP_MS },
    log: silentLogger,
    render: { card: render.card, line: () => null, notice: () => null },
  });
  announcer.start();
  await until(() => announcer.posted('survival', id) !== null, 15_000);
  const startedAt = performance.now();
  for (let n = 0; n < CHANGES; n += 1) {
    told =
      n % 2 === 0 ? told.tells(operator, lock('prod', 3_600, `change ${n}`)) : told.tells(operator, unlock('prod'));
    store.rewrite('survival', () => storedOf(told));
    announcer.nudge('survival');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const card = cardOf(told.state, id);
  const newest = card === null ? '' : render.card(card).text;
  expect(newest).toContain('change 40');
  const ts = announcer.posted('survival', id)?.ts ?? '';
  await until(async () => (await rig.slack.control.message({ channel: 'C0TITANIC', ts }))?.text === newest, 15_000);
  const gaps = (performance.now() - startedAt) / GAP_MS;
  await announcer.stop();
  const updates = await rig.slack.control.calls({ method: 'chat.update' });
  expect(updates.length).toBeLessThanOrEqual(Math.ceil(gaps) + 1);
  expect(updates.length).toBeLessThan(CHANGES / 2);
  expect(updates.filter(({ status }) => status === 429)).toEqual([]);
  expect((await rig.slack.control.channel({ channel: 'C0TITANIC' })).length).toBe(1);
  await rig.stop();
});
