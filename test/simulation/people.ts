import type { Request } from '../../src/rollout/api.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import type { Event } from '../../src/rollout/events.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import type { Chance } from './chance.ts';
import type { Presses } from './facts.ts';
import { followScript, type GoldenName } from './golden-script.ts';
import { createCleanupDeeds } from './people-cleanup.ts';
import { createModelDeeds } from './people-models.ts';
import { createPresses, type Deliver, type Press } from './presses.ts';
import { APPROVERS, OPERATORS, PEOPLE, type Slack, STRANGERS } from './sim-slack.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface People extends Presses {
  readonly presses: readonly Press[];
  press(person: string, service: string, request: Request): void;
  /** They read what is recorded, as the channel would show it a little later. */
  reactTo(service: string, event: Event): void;
  start(): void;
  /** From now on somebody tidies up: releases holds, cancels what waits, until nothing is left. */
  tidyUp(): void;
}

/** What people need to do anything. */
export interface Means {
  readonly chance: Chance;
  readonly time: VirtualTime;
  readonly patienceMs: number;
  readonly state: (service: string) => ServiceState;
  /** Versions that nobody has decided about. */
  readonly pending: (service: string) => readonly number[];
  readonly press: People['press'];
  /** After a while of at most so long, if they still care. */
  readonly soon: (longestMs: number, act: () => void) => void;
  readonly isLively: () => boolean;
}

export interface Manners {
  readonly deployEveryMs: number;
  readonly rollbackEveryMs: number;
  readonly lockEveryMs: number;
  /** A package that is pending is asked for. */
  readonly pendingEveryMs: number;
  readonly cleanupEveryMs: number;
  /** How many of the clean-ups are of what is live. */
  readonly cleansLive: number;
  readonly patienceMs: number;
  readonly repeatedDelivery: number;
  /** When they press at a gate, after it opened; absent: whenever they feel like it. */
  readonly approveAfterMs?: readonly [number, number];
}

