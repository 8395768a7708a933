import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, INPUTS, SHORTCUTS } from '../../blocks/ids.ts';
import { createRender } from '../../blocks/render.ts';
import { ControlError } from '../../sandbox/slack/control/control-error.ts';
import type { ActResult, SeenMessage } from '../../sandbox/slack/control/slack-control.ts';
import { isJsonObject, type JsonObject, objectsOf } from '../../sandbox/slack/json.ts';
import { renderText } from '../../sandbox/slack/render-text.ts';
import { cardOf } from '../../src/rollout/card.ts';
import { reason } from '../../src/rollout/reasons.ts';
import { story } from '../support/story.ts';
import { MODES, type Rig, startRig, until } from './slack-edge-setup.ts';

const IN = 'C0TITANIC';
const VERSIONS = Array.from({ length: 150 }, (_, index) => ({
  version: 150 - index,
  approval: index % 3 === 0 ? 'Approved' : 'PendingManualApproval',
  description: index === 4 ? 'better on third class' : null,
  createdAt: '2026-11-23T18:00:00.000Z',
}));
const { card } = createRender({ approversMention: '<!subteam^S0APPROVERS>', services: ['survival'] });

let rig: Rig;

async function startAt(mode: 'http' | 'socket', services: readonly string[] = ['survival']): Promise<void> {
  rig = await startRig({ mode, services, versions: () => VERSIONS, slack: { rateLimits: { enabled: false } } });
}

function asNew(): void {
  rig.core.asked.length = 0;
  rig.recorded.clear();
  rig.core.answerWith(async ({ request }) => ({
    kind: 'done',
    reason: reason('manual', { reason: `did ${request.verb}` }),
    subject: null,
  }));
}

const types = (text: string, user: string) => rig.slack.control.command({ user, channel: IN, text, settleMs: 60 });

/** The words on the buttons of the answer. */
function offered({ responses }: ActResult): readonly string[] {
  return [...(responses.at(-1)?.rendered ?? '').matchAll(/\[([^\]]+)\]/g)].map(([, words = '']) => words);
}

async function presses(user: string, answered: ActResult, actionId: string, value?: string): Promise<ActResult> {
  const ts = answered.responses.at(-1)?.ts ?? '';
  const which = value === undefined ? {} : { value };
  return rig.slack.control.click({ user, channel: IN, ts, actionId, ...which, settleMs: 60 });
}

const wordsOf = (view: JsonObject | undefined) => renderText({ blocks: objectsOf(view?.blocks) });

async function viewOf(user: string): Promise<JsonObject | undefined> {
  return (await rig.slack.control.openViews({ user })).at(-1);
}

/** A card of a rollout in the channel, with a line in its thread. */
async function posted(): Promise<{ readonly cardTs: string; readonly lineTs: string; readonly id: string }> {
  const told = story().promotes(1).promotes(2);
  rig.core.setState(told.state);
  const id = told.subject;
  const shown = cardOf(told.state, id);
  if (shown === null) throw new Error('no card');
  const post = async (threadTs: string | null) => {
    let outcome = await rig.connection.channel.post(card(shown), threadTs);
    while (outcome.kind === 'failed' && outcome.why === 'own pace') {
      await new Promise((resolve) => setTimeout(resolve, 100));
      outcome = await rig.connection.channel.post(card(shown), threadTs);
    }
    if (outcome.kind !== 'posted') throw new Error(outcome.why);
    return outcome.ts;
  };
  const cardTs = await post(null);
  const lineTs = await post(cardTs);
  rig.recorded.set(id, { channel: IN, ts: cardTs });
  return { cardTs, lineTs, id };
}

