import { setTimeout as wait } from 'node:timers/promises';
import type { Record } from '../../sandbox/demo/record.ts';
import { ControlError } from '../../sandbox/slack/control/control-error.ts';
import type { SlackControl } from '../../sandbox/slack/control/slack-control.ts';
import type { LiveRollout, ServiceState } from '../../src/rollout/state.ts';
import type { Chance } from '../simulation/chance.ts';
import type { Lane } from './setting.ts';

export interface LifeDeps {
  readonly lane: Lane;
  readonly slack: SlackControl;
  readonly record: Record;
  readonly chance: Chance;
}

/** A life that has not come to an end by then is lost: whatever dies, something goes on within seconds. */
const LIFE_WITHIN_MS = 240_000;
const LOOK_EVERY_MS = 200;
/** Somebody who sees nothing happen tries again, as people do. */
const PATIENCE_MS = 2_500;

/** A life that did not come to an end. */
export class LifeLost extends Error {}

/** One rollout, and what people do with it: promoted, rejected, cancelled, rolled back, at any moment of it. */
export async function live({ lane, slack, record, chance }: LifeDeps): Promise<void> {
  const until = Date.now() + LIFE_WITHIN_MS;
  const before = (await record.state()).seq;
  const version = chance.pick([1, 3]);

  await wants(chance.pick(lane.operators), `deploy staging --model ${version}`, (s) => started(s, before));
  if (chance.happens(0.15)) {
    await wait(chance.between(0, 2_000));
    await wants(chance.pick(lane.approvers), 'cancel', noneBeforeProd);
  } else {
    await comes('its gate opens, or it ended', (s) => s.rollouts.every(waitsForPeople));
    if (chance.happens(0.9)) await promotes();
  }
  // Also what a command started that was delivered twice, or to a bot that slept.
  while (!atRest(await record.state())) {
    await comes('nothing moves', (s) => s.rollouts.every(waitsForPeople) && quiet(s));
    await wants(chance.pick(lane.approvers), 'reject -- not today', (s) => !s.rollouts.some(waitsForPeople));
  }
  const { holds } = (await record.state()).environments.prod;
  if (holds.length > 0) {
    await wants(chance.pick(lane.operators), 'unlock prod -- go on', (s) => s.environments.prod.holds.length === 0);
  }

  async function promotes(): Promise<void> {
    const hadRollbacks = (await record.state()).endedRollbacks.length;
    await wants(chance.pick(lane.approvers), 'promote', (s) => s.rollouts.every((r) => r.status !== 'gate'));
    if (chance.happens(0.5)) {
      // In the middle of it, or after it.
      await wait(chance.spread(50, 4_000));
      const back = (s: ServiceState) =>
        s.environments.prod.rollback !== null || s.endedRollbacks.length > hadRollbacks || nothingToGoBackTo(s);
      await wants(chance.pick(lane.operators), 'rollback -- by chance', back);
    }
  }

  /** Types until the record shows that it was done; each time is a command of its own. */
  async function wants(person: string, words: string, done: (state: ServiceState) => boolean): Promise<void> {
    while (!done(await record.state())) {
      leave(words);
      const text = `${words.replace(/^(\w+( staging| prod)?)/, `$1 --service ${lane.service}`)}`;
      const result = await slack.command({ user: person, channel: 'C0TITANIC', text }).catch((error: unknown) => {
        if (error instanceof ControlError) return null;
        throw error;
      });
      const patience = Date.now() + (result?.outcome === 'acknowledged' ? PATIENCE_MS : LOOK_EVERY_MS);
      while (Date.now() < patience && !done(await record.state())) await wait(LOOK_EVERY_MS);
    }
  }

  async function comes(what: string, holds: (state: ServiceState) => boolean): Promise<void> {
    while (!holds(await record.state())) {
      leave(what);
      await wait(LOOK_EVERY_MS);
    }
  }

  function leave(what: string): void {
    if (Date.now() > until) throw new LifeLost(`${lane.service}: not within ${LIFE_WITHIN_MS / 1_000} s: ${what}`);
  }
}

function started(state: ServiceState, after: number): boolean {
  const place = (id: string) => Number(id.slice(id.lastIndexOf('-') + 1));
  return [...state.rollouts, ...state.ended].some(({ id }) => place(id) > after);
}

function noneBeforeProd(state: ServiceState): boolean {
  return state.rollouts.every((r) => r.status === 'approved' || r.status === 'prod' || r.status === 'verifying');
}

/** Prod has one deployment that succeeded, or none, and nothing moves. */
function nothingToGoBackTo(state: ServiceState): boolean {
  const { prod } = state.environments;
  const bound = state.rollouts.some((r) => r.status === 'approved' || r.status === 'prod' || r.status === 'verifying');
  return prod.stack.length < 2 && prod.deployment === null && prod.intent === null && !bound;
}

function waitsForPeople({ status }: LiveRollout): boolean {
  return status === 'gate' || status === 'held';
}

function quiet(state: ServiceState): boolean {
  return Object.values(state.environments).every(
    (e) => e.deployment === null && e.intent === null && e.rollback === null && e.smoke === null,
  );
}

function atRest(state: ServiceState): boolean {
  return quiet(state) && state.rollouts.length === 0;
}
