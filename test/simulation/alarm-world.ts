import { isKillSwitch } from '../../src/rollout/strategy.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** CloudWatch's alarms as they really are. */
export interface AlarmWorld {
  stateOf(name: string): AlarmState | null;
  /** Since when it is in its state; -Infinity: it does not exist. */
  sinceMs(name: string): number;
  make(name: string): void;
  remove(name: string): void;
  set(name: string, state: AlarmState): void;
  /** Calls back whenever one of them comes on, and at once for one that is on already, until the returned end. */
  watch(names: readonly string[], onAlarm: (name: string) => void): () => void;
}

export function createAlarmWorld(time: VirtualTime, trace: Trace): AlarmWorld {
  const alarms = new Map<string, { state: AlarmState; sinceMs: number }>();
  const watchers = new Set<{ names: readonly string[]; onAlarm: (name: string) => void }>();
  return {
    stateOf: (name) => alarms.get(name)?.state ?? null,
    sinceMs: (name) => alarms.get(name)?.sinceMs ?? Number.NEGATIVE_INFINITY,
    make(name) {
      if (alarms.has(name)) return;
      alarms.set(name, { state: isKillSwitch(name) ? 'OK' : 'INSUFFICIENT_DATA', sinceMs: time.nowMs });
    },
    remove: (name) => void alarms.delete(name),
    set(name, state) {
      if (alarms.get(name)?.state === state || !alarms.has(name)) return;
      trace.note(time.nowMs, 'alarm', `${name} ${state}`);
      alarms.set(name, { state, sinceMs: time.nowMs });
      if (state === 'ALARM') for (const { names, onAlarm } of [...watchers]) if (names.includes(name)) onAlarm(name);
    },
    watch(names, onAlarm) {
      const watcher = { names, onAlarm };
      watchers.add(watcher);
      for (const name of names) if (alarms.get(name)?.state === 'ALARM') onAlarm(name);
      return () => void watchers.delete(watcher);
    },
  };
}
