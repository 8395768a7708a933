import { createChance } from './chance.ts';
import type { Faults } from './faults.ts';
import { createMachine } from './machine.ts';
import type { Release } from './release.ts';
import { createReplica, type Replica, type ReplicaDeps } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Setting } from './world.ts';

/** A replica of a life: its machine, its first start, and everything that befalls it between its calls. */
export function beginReplica(world: {
  readonly seed: number;
  readonly index: number;
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly setting: Setting;
  readonly release: Release;
  readonly start: ReplicaDeps['start'];
}): Replica {
  const { seed, index, time, faults, trace, setting, release, start } = world;
  const chance = createChance(seed, `replica-${index}`);
  const machine = createMachine(chance);
  const replica = createReplica({ name: `r${index + 1}`, machine, time, chance, faults, trace, start });
  time.after(chance.between(0, 2_000), () => replica.boot());

  function every(perHour: number, act: () => void): void {
    if (perHour === 0) return;
    time.after((-Math.log(1 - chance.next()) * 3_600_000) / perHour, () => {
      if (!faults.on) return;
      act();
      every(perHour, act);
    });
  }

  if (setting.release !== null) time.at(release.upgradedAtMs(index), () => replica.terminate());
  every(setting.crashesPerHour, () => replica.crash('by chance'));
  every(setting.termsPerHour, () => replica.terminate());
  every(setting.freezesPerHour, () => replica.freeze(faults.freezeMs(), faults.freezeIsSuspension()));
  return replica;
}
