import type { Answer, Request, Submission } from '../../src/rollout/api.ts';
import type { Chance } from './chance.ts';
import type { Presses } from './facts.ts';
import { GITHUB_USERS, PIPELINE } from './sim-slack.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One word or click of somebody, and every delivery of it. */
export interface Press {
  readonly person: string;
  readonly service: string;
  readonly request: Request;
  readonly key: string;
  readonly atMs: number;
  readonly deliveries: Delivery[];
}

export interface Delivery {
  readonly to: string;
  readonly atMs: number;
  answer: Answer | null;
}

/** Hands a delivery to some process; null: none was there to take it. */
export type Deliver = (
  press: Omit<Submission, 'standing' | 'actor'> & { person: string },
  delivery: DeliverySlot,
) => void;

export interface DeliverySlot {
  accepted(to: string): void;
  answered(answer: Answer): void;
}

/** What was really pressed and typed, and the ways in which Slack delivers it. */
export interface PressBook extends Presses {
  readonly presses: readonly Press[];
  press(person: string, service: string, request: Request): void;
}

export function createPresses(world: {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly deliver: Deliver;
  /** Whether this one is delivered more than once. */
  repeats(): boolean;
}): PressBook {
  const { time, chance, trace, repeats } = world;
  const presses: Press[] = [];

  function press(person: string, service: string, request: Request): void {
    const key = `k${presses.length + 1}`;
    const made: Press = { person, service, request, key, atMs: time.nowMs, deliveries: [] };
    presses.push(made);
    trace.note(time.nowMs, 'press', `${person} ${service} ${JSON.stringify(request)} ${key}`);
    deliver(made);
    if (repeats()) {
      const times = 1 + chance.below(2);
      for (let i = 0; i < times; i++) time.after(chance.spread(5, 120_000), () => deliver(made));
    }
  }

  function deliver(made: Press): void {
    const { person, service, request, key } = made;
    let delivery: Delivery | null = null;
    world.deliver(
      { person, service, request, key },
      {
        accepted(to) {
          delivery = { to, atMs: time.nowMs, answer: null };
          made.deliveries.push(delivery);
        },
        answered(answer) {
          if (delivery !== null) delivery.answer = answer;
          trace.note(time.nowMs, 'answer', `${person} ${key} ${answer.kind} ${answer.reason.code}`);
        },
      },
    );
  }

  return {
    presses,
    press,
    reallyPressed: (commandKey, person, service) =>
      presses.some(
        (p) => p.key === commandKey && p.person === person && p.service === service && p.request.verb === 'promote',
      ),
    brokeGlass: (commandKey, person, service) =>
      presses.some(
        ({ key, person: who, service: of, request }) =>
          key === commandKey &&
          who === person &&
          of === service &&
          request.verb === 'promote' &&
          request.breakGlass !== undefined,
      ),
    withdrew: (person, rolloutId, afterMs, beforeMs) =>
      presses.some(
        ({ person: who, request, deliveries }) =>
          who === person &&
          request.verb === 'withdraw' &&
          request.rolloutId === rolloutId &&
          deliveries.some(
            (d) => d.atMs > afterMs && d.atMs < beforeMs && d.answer?.reason.code === 'approval-withdrawn',
          ),
      ),
    asker: (commandKey) => askerOf(presses.find((p) => p.key === commandKey)),
    pressed(commandKey) {
      const found = presses.find((p) => p.key === commandKey);
      return found === undefined ? null : { ...found, verb: found.request.verb };
    },
    asked: (commandKey, service) => presses.some((p) => p.key === commandKey && p.service === service),
  };
}

/** By the rule as it was meant, not by what the core made of it. */
function askerOf(press: Press | undefined): string | null {
  if (press === undefined) return null;
  if (press.person !== PIPELINE) return press.person;
  const login = press.request.verb === 'deploy' ? press.request.githubUser?.toLowerCase() : undefined;
  return login === undefined ? null : (GITHUB_USERS[login] ?? null);
}