describe.each(MODES)('ways in over %s', (mode) => {
  beforeAll(() => startAt(mode));
  afterAll(() => rig.stop());
  beforeEach(asNew);

  it('the command alone opens a menu of what this person may, and help still says everything', async () => {
    const operator = await types('', 'U0OPERATOR');
    expect(offered(operator)).toEqual(['Deploy…', 'Roll back…', 'Lock…', 'Status', 'History', 'Models', 'Verify']);
    expect(offered(await types('', 'U0ALICE'))).toEqual(['Roll back…', 'Status', 'History', 'Models', 'Verify']);
    expect(offered(await types('menu', 'U0STRANGER'))).toEqual(['Status', 'History', 'Models', 'Verify']);
    expect((await types('', 'U0GUEST')).responses.at(-1)?.rendered).toContain('only from full members');
    expect((await types('help', 'U0OPERATOR')).responses.at(-1)?.rendered).toContain('deploy staging');
    const asked = await presses('U0OPERATOR', operator, 'command.v1.0');
    expect(asked.responses.at(-1)?.rendered).toContain('# survival');
  });

  it('a form finds packages while somebody types, and deploys what was chosen, once', async () => {
    const menu = await types('', 'U0BOTH');
    const { view } = await presses('U0BOTH', menu, ACTIONS.openDeploy);
    const viewId = String(view?.id);
    const typing = (typed: string, user = 'U0BOTH') =>
      rig.slack.control.suggest({ user, viewId, actionId: INPUTS.model.action, typed });
    const all = await typing('');
    expect(all).toMatchObject({ outcome: 'acknowledged', options: { length: 100 } });
    expect((await typing('third')).options).toMatchObject([{ value: '146' }]);
    expect((await typing('v15')).options.map(({ value }) => value)).toEqual(['150', '15']);
    const values = { [INPUTS.model.block]: '15', [INPUTS.reason.block]: ' better on third class ' };
    await rig.slack.control.addDeliveryFault({ duplicates: 1, times: 1 });
    const { outcome } = await rig.slack.control.submitView({ user: 'U0BOTH', viewId, values, settleMs: 60 });
    expect(outcome).toBe('acknowledged');
    await until(() => rig.core.asked.length > 0);
    expect(rig.core.asked).toMatchObject([
      {
        service: 'survival',
        actor: { kind: 'person', id: 'U0BOTH' },
        request: { verb: 'deploy', model: { version: 15 }, note: 'better on third class' },
      },
    ]);
  });

  it('a message’s own menu leads back from what its thread is about, after a question with a reason', async () => {
    const { lineTs, id } = await posted();
    const shortcut = { user: 'U0OPERATOR', callbackId: SHORTCUTS.leave, channel: IN, ts: lineTs } as const;
    await rig.slack.control.shortcut(shortcut);
    await until(async () => wordsOf(await viewOf('U0OPERATOR')).includes(id));
    const view = await viewOf('U0OPERATOR');
    expect(wordsOf(view)).toContain('prod goes back from version 2 to version 1');
    expect(view?.private_metadata).toBe(`${id} ${IN}`);
    const submit = { user: 'U0OPERATOR', viewId: String(view?.id) };
    expect(await rig.slack.control.submitView({ ...submit, settleMs: 20 })).toMatchObject({ outcome: 'incomplete' });
    await rig.slack.control.submitView({
      ...submit,
      values: { [INPUTS.reason.block]: 'error rate is up' },
      settleMs: 60,
    });
    await until(() => rig.core.asked.length === 1);
    expect(rig.core.asked[0]?.request).toEqual({
      verb: 'rollback',
      environment: 'prod',
      toVersion: null,
      reason: 'error rate is up',
      furtherThan: null,
      leaving: id,
    });
  });

  it('is answered in the thread when somebody calls it by name there', async () => {
    const { cardTs, id } = await posted();
    await rig.slack.control.say({ user: 'U0STRANGER', channel: IN, text: '<@U0TITANIC> how is it?', threadTs: cardTs });
    const inThread = async () =>
      (await rig.slack.control.channel({ channel: IN, as: 'U0STRANGER' })).filter((one) => one.threadTs === cardTs);
    await until(async () => (await inThread()).length === 3);
    expect((await inThread()).at(-1)).toMatchObject({ user: 'U0TITANIC', ephemeral: false });
    expect((await inThread()).at(-1)?.rendered).toContain(`${id} version 2: ✅ promoted to prod`);
  });
});