export function createPeople(world: {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly slack: Slack;
  readonly services: readonly string[];
  readonly manners: Manners;
  readonly deliver: Deliver;
  readonly state: (service: string) => ServiceState;
  readonly versions: (service: string) => number;
  readonly pending: (service: string) => readonly number[];
  /** Only what this golden life's script says; null: it is no golden life. */
  readonly script: GoldenName | null;
}): People {
  const { time, chance, trace, slack, services, manners, state, script } = world;
  let lively = true;
  const { presses, press, reallyPressed, brokeGlass, withdrew, asker, asked, pressed } = createPresses({
    time,
    chance,
    trace,
    deliver: world.deliver,
    repeats: () => lively && chance.happens(manners.repeatedDelivery),
  });

  function soon(longestMs: number, act: () => void): void {
    time.after(chance.spread(300, longestMs), () => {
      if (lively) act();
    });
  }

  const means: Means = {
    chance,
    time,
    patienceMs: manners.patienceMs,
    state,
    pending: world.pending,
    press,
    soon,
    isLively: () => lively,
  };
  const models = createModelDeeds(means);
  const cleaning = createCleanupDeeds(means, manners.cleansLive);

  function sometime(window: readonly [number, number] | undefined, act: () => void): void {
    if (window === undefined) {
      soon(manners.patienceMs, act);
      return;
    }
    time.after(chance.between(...window), () => {
      if (lively) act();
    });
  }

  /** Again and again, at random, as long as life goes on. */
  function every(meanMs: number, act: () => void): void {
    time.after(-Math.log(1 - chance.next()) * meanMs, () => {
      if (!lively) return;
      act();
      every(meanMs, act);
    });
  }

  function deploy(service: string): void {
    const person = chance.happens(0.9) ? chance.pick(OPERATORS) : chance.pick(PEOPLE);
    const named = chance.happens(0.3);
    const model = named ? { version: 1 + chance.below(world.versions(service)) } : null;
    press(person, service, { verb: 'deploy', model, note: null });
    // Twice, because nothing seemed to happen.
    if (chance.happens(0.1)) soon(10_000, () => press(person, service, { verb: 'deploy', model, note: null }));
  }

  function decideAtGate(service: string, rolloutId: string): void {
    const count = 1 + chance.below(4);
    for (let i = 0; i < count; i++) {
      sometime(manners.approveAfterMs, () => {
        const person = chance.happens(0.85) ? chance.pick(APPROVERS) : chance.pick(PEOPLE);
        const named = chance.happens(0.9) ? rolloutId : null;
        if (chance.happens(0.07)) return press(person, service, { verb: 'reject', rolloutId: named, reason: 'no' });
        press(person, service, { verb: 'promote', rolloutId: named });
        if (chance.happens(0.25)) soon(5_000, () => press(person, service, { verb: 'promote', rolloutId }));
        if (chance.happens(0.08)) soon(3_000, () => leaveForAWhile(person));
      });
    }
    // Long after it was decided.
    if (chance.happens(0.3)) {
      time.after(chance.spread(60_000, 5_400_000), () =>
        press(chance.pick(APPROVERS), service, { verb: 'promote', rolloutId }),
      );
    }
  }

  function leaveForAWhile(person: string): void {
    slack.setMembers(
      'approvers',
      slack.members('approvers').filter((id) => id !== person),
    );
    time.after(chance.spread(10_000, 1_200_000), () => join(person));
  }

  function join(person: string): void {
    if (!slack.members('approvers').includes(person)) {
      slack.setMembers('approvers', [...slack.members('approvers'), person]);
    }
  }

  function rollback(service: string, environment: Environment): void {
    const person = chance.happens(0.9) ? chance.pick([...OPERATORS, ...APPROVERS]) : chance.pick(STRANGERS);
    const toVersion = chance.happens(0.25) ? 1 + chance.below(world.versions(service)) : null;
    press(person, service, { verb: 'rollback', environment, toVersion, reason: 'it is wrong', furtherThan: null });
  }

  function lock(service: string): void {
    const environment = chance.pick(['staging', 'prod'] as const);
    const forSeconds = chance.happens(0.5) ? Math.floor(chance.spread(20, 900)) : null;
    press(chance.pick(OPERATORS), service, { verb: 'lock', environment, forSeconds, reason: 'exam' });
    if (chance.happens(0.8)) soon(300_000, () => unlock(service, environment));
  }

  function unlock(service: string, environment: Environment): void {
    press(chance.pick(OPERATORS), service, { verb: 'unlock', environment, reason: 'over' });
  }

  function odd(service: string): void {
    const { rollouts, ended } = state(service);
    const known = [...rollouts, ...ended];
    const rolloutId = known.length === 0 ? null : chance.pick(known).id;
    const environment = chance.pick(['staging', 'prod'] as const);
    const person = chance.pick(PEOPLE);
    const requests: Request[] = [
      { verb: 'promote', rolloutId },
      { verb: 'reject', rolloutId, reason: null },
      { verb: 'cancel', rolloutId },
      { verb: 'smoke', environment },
      { verb: 'recreate' },
      { verb: 'adopt', environment, reason: 'it is ours' },
      { verb: 'unlock', environment, reason: 'why not' },
    ];
    press(person, service, chance.pick(requests));
  }

  function reactTo(service: string, event: Event): void {
    if (!lively) return;
    models.reactTo(service, event);
    cleaning.reactTo(service, event);
    switch (event.type) {
      case 'RolloutStarted':
        if (chance.happens(0.12)) soon(manners.patienceMs, () => cancel(service, event.rolloutId));
        break;
      case 'GateOpened':
        decideAtGate(service, event.rolloutId);
        break;
      case 'CallIntended':
        if (event.environment === 'prod' && chance.happens(0.15)) soon(60_000, () => rollback(service, 'prod'));
        if (chance.happens(0.03)) soon(60_000, () => cancel(service, null));
        break;
      case 'DeploymentSucceeded':
        if (event.environment === 'prod' && chance.happens(0.35))
          soon(manners.patienceMs, () => rollback(service, 'prod'));
        break;
      case 'RollbackStarted':
        if (chance.happens(0.2)) soon(30_000, () => rollback(service, event.environment));
        break;
      case 'RollbackEnded':
        if (event.environment === 'prod' && chance.happens(0.8))
          soon(manners.patienceMs, () => unlock(service, 'prod'));
        if (!event.reached && event.environment === 'prod') {
          soon(manners.patienceMs, () => press(chance.pick(APPROVERS), service, { verb: 'recreate' }));
        }
        break;
      case 'RolloutHeld': {
        const { rolloutId } = event;
        const verb = chance.happens(0.6) ? 'smoke-again' : 'give-up';
        soon(manners.patienceMs, () => press(chance.pick(OPERATORS), service, { verb, rolloutId }));
        break;
      }
      case 'HoldPlaced':
        if (event.kind === 'check') soon(manners.patienceMs, () => unlock(service, event.environment));
        break;
      case 'RolloutEnded':
        if (event.reason.code === 'prod-endpoint-failed' || event.reason.code === 'endpoint-failed') {
          soon(manners.patienceMs, () => press(chance.pick(APPROVERS), service, { verb: 'recreate' }));
        }
        break;
      default:
    }
  }

  function cancel(service: string, rolloutId: string | null): void {
    press(chance.pick(PEOPLE), service, { verb: 'cancel', rolloutId });
  }

  function tidy(service: string): void {
    const { rollouts, environments, cleanup } = state(service);
    // Else it ends by itself.
    if (cleanup !== null && chance.happens(0.3)) {
      press('UALICE', service, { verb: 'stop-cleanup', cleanupId: cleanup.id });
    }
    for (const rollout of rollouts) press('UALICE', service, { verb: 'cancel', rolloutId: rollout.id });
    for (const environment of ['staging', 'prod'] as const) {
      if (environments[environment].holds.some((h) => h.until === null)) {
        press('UALICE', service, { verb: 'unlock', environment, reason: 'the day is over' });
      }
    }
  }

  return {
    presses,
    press,
    reactTo: script === null ? reactTo : () => {},
    start() {
      slack.setMembers('approvers', APPROVERS);
      slack.setMembers('operators', OPERATORS);
      if (script !== null) {
        lively = false;
        for (const service of services)
          time.after(5_000, () =>
            followScript(
              script,
              time,
              () => state(service),
              (by, request) => press(by, service, request),
            ),
          );
        return;
      }
      for (const service of services) {
        time.after(chance.between(1_000, 40_000), () => deploy(service));
        every(manners.deployEveryMs, () => deploy(service));
        every(manners.rollbackEveryMs, () => rollback(service, chance.happens(0.75) ? 'prod' : 'staging'));
        every(manners.lockEveryMs, () => lock(service));
        every(manners.lockEveryMs, () => odd(service));
        every(manners.cleanupEveryMs, () => cleaning.propose(service));
        every(manners.pendingEveryMs, () => models.askForPending(service));
        every(manners.lockEveryMs * 2, () => models.odd(service, world.versions(service)));
      }
      every(1_200_000, () => leaveForAWhile(chance.pick(APPROVERS)));
    },
    tidyUp() {
      lively = false;
      slack.setMembers('approvers', APPROVERS);
      slack.setMembers('operators', OPERATORS);
      const again = () => {
        for (const service of services) tidy(service);
        time.after(300_000, again);
      };
      time.after(600_000, again);
    },
    reallyPressed,
    brokeGlass,
    withdrew,
    asker,
    asked,
    pressed,
  };
}
