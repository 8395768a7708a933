import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface MadeConfig {
  readonly configName: string;
  readonly modelName: string;
  /** null: made in the console, of something outside the registry. */
  readonly packageArn: string | null;
  readonly instanceCount: number;
  readonly tags: Tags;
  readonly madeAtMs: number;
}

export interface MadeModel {
  readonly modelName: string;
  readonly packageArn: string;
  readonly tags: Tags;
  readonly madeAtMs: number;
}

/** An endpoint of somebody else, which rests. */
export interface Guest {
  readonly name: string;
  readonly configName: string;
  readonly tags: Tags;
  readonly sinceMs: number;
  /** Asked for its deletion. */
  readonly going: boolean;
}

type Tags = Readonly<Record<string, string>>;

/** What there is in SageMaker beside the endpoints of this life's services. */
export interface Parts {
  readonly configs: Map<string, MadeConfig>;
  readonly models: Map<string, MadeModel>;
  readonly guests: Map<string, Guest>;
  /** Configs and models that somebody deleted, and when. */
  readonly gone: ReadonlyMap<string, number>;
  /** False: there is none such. SageMaker asks nobody who uses it. */
  deletePart(kind: 'endpoint configuration' | 'model', name: string): boolean;
  /** False: there is none such. */
  deleteGuest(name: string): boolean;
}

export function createParts(time: VirtualTime, trace: Trace, deleteMs: () => number): Parts {
  const configs = new Map<string, MadeConfig>();
  const models = new Map<string, MadeModel>();
  const guests = new Map<string, Guest>();
  const gone = new Map<string, number>();
  return {
    configs,
    models,
    guests,
    gone,
    deletePart(kind, name) {
      trace.note(time.nowMs, 'aws', `delete ${kind} ${name}`);
      const there = kind === 'model' ? models.delete(name) : configs.delete(name);
      if (there) gone.set(`${kind} ${name}`, time.nowMs);
      return there;
    },
    deleteGuest(name) {
      const guest = guests.get(name);
      if (guest === undefined) return false;
      trace.note(time.nowMs, 'aws', `delete ${name}`);
      if (!guest.going) time.after(deleteMs(), () => guests.delete(name));
      guests.set(name, { ...guest, going: true });
      return true;
    },
  };
}