describe('the menu', () => {
  beforeEach(async () => {
    await startAt('http');
    asNew();
  });
  afterEach(() => rig.stop());

  it('opens from anywhere as a modal, in which questions are answered and forms opened', async () => {
    rig.core.setState(story().promotes(1).state);
    await rig.slack.control.shortcut({ user: 'U0OPERATOR', callbackId: SHORTCUTS.menu });
    await until(async () => wordsOf(await viewOf('U0OPERATOR')).includes('What would you like'));
    const menu = await viewOf('U0OPERATOR');
    await rig.slack.control.click({ user: 'U0OPERATOR', viewId: String(menu?.id), actionId: 'command.v1.1' });
    await until(async () => wordsOf(await viewOf('U0OPERATOR')).includes('last rollouts'));
    await rig.slack.control.shortcut({ user: 'U0OPERATOR', callbackId: SHORTCUTS.menu });
    await until(async () => wordsOf(await viewOf('U0OPERATOR')).includes('What would you like'));
    const again = await viewOf('U0OPERATOR');
    const lock = { user: 'U0OPERATOR', viewId: String(again?.id), actionId: ACTIONS.openLock };
    await rig.slack.control.click({ ...lock, settleMs: 60 });
    await until(async () => wordsOf(await viewOf('U0OPERATOR')).includes('For how long'));
    const form = await viewOf('U0OPERATOR');
    const values = { [INPUTS.reason.block]: 'audit', [INPUTS.duration.block]: '2h' };
    await rig.slack.control.submitView({ user: 'U0OPERATOR', viewId: String(form?.id), values });
    // There is no channel to be answered in, so the form itself says what became of it.
    await until(async () => wordsOf(await viewOf('U0OPERATOR')).includes('did lock'));
    expect(rig.core.asked.at(-1)?.request).toEqual({
      verb: 'lock',
      environment: 'prod',
      forSeconds: 7200,
      reason: 'audit',
    });
  });

  it('says what is wrong beside the field, and submits nothing', async () => {
    const { view } = await presses('U0OPERATOR', await types('', 'U0OPERATOR'), ACTIONS.openLock);
    const submit = { user: 'U0OPERATOR', viewId: String(view?.id), settleMs: 30 };
    const wrong = { [INPUTS.reason.block]: '   ', [INPUTS.duration.block]: 'for ever' };
    const { errors } = await rig.slack.control.submitView({ ...submit, values: wrong });
    expect(errors).toEqual({
      [INPUTS.duration.block]: '“for ever” is no time: write 30m, 2h or 1d, at most 30d.',
      [INPUTS.reason.block]: 'Say why.',
    });
    expect(rig.core.asked).toEqual([]);
    const right = { [INPUTS.reason.block]: 'audit', [INPUTS.duration.block]: '1d' };
    expect((await rig.slack.control.submitView({ ...submit, values: right })).errors).toBeUndefined();
    await until(() => rig.core.asked.length === 1);
  });

  it('takes who submits from the signed id alone, whatever the form carries', async () => {
    const { view } = await presses('U0OPERATOR', await types('', 'U0OPERATOR'), ACTIONS.openRollback);
    await rig.slack.control.submitView({ user: 'U0OPERATOR', viewId: String(view?.id), settleMs: 60 });
    const [sent] = (await rig.slack.control.deliveries()).filter(({ payload }) => payload.type === 'view_submission');
    const forged: JsonObject = { ...sent?.payload, user: { id: 'U0STRANGER', team_id: 'T0TITANIC' } };
    const shown = isJsonObject(forged.view) ? { ...forged.view, id: 'V0OTHER' } : {};
    await rig.slack.control.raw({ kind: 'interactive', payload: { ...forged, view: shown } });
    await until(() => rig.core.asked.length === 2);
    expect(rig.core.asked[1]).toMatchObject({
      actor: { id: 'U0STRANGER' },
      standing: { kind: 'member', approver: false, operator: false },
    });
  });

  it('suggests no packages to those who may not deploy, and none of a service that is not configured', async () => {
    const { view } = await presses('U0OPERATOR', await types('', 'U0OPERATOR'), ACTIONS.openDeploy);
    const viewId = String(view?.id);
    await rig.slack.control.suggest({ user: 'U0OPERATOR', viewId, actionId: INPUTS.model.action, typed: '15' });
    const [sent] = (await rig.slack.control.deliveries()).filter(({ payload }) => payload.type === 'block_suggestion');
    // The very same request twice is one of which only the first counts.
    let nonce = 0;
    const ask = async (payload: JsonObject) =>
      (await rig.slack.control.raw({ kind: 'interactive', payload: { ...sent?.payload, nonce: nonce++, ...payload } }))
        .ack;
    const found = { outcome: 'acknowledged', body: { options: [{ value: '150' }, { value: '15' }] } };
    expect(await ask({})).toMatchObject(found);
    for (const id of ['U0ALICE', 'U0STRANGER', 'U0GUEST', 'U0FOREIGN']) {
      const none = { outcome: 'acknowledged', body: { options: [] } };
      expect(await ask({ user: { id, team_id: 'T0TITANIC' } })).toMatchObject(none);
    }
    const elsewhere = { ...(isJsonObject(sent?.payload.view) ? sent.payload.view : {}), private_metadata: 'fares C1' };
    expect(await ask({ view: elsewhere })).toMatchObject({ body: { options: [] } });
  });
});

