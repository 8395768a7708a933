import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS, INPUTS, SHORTCUTS } from '../../blocks/ids.ts';
import { objectsOf } from '../../sandbox/slack/json.ts';
import { renderText } from '../../sandbox/slack/render-text.ts';
import { CHANNEL, type Journey, startJourney, WHO } from '../support/journey.ts';
import { normalised } from '../support/normalised.ts';

const { olivia, alice, adam, sam, gus } = WHO;
const WITHIN = { timeout: 45_000, interval: 80 };

// How each way in arrives over HTTP is in the contract tests of the edge.
describe('Home and the ways in', { timeout: 120_000 }, () => {
  let journey: Journey;
  let rollout: string;
  beforeAll(async () => {
    journey = await startJourney({ delivery: 'socket' });
  }, 90_000);
  afterAll(() => journey.close());

  async function homeOf(person: string): Promise<string> {
    const view = await journey.slack.home({ user: person });
    return view === null ? '' : normalised(renderText({ blocks: objectsOf(view.blocks) }));
  }

  const viewOf = async (person: string) => (await journey.slack.openViews({ user: person })).at(-1);
  const shownIn = async (person: string) => renderText({ blocks: objectsOf((await viewOf(person))?.blocks) });

  async function pressesAtHome(person: string, actionId: string, confirm?: 'yes'): Promise<void> {
    const home = await journey.slack.home({ user: person });
    const press = { user: person, viewId: String(home?.id), actionId };
    await journey.slack.click(confirm === undefined ? press : { ...press, confirm });
  }

  /** A form comes a moment after the press. */
  async function opens(person: string, actionId: string, words: string): Promise<void> {
    await pressesAtHome(person, actionId);
    await expect.poll(() => shownIn(person), WITHIN).toContain(words);
  }

  async function submits(person: string, values: Record<string, string>): Promise<void> {
    const view = await viewOf(person);
    const { outcome, errors } = await journey.slack.submitView({ user: person, viewId: String(view?.id), values });
    expect([outcome, errors]).toEqual(['acknowledged', undefined]);
  }

  it('is for everybody their own', async () => {
    for (const user of [olivia, alice, sam, gus]) await journey.slack.openHome({ user });
    await expect.poll(() => homeOf(olivia), WITHIN).toContain('You are an operator');
    await expect.poll(() => homeOf(alice), WITHIN).toContain('# Waits for you\nNothing.');
    await expect.poll(() => homeOf(sam), WITHIN).toContain('You may look');
    await expect.poll(() => homeOf(gus), WITHIN).toContain('only from full members');
    expect(await homeOf(gus)).not.toContain('staging');
  });

  it('deploys by a form that knows the packages, and follows the rollout for all who have it open', async () => {
    await opens(olivia, ACTIONS.openDeploy, 'Starts a rollout of survival');
    const viewId = String((await viewOf(olivia))?.id);
    const typing = { user: olivia, viewId, actionId: INPUTS.model.action, typed: '1' };
    expect((await journey.slack.suggest(typing)).options).toMatchObject([{ value: '1' }]);
    await submits(olivia, { [INPUTS.model.block]: '1', [INPUTS.reason.block]: 'the first' });
    await expect
      .poll(() => shownIn(olivia), WITHIN)
      .toMatch(/Rollout survival-\d+ of version 1 to staging has started/);
    const state = await journey.until('the gate opens', (s) => s.rollouts.some(({ status }) => status === 'gate'));
    rollout = state.rollouts[0]?.id ?? '';
    await expect.poll(() => homeOf(alice), WITHIN).toContain('version 1 of survival waits to go to prod');
    await expect.poll(() => homeOf(sam), WITHIN).toContain('waits for approvers: 0 of 1');
    expect(await homeOf(olivia)).not.toContain('Waits for you');
  });

  it('decides where somebody looks, and says there what became of it', async () => {
    await pressesAtHome(alice, ACTIONS.promote, 'yes');
    await expect.poll(() => shownIn(alice), WITHIN).toContain('is approved and goes to prod now');
    await journey.until('prod is checked', (s) => s.ended.some(({ id }) => id === rollout));
    await expect.poll(() => homeOf(alice), WITHIN).toContain('# Waits for you\nNothing.');
    await expect
      .poll(() => homeOf(olivia), WITHIN)
      .toMatch(/prod runs version 1 since .*\n.*costs 0\.23 USD an hour, 167\.90 a month\n.*not verified since/);
    await expect.poll(() => homeOf(sam), WITHIN).toContain('promoted to prod');
  });

  it('shows how the last verification came out', async () => {
    expect(await journey.types(sam, 'verify')).toContain('as the record says');
    await expect.poll(() => homeOf(olivia), WITHIN).toMatch(/verified .*: as the record says \(\d+ checks\)/);
  });

  it('locks by a form, and shows the hold with who, why and until when', async () => {
    await opens(olivia, ACTIONS.openLock, 'For how long');
    await submits(olivia, { [INPUTS.duration.block]: '2h', [INPUTS.reason.block]: 'audit' });
    await expect.poll(() => homeOf(alice), WITHIN).toMatch(/prod is held by .*: audit, until/);
    await journey.types(olivia, 'unlock prod -- done');
    await expect.poll(() => homeOf(alice), WITHIN).not.toContain('audit');
  });

  it('rolls back what a message is about, from the message', async () => {
    const second = await journey.toTheGate(olivia, 'deploy staging --model 3');
    await journey.promotes(alice, second);
    const card = await journey.card(second);
    const act = { callbackId: SHORTCUTS.leave, channel: CHANNEL, ts: card?.ts ?? '' };
    await journey.slack.shortcut({ user: olivia, ...act });
    await expect.poll(() => shownIn(olivia), WITHIN).toContain('prod goes back from version 3 to version 1');
    await journey.slack.shortcut({ user: adam, ...act });
    await expect.poll(() => shownIn(adam), WITHIN).toContain('prod goes back from version 3 to version 1');
    await submits(olivia, { [INPUTS.reason.block]: 'error rate is up' });
    await journey.until('prod is back', (s) => s.endedRollbacks.length === 1);
    // The second one on call had the same form open, and goes no further.
    const told = await journey.answered(adam, async () => {
      const view = await viewOf(adam);
      const values = { [INPUTS.reason.block]: 'me too' };
      return journey.slack.submitView({ user: adam, viewId: String(view?.id), values });
    });
    expect(told).toContain('prod is already back at version 1');
    const state = await journey.until('nothing more happened', (s) => s.environments.prod.deployment === null);
    expect(state.environments.prod.stack.at(-1)).toMatchObject({ version: 1 });
    expect(state.endedRollbacks).toMatchObject([{ by: olivia, reason: 'error rate is up' }]);
  });

  it('answers in a thread when it is called by name there', async () => {
    const card = await journey.card(rollout);
    const threadTs = card?.ts ?? '';
    await journey.slack.say({ user: sam, channel: CHANNEL, text: '<@U0TITANIC> how is it?', threadTs });
    const last = async () => {
      const seen = await journey.slack.channel({ channel: CHANNEL, as: sam });
      return seen.filter((message) => message.threadTs === threadTs).at(-1)?.rendered ?? '';
    };
    await expect.poll(last, WITHIN).toContain(`${rollout} version 1: ✅ promoted to prod`);
  });

  it('offers a menu to whoever types nothing', async () => {
    expect(await journey.types(olivia, '')).toMatchInlineSnapshot(`
      "What would you like to do?
      [Deploy…] [Roll back…] [Lock…] [Status] [History] [Models] [Verify]
      Everything that can be typed: /titanic help"
    `);
    expect(await journey.types(gus, '')).toContain('only from full members');
  });
});
