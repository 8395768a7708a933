import type { Strategy } from '../../src/rollout/strategy.ts';
import type { AlarmWorld } from './alarm-world.ts';
import type { Chance } from './chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** An alarm that somebody else keeps. */
export const NAMED_ALARM = 'errors-of-all';

/** How many lives of chance guard the changes of prod. */
const GUARDED = 0.25;

/** How prod is changed in one life; null: at once, and nothing guards it. */
export function drawStrategy(chance: Chance): Strategy | null {
  return chance.happens(GUARDED) ? someStrategy(chance) : null;
}

export function someStrategy(chance: Chance): Strategy {
  const seconds = chance.pick([5, 120, 900]);
  const traffic: Strategy['traffic'] = chance.pick([
    { kind: 'all-at-once' },
    { kind: 'canary', percent: 50, bakeSeconds: seconds },
    { kind: 'linear', percent: 25, intervalSeconds: seconds },
    { kind: 'rolling', percent: 50, intervalSeconds: seconds },
  ]);
  return {
    traffic,
    keepPreviousSeconds: traffic.kind === 'rolling' ? 0 : chance.pick([0, 300, 3_600]),
    maximumSeconds: 28_800,
    alarms: {
      errorPercent: chance.pick([1, null]),
      p95Ms: null,
      named: chance.happens(0.5) ? [NAMED_ALARM] : [],
      namedWithoutData: chance.pick(['start', 'wait']),
    },
    analysis: { autoRollbackSeconds: 60, snoozeSeconds: 600, minimumRequests: 100 },
    required: chance.happens(0.5),
  };
}

/** How long between its alarms, and how long one lasts. Milliseconds. */
const FLICKERS_EVERY_MS = 900_000;
const FLICKERS_MS = [10_000, 400_000] as const;

/** The named alarm is there, and now and then on for a while, until the faults stop. */
export function flicker(
  alarms: AlarmWorld,
  { alarms: { named } }: Strategy,
  time: VirtualTime,
  chance: Chance,
  lively: () => boolean,
): void {
  const [name] = named;
  if (name === undefined) return;
  alarms.make(name);
  alarms.set(name, 'OK');
  const next = () =>
    time.after(chance.spread(FLICKERS_EVERY_MS / 4, FLICKERS_EVERY_MS * 4), () => {
      if (!lively()) return;
      alarms.set(name, 'ALARM');
      time.after(chance.between(...FLICKERS_MS), () => alarms.set(name, 'OK'));
      next();
    });
  next();
}
