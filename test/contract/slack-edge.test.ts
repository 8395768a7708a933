import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRender } from '../../blocks/render.ts';
import { rollbackCardOf, rolloutCardOf, rollouts } from '../../blocks/samples/parts.ts';
import type { SeenMessage } from '../../sandbox/slack/control/slack-control.ts';
import type { Card } from '../../src/rollout/card.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { MODES, type Rig, startRig, until } from './slack-edge-setup.ts';

const { card } = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });
const IN = 'C0TITANIC';
const gate = () => rolloutCardOf(rollouts.gate);

describe.each(MODES)('the Slack edge over %s', (mode) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ mode, slack: { rateLimits: { enabled: false } } });
  });
  afterAll(() => rig.stop());
  beforeEach(async () => {
    rig.core.asked.length = 0;
    rig.core.answerWith(async ({ request }) => ({
      kind: 'done',
      reason: reason('manual', { reason: `did ${request.verb}` }),
      subject: null,
    }));
    await rig.slack.control.clearFaults();
    rig.recorded.clear();
  });

  /** Several people, so that nobody runs into the limit per person. */
  async function typed(text: string, user = 'U0OPERATOR', channel = IN) {
    const result = await rig.slack.control.command({ user, channel, text, settleMs: 80 });
    return { ...result, said: result.responses.map((one) => one.text).join('\n') };
  }

  async function posted(given: Card = gate()): Promise<SeenMessage> {
    let outcome = await rig.connection.channel.post(card(given), null);
    while (outcome.kind === 'failed' && outcome.why === 'own pace') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      outcome = await rig.connection.channel.post(card(given), null);
    }
    if (outcome.kind !== 'posted') throw new Error(outcome.why);
    rig.recorded.set(given.id, { channel: IN, ts: outcome.ts });
    const seen = await rig.slack.control.message({ channel: IN, ts: outcome.ts });
    if (seen === null) throw new Error('not shown');
    return seen;
  }

  it('is ready, alive and counts', async () => {
    const get = async (path: string) => (await fetch(`${rig.url}${path}`)).status;
    expect(await Promise.all([get('/healthz'), get('/readyz'), get('/metrics'), get('/elsewhere')])).toEqual([
      200, 200, 200, 404,
    ]);
  });

  it('asks the core once for words, with the person’s standing, and answers them alone', async () => {
    const result = await typed('deploy staging --model 7 -- better on third class', 'U0BOTH');
    expect(result.outcome).toBe('acknowledged');
    expect(rig.core.asked).toMatchObject([
      {
        service: 'survival',
        request: { verb: 'deploy', model: { version: 7 }, note: 'better on third class' },
        actor: { kind: 'person', id: 'U0BOTH', via: 'slack' },
        standing: { kind: 'member', operator: true, lastKnown: false },
      },
    ]);
    expect(result.said).toBe('did deploy');
    expect(result.responses.every((one) => one.ephemeral)).toBe(true);
  });

  it('reads dashes, quotes and blanks of phones', async () => {
    await typed('rollback\u00a0prod —to 6 – “wrong answers”');
    expect(rig.core.asked[0]?.request).toMatchObject({ verb: 'rollback', environment: 'prod', toVersion: 6 });
  });

  it('answers words that it does not understand, and does nothing', async () => {
    const result = await typed('depoly staging');
    expect(result.said).toContain('did you mean deploy');
    expect(result.said).toContain('Nothing was done');
    expect(rig.core.asked).toEqual([]);
  });

  it('hands decisions about packages and proposed clean-ups to the core', async () => {
    for (const words of ['approve-model 7 -- good', 'reject-model 7', 'cleanup --target all --apply']) {
      await typed(words, 'U0ALICE');
    }
    expect(rig.core.asked.map(({ request }) => request)).toEqual([
      { verb: 'approve-model', approvalId: null, version: 7, reason: 'good' },
      { verb: 'reject-model', approvalId: null, version: 7, reason: null },
      { verb: 'cleanup', target: 'all', confirm: null },
    ]);
  });

  it('answers questions without asking for a role', async () => {
    expect((await typed('status', 'U0STRANGER')).said).toContain('Nothing is rolling out');
    expect((await typed('history', 'U0STRANGER')).said).toContain('Nothing has been rolled out');
    expect((await typed('models', 'U0STRANGER')).said).toContain('no model packages');
    expect((await typed('evidence survival-42', 'U0STRANGER')).said).toContain(
      'Nothing in the record has the id survival-42',
    );
    expect((await typed('help', 'U0STRANGER')).said).toContain('deploy staging');
    expect(rig.core.asked).toEqual([]);
  });

  it('hands a press on Promote to the core by the id that the button carries', async () => {
    const message = await posted();
    const result = await rig.slack.control.click({
      user: 'U0ALICE',
      channel: IN,
      ts: message.ts,
      actionId: 'promote.v1',
      confirm: 'yes',
      settleMs: 80,
    });
    expect(result.outcome).toBe('acknowledged');
    expect(rig.core.asked).toMatchObject([
      {
        service: 'survival',
        request: { verb: 'promote', rolloutId: 'survival-42' },
        standing: { kind: 'member', approver: true },
      },
    ]);
    expect(result.responses.map((one) => [one.text, one.ephemeralTo])).toEqual([['did promote', 'U0ALICE']]);
  });

  it('asks why before it rejects, and answers after the form', async () => {
    const message = await posted();
    const press = { user: 'U0ADAM', channel: IN, ts: message.ts, actionId: 'reject.v1', settleMs: 80 };
    const opened = await rig.slack.control.click(press);
    expect(rig.core.asked).toEqual([]);
    const [view] = await rig.slack.control.openViews({ user: 'U0ADAM' });
    expect(opened.view).toBeDefined();
    await rig.slack.control.submitView({
      user: 'U0ADAM',
      viewId: String(view?.id),
      values: { reason: 'wrong <!channel> answers' },
      settleMs: 80,
    });
    expect(rig.core.asked).toMatchObject([
      { request: { verb: 'reject', rolloutId: 'survival-42', reason: 'wrong <!channel> answers' } },
    ]);
    const told = await rig.slack.control.channel({ channel: IN, as: 'U0ADAM', afterTs: message.ts });
    expect(told.map((one) => one.text)).toContain('did reject');
  });

  it('knows every other button', async () => {
    const held = await posted(rolloutCardOf(rollouts.held));
    const press = (message: SeenMessage, actionId: string, confirm?: 'yes') =>
      rig.slack.control.click({
        user: 'U0BOTH',
        channel: IN,
        ts: message.ts,
        actionId,
        settleMs: 100,
        ...(confirm === undefined ? {} : { confirm }),
      });
    await press(held, 'smoke-again.v1');
    await press(held, 'give-up.v1');
    const failed = await posted(rolloutCardOf(rollouts.ended, { recreateOffered: true }));
    await press(failed, 'recreate-prod.v1', 'yes');
    await press(await posted(rollbackCardOf()), 'further-back-prod.v1', 'yes');
    expect(rig.core.asked.map((one) => one.request)).toEqual([
      { verb: 'smoke-again', rolloutId: 'survival-42' },
      { verb: 'give-up', rolloutId: 'survival-42' },
      { verb: 'recreate' },
      { verb: 'rollback', environment: 'prod', toVersion: null, reason: null, furtherThan: 'survival-70' },
    ]);
  });

  it('settles a card that is not the recorded one with a link to it', async () => {
    const orphan = await posted();
    const real = await posted();
    await rig.slack.control.click({
      user: 'U0ALICE',
      channel: IN,
      ts: orphan.ts,
      actionId: 'promote.v1',
      confirm: 'yes',
      settleMs: 300,
    });
    expect(rig.core.asked).toHaveLength(1);
    const settled = await rig.slack.control.message({ channel: IN, ts: orphan.ts });
    expect(settled?.text).toContain(`/archives/${IN}/p${real.ts.replace('.', '')}`);
    expect(JSON.stringify(settled?.blocks)).not.toContain('promote.v1');
    expect((await rig.slack.control.message({ channel: IN, ts: real.ts }))?.edited).toBe(false);
  });

  it('acknowledges buttons, forms and commands that it does not know, explains, and does nothing', async () => {
    const message = await posted();
    const payload = await rig.slack.control.clickPayload({
      user: 'U0ALICE',
      channel: IN,
      ts: message.ts,
      actionId: 'promote.v1',
      confirm: 'yes',
    });
    const actions = Array.isArray(payload.actions) ? payload.actions : [];
    const old = { ...payload, actions: actions.map((one) => ({ ...Object(one), action_id: 'promote.v0' })) };
    const delivery = await rig.slack.control.raw({ kind: 'interactive', payload: old });
    expect(delivery.ack?.outcome).toBe('acknowledged');
    const other = await rig.slack.control.command({
      user: 'U0ADAM',
      channel: IN,
      text: 'x',
      command: '/other',
      settleMs: 80,
    });
    expect(other.outcome).toBe('acknowledged');
    expect(other.responses[0]?.text).toContain('does nothing any more');
    await until(async () => {
      const told = await rig.slack.control.channel({ channel: IN, as: 'U0ALICE', afterTs: message.ts });
      return told.some((one) => one.text.includes('does nothing any more'));
    });
    expect(rig.core.asked).toEqual([]);
  });

  it('acknowledges within a second though neither Slack’s directory nor the core answers', async () => {
    rig.core.answerWith(() => new Promise(() => {}));
    await rig.slack.control.addFault({ method: 'users.info', effect: { kind: 'slow', delayMs: 2_000 } });
    const result = await rig.slack.control.command({ user: 'U0BOTH', channel: IN, text: 'lock prod -- freeze' });
    expect(result.outcome).toBe('acknowledged');
    expect(result.latencyMs).toBeLessThan(1_000);
  });

  it('answers when the core fails, with where to look', async () => {
    rig.core.answerWith(() => Promise.reject(new Error('a defect with secrets')));
    const result = await typed('unlock prod -- over', 'U0BOTH');
    expect(result.said).toContain('titanic could not finish this');
    expect(result.said).not.toContain('secrets');
  });

  it('reaches the person although the response URL fails', async () => {
    await rig.slack.control.addFault({ method: 'response_url', effect: { kind: 'status', status: 500 } });
    expect((await typed('lock staging -- test', 'U0BOTH')).said).toBe('did lock');
  });

  it('does one thing for the same delivery twice', async () => {
    await rig.slack.control.addDeliveryFault({ duplicates: 1, times: 1 });
    await typed('deploy staging', 'U0BOTH');
    expect(rig.core.asked).toHaveLength(1);
  });

  it('gives two commands two keys, and two presses too', async () => {
    await typed('smoke prod', 'U0OPERATOR');
    await typed('smoke prod', 'U0OPERATOR');
    const message = await posted();
    const press = { user: 'U0ADAM', channel: IN, ts: message.ts, actionId: 'promote.v1', confirm: 'yes' } as const;
    await rig.slack.control.click(press);
    await rig.slack.control.click({ ...press, settleMs: 100 });
    expect(new Set(rig.core.asked.map((one) => one.key)).size).toBe(4);
  });
});

describe('several services', () => {
  it('are listed when none is named, and nothing is done; an id names its own', async () => {
    const rig = await startRig({ mode: 'socket', services: ['survival', 'survival-2'] });
    const say = async (text: string) =>
      (await rig.slack.control.command({ user: 'U0BOTH', channel: IN, text, settleMs: 80 })).responses[0]?.text ?? '';
    expect(await say('deploy staging')).toMatch(/--service survival\n.*--service survival-2/);
    expect(await say('status --service nothing')).toContain('no service nothing');
    expect(rig.core.asked).toEqual([]);
    await say('cancel survival-2-17');
    await say('deploy staging --service survival');
    expect(rig.core.asked.map((one) => one.service)).toEqual(['survival-2', 'survival']);
    await rig.stop();
  });
});
