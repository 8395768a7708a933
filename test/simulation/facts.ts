import type { Reminders } from '../../src/rollout/input.ts';
import type { SageMaker } from './sagemaker.ts';
import type { Registry } from './sim-registry.ts';
import type { Slack } from './sim-slack.ts';
import type { Measurement } from './sim-smoke.ts';
import type { Violations } from './violations.ts';

/** What the invariants may know: the world as it is, and the rules as they were meant, whatever a mutant made of them. */
export interface Facts {
  nowMs(): number;
  /** What a right wall clock shows. */
  wallMs(): number;
  readonly violations: Violations;
  readonly sagemaker: SageMaker;
  readonly registry: Registry;
  readonly slack: Slack;
  readonly measurements: ReadonlyMap<string, Measurement>;
  readonly people: Presses;
  readonly quorum: number;
  readonly breakGlass: boolean;
  readonly reminders: Reminders | undefined;
  readonly approvalExpiresAfterHours: number;
}

/** What people really did. */
export interface Presses {
  /** Whether that person pressed Promote, and this is the press's key. */
  reallyPressed(commandKey: string | null, person: string, service: string): boolean;
  /** Whether that person pressed Promote to break the glass, and this is the press's key. */
  brokeGlass(commandKey: string | null, person: string, service: string): boolean;
  /** Whether that person took an approval of theirs back before then. */
  withdrew(person: string, rolloutId: string, afterMs: number, beforeMs: number): boolean;
  /** Who really asked for what carries this key; null: a pipeline, in nobody's name that is known. */
  asker(commandKey: string | null): string | null;
  /** Who did what under this key, and when first; null: nobody. */
  pressed(
    commandKey: string | null,
  ): { readonly person: string; readonly service: string; readonly verb: string; readonly atMs: number } | null;
  /** Whether anybody asked for what carries this key. */
  asked(commandKey: string | null, service: string): boolean;
}