describe('several services', () => {
  beforeEach(async () => {
    await startAt('http', ['survival', 'fares']);
    asNew();
  });
  afterEach(() => rig.stop());

  it('are offered where none was named, and the one that is pressed does what was typed', async () => {
    const choice = await types('deploy staging --model 7 -- better', 'U0OPERATOR');
    expect(offered(choice)).toEqual(['survival', 'fares']);
    expect(rig.core.asked).toEqual([]);
    await presses('U0OPERATOR', choice, 'command.v1.1');
    await until(() => rig.core.asked.length === 1);
    expect(rig.core.asked[0]).toMatchObject({
      service: 'fares',
      request: { verb: 'deploy', model: { version: 7 }, note: 'better' },
    });
    expect(offered(await types('status', 'U0STRANGER'))).toEqual(['survival', 'fares']);
  });

  it('are each in the status that somebody is told who calls titanic by name', async () => {
    const { ts } = await rig.slack.control.say({ user: 'U0ALICE', channel: IN, text: 'hello <@U0TITANIC>' });
    const answer = async () =>
      (await rig.slack.control.channel({ channel: IN, as: 'U0ALICE' })).find((one) => one.threadTs === ts);
    await until(async () => (await answer()) !== undefined);
    expect((await answer())?.rendered).toMatch(/survival .*\nfares /);
  });
});

describe('being called by name', () => {
  beforeEach(async () => {
    await startAt('http');
    asNew();
  });
  afterEach(() => rig.stop());

  const calls = (event: JsonObject) =>
    rig.slack.control.sendEvent({
      event: { type: 'app_mention', channel: IN, text: '<@U0TITANIC>', user: 'U0ALICE', ts: '1.000001', ...event },
    });
  const said = async (): Promise<readonly SeenMessage[]> =>
    (await rig.slack.control.channel({ channel: IN, as: '*' })).filter((one) => one.user === 'U0TITANIC');

  it('by apps, by titanic itself or by somebody of another workspace is not answered', async () => {
    await calls({ bot_id: 'B0OTHER', ts: '1.000001' });
    await calls({ app_id: 'A0OTHER', ts: '1.000002' });
    await calls({ subtype: 'bot_message', ts: '1.000003' });
    await calls({ user: 'U0TITANIC', ts: '1.000004' });
    await calls({ user: 'U0FOREIGN', user_team: 'T0PARTNER', ts: '1.000005' });
    await calls({ edited: { user: 'U0ALICE', ts: '1.2' }, ts: '1.000006' });
    const { ts } = await rig.slack.control.say({ user: 'U0ALICE', channel: IN, text: '<@U0TITANIC>' });
    await until(async () => (await said()).length === 1);
    expect((await said())[0]?.threadTs).toBe(ts);
  });

  it('once is answered once, however often Slack tells of it', async () => {
    const { ts } = await rig.slack.control.say({ user: 'U0ALICE', channel: IN, text: '<@U0TITANIC>' });
    await calls({ ts });
    await calls({ ts });
    const other = await rig.slack.control.say({ user: 'U0ADAM', channel: IN, text: '<@U0TITANIC>' });
    await until(async () => (await said()).some(({ threadTs }) => threadTs === other.ts));
    expect((await said()).filter(({ threadTs }) => threadTs === ts)).toHaveLength(1);
  });

  it('by a guest, or in another channel, is answered to them alone', async () => {
    await rig.slack.control.say({ user: 'U0GUEST', channel: IN, text: '<@U0TITANIC>' });
    await until(async () => (await said()).length === 1);
    expect((await said())[0]).toMatchObject({ ephemeral: true, ephemeralTo: 'U0GUEST' });
    await rig.slack.control.say({ user: 'U0ALICE', channel: 'C0RANDOM', text: '<@U0TITANIC>' });
    const there = async () =>
      (await rig.slack.control.channel({ channel: 'C0RANDOM', as: '*' })).filter((one) => one.user === 'U0TITANIC');
    await until(async () => (await there()).length === 1);
    expect((await there())[0]).toMatchObject({ ephemeral: true, ephemeralTo: 'U0ALICE' });
  });

  it('too often is bounded for each person, as commands are', async () => {
    for (let times = 0; times < 15; times += 1) {
      await rig.slack.control.say({ user: 'U0ALICE', channel: IN, text: `<@U0TITANIC> ${times}` });
    }
    await until(async () => (await said()).some(({ rendered }) => rendered.includes('Too many commands')));
    const seen = await said();
    expect(seen.filter(({ ephemeral }) => !ephemeral).length).toBeLessThanOrEqual(5);
    expect(seen.length).toBeLessThanOrEqual(12);
  });
});

