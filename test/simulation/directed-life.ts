import type { Request } from '../../src/rollout/api.ts';
import type { Event } from '../../src/rollout/events.ts';
import type { AlarmState } from './alarm-world.ts';
import type { Chance } from './chance.ts';
import type { Fault } from './faults.ts';
import type { Setting } from './world.ts';

/** What a directed life can do to its world. */
export interface Hands {
  readonly chance: Chance;
  after(ms: number, act: () => void): void;
  press(person: string, service: string, request: Request): void;
  changePackageOf(service: string, rolloutId: string): void;
  /** For so long every call of this name is throttled. */
  outage(callName: string, forMs: number): void;
  /** That befalls the next call of this name. */
  meetsNext(callName: string, fault: Fault): void;
  /** Somebody makes a config of this name in the console, of a model of their own. */
  takeName(configName: string): void;
  approversAre(ids: readonly string[]): void;
  setAlarm(name: string, state: AlarmState): void;
  removeAlarm(name: string): void;
  /** Somebody makes an endpoint of their own of that config. */
  guest(configName: string): void;
  /** Somebody deletes that config in the console. */
  deletePart(configName: string): void;
  /** What a right wall clock shows. */
  wallMs(): number;
  /** null: its rollout is over. */
  versionOf(service: string, rolloutId: string): number | null;
}

/** A life in which one rare course of events is likely: quiet but for that. */
export interface DirectedLife {
  readonly what: string;
  setting?(own: Setting, chance: Chance): Partial<Setting>;
  /** What befalls a call; absent: nothing ever does. */
  fault?(callName: string, hands: Hands): Fault;
  inFlightMs?(callName: string, hands: Hands): number | null;
  readonly freezeMs?: readonly [number, number];
  reactTo?(service: string, event: Event, hands: Hands): void;
}
