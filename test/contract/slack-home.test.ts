import { afterEach, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { objectsOf } from '../../sandbox/slack/json.ts';
import { renderText } from '../../sandbox/slack/render-text.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { reason } from '../../src/rollout/reasons.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { createFastClock } from '../support/fast-clock.ts';
import { story } from '../support/story.ts';
import { MODES, type Rig, type RigOptions, startRig, until } from './slack-edge-setup.ts';

const WHO = { operator: 'U0OPERATOR', approver: 'U0ALICE', both: 'U0BOTH', nobody: 'U0STRANGER', guest: 'U0GUEST' };

let rig: Rig;
afterEach(() => rig?.stop());

async function start(options: Partial<RigOptions> = {}): Promise<Rig> {
  rig = await startRig({ mode: 'http', ...options });
  return rig;
}

/** One version in prod, the next at its gate, asked for by the operator; the record is of a moment just now. */
function atTheGate(service = 'survival', requester = WHO.operator): ServiceState {
  const told = story({ service }).promotes(1).begins(2, { requester }).to('gate');
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const rollouts = told.state.rollouts.map((one) =>
    one.status === 'gate' ? { ...one, gate: { ...one.gate, expiresAt: later } } : one,
  );
  return { ...told.state, rollouts };
}

async function homeOf(person: string): Promise<string> {
  const view = await rig.slack.control.home({ user: person });
  return view === null ? '' : renderText({ blocks: objectsOf(view.blocks) });
}

/** The words on the buttons of somebody's Home. */
async function buttonsOf(person: string): Promise<readonly string[]> {
  const shown = await homeOf(person);
  return [...shown.matchAll(/\[([^\]]+)\]/g)].map(([, words = '']) => words);
}

async function opens(person: string): Promise<string> {
  await rig.slack.control.openHome({ user: person });
  await until(async () => (await homeOf(person)) !== '');
  return homeOf(person);
}

const published = async () => (await rig.slack.control.calls({ method: 'views.publish' })).length;

describe.each(MODES)('Home over %s', (mode) => {
  it('is published for whoever opens it, with the buttons of what they are', async () => {
    await start({ mode });
    rig.core.setState(atTheGate());
    const operator = await opens(WHO.operator);
    expect(operator).toContain('You are an operator');
    expect(operator).not.toContain('Waits for you');
    expect(await buttonsOf(WHO.operator)).toEqual(['Deploy…', 'Roll back…', 'Lock…']);
    const approver = await opens(WHO.approver);
    expect(approver).toContain('survival-');
    expect(approver).toContain('version 2 of survival waits to go to prod');
    expect(await buttonsOf(WHO.approver)).toEqual(['Promote to prod', 'Reject', 'Roll back…']);
    expect(await opens(WHO.nobody)).toContain('You may look');
    expect(await buttonsOf(WHO.nobody)).toEqual([]);
  });
});

