import type { EndpointSeen } from '../../src/rollout/observation.ts';
import { alarmsOf, type Strategy } from '../../src/rollout/strategy.ts';
import type { AlarmWorld } from './alarm-world.ts';
import type { Chance } from './chance.ts';
import { EPOCH_MS } from './machine.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long SageMaker takes to notice an alarm, and to take the traffic back. Milliseconds. */
const NOTICES_MS = [1_000, 60_000] as const;
const GOES_BACK_MS = [5_000, 120_000] as const;

/**
 * What SageMaker does between the moment that the new fleet runs and the end of a guarded update: bakes, shifts, keeps
 * the old fleet, and goes back if an alarm comes on, in any phase and before the new fleet runs as well.
 */
export function followGuarded(
  world: { readonly time: VirtualTime; readonly chance: Chance; readonly alarms: AlarmWorld },
  configName: string,
  strategy: Strategy,
  /** How often the model of this config is so bad that its alarm notices. */
  badness: number,
  update: {
    /** null: it is over, or somebody else changed the endpoint. */
    seen(): EndpointSeen | null;
    shows(seen: EndpointSeen): void;
    /** Ends with the new config. */
    done(): void;
    undone(why: string): void;
  },
): { readonly running: () => void } {
  const { time, chance, alarms } = world;
  let goesBack = false;
  const unwatch = alarms.watch(alarmsOf(configName, strategy.alarms), (name) => {
    time.after(chance.between(...NOTICES_MS), () => {
      const seen = update.seen();
      if (seen === null || goesBack) return;
      goesBack = true;
      unwatch();
      const { keptSince: _, ...without } = seen;
      update.shows({ ...without, words: 'Rolling back to the old fleet.' });
      time.after(chance.between(...GOES_BACK_MS), () => update.undone(`Alarm ${name} was on.`));
    });
  });

  /** A part of the update that takes so long, unless it is taken back meanwhile. */
  function phase(seconds: number, then: () => void): void {
    time.after(seconds * 1_000, () => {
      if (!goesBack && update.seen() !== null) then();
    });
  }

  function keep(): void {
    const seen = update.seen();
    if (seen === null) return;
    if (strategy.keepPreviousSeconds === 0) {
      end();
      return;
    }
    const keptSince = new Date(EPOCH_MS + time.nowMs).toISOString();
    const words = `Baking for ${strategy.keepPreviousSeconds} seconds (TerminationWaitInSeconds).`;
    update.shows({ ...seen, words, keptSince });
    phase(strategy.keepPreviousSeconds, end);
  }

  function end(): void {
    unwatch();
    update.done();
  }

  return {
    running() {
      if (goesBack) return;
      const { traffic } = strategy;
      const shiftSeconds =
        traffic.kind === 'all-at-once'
          ? 0
          : traffic.kind === 'canary'
            ? traffic.bakeSeconds
            : 4 * traffic.intervalSeconds;
      if (strategy.alarms.errorPercent !== null && chance.happens(badness)) {
        const afterMs = chance.between(0, (shiftSeconds + strategy.keepPreviousSeconds) * 1_000);
        time.after(afterMs, () => alarms.set(`${configName}-errors`, 'ALARM'));
      }
      const seen = update.seen();
      if (seen === null) return;
      update.shows({ ...seen, words: `Baking with ${traffic.kind}.` });
      phase(shiftSeconds, keep);
    },
  };
}
