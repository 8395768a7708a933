import type { Alarms } from '../ports/alarms.ts';
import type { Channel, Rendered } from '../ports/channel.ts';
import type { Cleaner } from '../ports/cleaner.ts';
import type { Clock } from '../ports/clock.ts';
import type { Directory } from '../ports/directory.ts';
import type { Endpoints } from '../ports/endpoints.ts';
import type { Fleets } from '../ports/fleets.ts';
import type { Ids } from '../ports/ids.ts';
import type { Inventory } from '../ports/inventory.ts';
import type { CursorStore, LogStore } from '../ports/log-store.ts';
import type { Logger } from '../ports/logger.ts';
import type { ModelRegistry } from '../ports/model-registry.ts';
import type { RegistryDecisions } from '../ports/registry-decisions.ts';
import type { SmokeRunner } from '../ports/smoke-runner.ts';
import type { Called } from './called.ts';
import type { Environment, EnvironmentPlan } from './candidate.ts';
import type { Card } from './card.ts';
import type { Break } from './entry.ts';
import type { Entry } from './events.ts';
import type { Settings } from './input.ts';
import type { LogForm } from './log-form.ts';

/** One configured service, as the core needs it. */
export interface ServiceRuntime {
  readonly settings: Settings;
  readonly plans: Readonly<Record<Environment, EnvironmentPlan>>;
  /** Rollouts to staging that nobody asks for; absent: there are none. */
  readonly autoStage?: AutoStage;
}

/** When titanic rolls out the newest approved package to staging by itself. */
export interface AutoStage {
  /** As soon as it is approved. */
  readonly approvedPackages: boolean;
  /** The last time of its schedule at that moment or before, in milliseconds since 1970; absent: it has none. Pure. */
  readonly lastTick?: (nowMs: number) => number | null;
}

/** How often the log and SageMaker are looked at. Milliseconds; each is jittered by ±20 %. */
export interface PollTimes {
  readonly underWayMs: number;
  readonly atRestMs: number;
  /** One card is not updated more often than this. */
  readonly cardGapMs?: number;
}

export const POLL_TIMES: PollTimes = { underWayMs: 2_000, atRestMs: 15_000 };

export interface EngineDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: LogStore;
  readonly endpoints: Endpoints;
  readonly alarms: Alarms;
  readonly fleets: Fleets;
  readonly registry: ModelRegistry;
  readonly decisions: RegistryDecisions;
  readonly smoke: SmokeRunner;
  readonly cleaner: Cleaner;
  readonly inventory: Inventory;
  readonly directory: Pick<Directory, 'approvers' | 'mandatory'>;
  readonly services: readonly ServiceRuntime[];
  readonly poll: PollTimes;
  readonly log: Logger;
  /** The record of a service was found not to be whole; told once by each replica for each break. */
  readonly broke?: (service: string, found: Break) => void;
  /** How entries are written and read; the simulation alone has another. */
  readonly form?: LogForm;
  /** The log of a service was read by its loop. */
  readonly loaded?: (service: string) => void;
  /** Milliseconds that a pass took. */
  readonly passed?: (service: string, ms: number) => void;
  /** A hint that a service's log may have grown. */
  readonly changed?: (service: string) => void;
}

export interface AnnouncerDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: LogStore & CursorStore;
  readonly channel: Channel;
  readonly directory: Pick<Directory, 'approvers' | 'mandatory'>;
  readonly services: readonly ServiceRuntime[];
  readonly poll: PollTimes;
  readonly log: Logger;
  readonly form?: LogForm;
  /** Slack shows what the log says by now. */
  readonly told?: (service: string) => void;
  /** Builders of the messages; pure. */
  readonly render: {
    card(card: Card): Rendered;
    /** What one entry adds to the thread of a card, and whom it calls if anybody; null: nothing worth a line. */
    line(card: Card, entry: Entry, called: Called): Rendered | null;
    /** What an entry without a card tells the channel (locks, runs alone, adoptions); null: nothing. */
    notice(service: string, entry: Entry): Rendered | null;
  };
}