describe('Home', () => {
  it('does not ask somebody about what they asked for themselves', async () => {
    await start();
    rig.core.setState(atTheGate('survival', WHO.both));
    expect(await opens(WHO.both)).toContain('# Waits for you\nNothing.');
    expect(await buttonsOf(WHO.both)).toEqual(['Deploy…', 'Roll back…', 'Lock…']);
  });

  it('tells a guest what they may, and nothing of what runs', async () => {
    await start();
    rig.core.setState(atTheGate());
    const shown = await opens(WHO.guest);
    expect(shown).toContain('only from full members');
    expect(shown).not.toContain('version');
    expect(await buttonsOf(WHO.guest)).toEqual([]);
  });

  it('is never published for somebody of another workspace, or whom Slack cannot name', async () => {
    await start();
    const event = { type: 'app_home_opened', tab: 'home', channel: 'D1', event_ts: '1.1' };
    await rig.slack.control.sendEvent({ event: { ...event, user: 'U0FOREIGN' } });
    await rig.slack.control.sendEvent({ event: { ...event, user: 'U0NOBODY' } });
    const looked = async () => (await rig.slack.control.calls({ method: 'users.info' })).length;
    await until(async () => (await looked()) === 2);
    await rig.slack.control.addFault({ method: 'users.info', effect: { kind: 'error', error: 'internal_error' } });
    await rig.slack.control.sendEvent({ event: { ...event, user: WHO.operator } });
    await until(async () => (await looked()) === 3);
    await rig.slack.control.clearFaults();
    // Whoever comes after them is served, so they were looked at.
    await opens(WHO.approver);
    expect(await published()).toBe(1);
  });

  it('has no buttons while the groups cannot be read, and says so', async () => {
    await start({
      before: async ({ control }) => void (await control.putGroup({ id: 'S0APPROVERS', state: 'unreadable' })),
    });
    rig.core.setState(atTheGate());
    const shown = await opens(WHO.approver);
    expect(shown).toContain('Slack could not say who is in the groups (internal_error)');
    expect(shown).toContain('prod runs version 1');
    expect(await buttonsOf(WHO.approver)).toEqual([]);
  });

  it('is published again when what it shows changes, and not when nothing does', async () => {
    await start({ clock: fast() });
    rig.core.setState(atTheGate());
    await opens(WHO.approver);
    const before = await published();
    for (let times = 0; times < 5; times += 1) rig.homes.changed();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await published()).toBe(before);
    rig.core.setState(story().promotes(1).state);
    rig.homes.changed();
    await until(async () => (await homeOf(WHO.approver)).includes('# Waits for you\nNothing.'));
    expect(await published()).toBe(before + 1);
    // Opening it once more shows the same, so nothing is sent.
    await rig.slack.control.openHome({ user: WHO.approver });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await published()).toBe(before + 1);
  });

  it('leaves a Home alone that another replica has published since', async () => {
    await start({ clock: fast() });
    rig.core.setState(atTheGate());
    await opens(WHO.approver);
    const other = { type: 'home', blocks: [{ type: 'divider' }] };
    await fetch(`${rig.slack.apiUrl}views.publish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${rig.slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ user_id: WHO.approver, view: other }),
    });
    rig.core.setState(story().promotes(1).state);
    rig.homes.changed();
    await until(async () => (await published()) === 3);
    expect(await homeOf(WHO.approver)).not.toContain('survival');
    rig.core.setState(atTheGate());
    rig.homes.changed();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await published()).toBe(3);
  });

  it('that Slack does not take disturbs nothing, and comes when it is taken again', async () => {
    await start({ clock: fast() });
    rig.core.setState(atTheGate());
    await rig.slack.control.addFault({
      method: 'views.publish',
      effect: { kind: 'error', error: 'ratelimited', retryAfterSeconds: 2 },
      times: 2,
    });
    await rig.slack.control.openHome({ user: WHO.operator });
    const { responses } = await rig.slack.control.command({
      user: WHO.operator,
      channel: 'C0TITANIC',
      text: 'status',
      settleMs: 50,
    });
    expect(responses.map(({ rendered }) => rendered).join()).toContain('# survival');
    await until(async () => (await homeOf(WHO.operator)).includes('You are an operator'), 15_000);
  });

  it('answers a press in a modal, by who pressed and what the record says', async () => {
    await start();
    rig.core.setState(atTheGate());
    await opens(WHO.approver);
    const home = await rig.slack.control.home({ user: WHO.approver });
    rig.core.answerWith(async () => ({ kind: 'refused', reason: reason('not-an-approver'), subject: null }));
    const press = { user: WHO.approver, viewId: String(home?.id), actionId: ACTIONS.promote, confirm: 'yes' } as const;
    await rig.slack.control.click({ ...press, settleMs: 200 });
    await until(() => rig.core.asked.length === 1);
    expect(rig.core.asked[0]).toMatchObject({
      actor: { kind: 'person', id: WHO.approver, via: 'slack' },
      request: { verb: 'promote' },
      standing: { kind: 'member', approver: true },
    });
    await until(async () =>
      JSON.stringify(await rig.slack.control.openViews({ user: WHO.approver })).includes('Only approvers'),
    );
  });

  it('shows what fits of very many services, and stays below what Slack takes', async () => {
    const services = Array.from({ length: 60 }, (_, index) => `service-${index}`);
    await start({ services });
    for (const service of services) rig.core.setState(atTheGate(service));
    const shown = await opens(WHO.both);
    expect(shown).toContain('# Other services');
    expect(shown).toContain('service-59');
    expect(shown).toContain('… +50');
    const view = await rig.slack.control.home({ user: WHO.both });
    expect(objectsOf(view?.blocks).length).toBeLessThanOrEqual(100);
  });
});

/** Waits end sooner than they say, so that gaps between Homes need not be waited for. */
function fast(): Clock {
  return createFastClock(20);
}