describe('rolling back what a message is about', () => {
  beforeEach(async () => {
    await startAt('http');
    asNew();
  });
  afterEach(() => rig.stop());

  async function asks(ts: string, user = 'U0OPERATOR'): Promise<string> {
    await rig.slack.control.shortcut({ user, callbackId: SHORTCUTS.leave, channel: IN, ts });
    await until(async () => !['', 'One moment…'].includes(wordsOf(await viewOf(user))));
    return wordsOf(await viewOf(user));
  }

  it('goes by where it stands, never by what it says', async () => {
    const { id } = await posted();
    const lie = await rig.slack.control.say({ user: 'U0STRANGER', channel: IN, text: `This is the card of ${id}` });
    expect(await asks(lie.ts)).toContain('no card of titanic');
  });

  it('says so where what it brought runs nowhere any more', async () => {
    const { cardTs } = await posted();
    rig.core.setState(story().promotes(1).promotes(2).promotes(3).state);
    expect(await asks(cardTs)).toContain('runs nowhere any more');
  });

  it('of a rollback means one step further', async () => {
    const told = story().promotes(1).promotes(2).promotes(3);
    const back = told
      .tells(
        {
          actor: { kind: 'person', id: 'U0OLGA', via: 'slack' },
          standing: { kind: 'member', approver: true, operator: true, lastKnown: false },
        },
        () => ({ verb: 'rollback', environment: 'prod', toVersion: null, reason: null, furtherThan: null }),
      )
      .goesBack('prod')
      .reaches('prod');
    const { cardTs, id } = await posted();
    rig.core.setState(back.state);
    const rollbackId = back.state.endedRollbacks[0]?.id ?? '';
    rig.recorded.delete(id);
    rig.recorded.set(rollbackId, { channel: IN, ts: cardTs });
    expect(await asks(cardTs)).toContain('prod goes back from version 2 to version 1');
    const view = await viewOf('U0OPERATOR');
    const values = { [INPUTS.reason.block]: 'still wrong' };
    await rig.slack.control.submitView({ user: 'U0OPERATOR', viewId: String(view?.id), values });
    await until(() => rig.core.asked.length === 1);
    expect(rig.core.asked[0]?.request).toMatchObject({ verb: 'rollback', furtherThan: rollbackId });
  });

  it('is refused to guests before anything is looked up', async () => {
    const { cardTs } = await posted();
    expect(await asks(cardTs, 'U0GUEST')).toContain('only from full members');
    const open = rig.slack.control.shortcut({ user: 'U0OPERATOR', callbackId: SHORTCUTS.leave });
    await expect(open).rejects.toThrow(ControlError);
  });
});
