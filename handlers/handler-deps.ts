import type { Costs } from '../src/cost/costs.ts';
import type { Recommend } from '../src/cost/recommendations.ts';
import type { Channel } from '../src/ports/channel.ts';
import type { Cleaner } from '../src/ports/cleaner.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Conversation, RecordedCards } from '../src/ports/conversation.ts';
import type { Directory } from '../src/ports/directory.ts';
import type { Ids } from '../src/ports/ids.ts';
import type { Logger } from '../src/ports/logger.ts';
import type { ModelRegistry, ModelVersions } from '../src/ports/model-registry.ts';
import type { SharedFiles } from '../src/ports/shared-files.ts';
import type { Rollouts } from '../src/rollout/api.ts';
import type { Freeze, Standing } from '../src/rollout/input.ts';
import type { Reading } from '../src/rollout/observation.ts';
import type { Reason } from '../src/rollout/reasons.ts';
import type { Check } from '../src/verify-live/check.ts';
import type { Homes } from './homes.ts';

/** What the listeners need; compose gives it. */
export interface HandlerDeps {
  readonly services: readonly { readonly name: string; readonly modelPackageGroup: string }[];
  readonly rollouts: Rollouts;
  readonly registry: Pick<ModelRegistry, 'list'> & ModelVersions;
  /** Whether what runs equals the record of a service; never throws. */
  readonly verify: (service: string) => Promise<readonly Check[]>;
  /** What runs, and what it costs; never throws. */
  readonly costs: Costs;
  /** What the endpoints of a service would do with; never throws. */
  readonly recommend: Recommend;
  readonly cleaner: Pick<Cleaner, 'plan'>;
  readonly directory: Directory;
  /** The freeze that keeps a service's prod as it is now; null: none. */
  readonly frozen: (service: string) => Freeze | null;
  /** The groups as ordinary requests read them: in turn, so that enough is left for a rollback. */
  readonly ordinaryGroups: Pick<Directory, 'approvers' | 'operators' | 'mandatory'>;
  /** What a full member is to titanic as read lately, for what they are shown and offered. Decides nothing. */
  readonly roles: (person: string) => Promise<Standing>;
  readonly conversation: Conversation;
  readonly cards: RecordedCards;
  /** The configured channel, where answers may be seen by all. */
  readonly channel: Pick<Channel, 'id' | 'post'>;
  readonly homes: Pick<Homes, 'opened'>;
  /** True for exactly one caller in all replicas. Throws when that is not clear. */
  readonly claimOnce: (service: string, what: string) => Promise<boolean>;
  /** Who we are; null: not known yet. */
  readonly me: () => { readonly teamId: string; readonly botUserId: string } | null;
  /** The file of evidence of a rollout, a rollback, a clean-up or a model approval; never throws. */
  readonly evidence: (service: string, id: string) => Promise<Reading<string>>;
  readonly files: SharedFiles;
  /** Why a payload is not of our own app and workspace; null: it is. */
  readonly judgeOrigin: (body: unknown) => Reason | null;
  readonly measure: AnswerMeasure;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
}

export interface AnswerMeasure {
  refused(why: string): void;
  answered(what: string, outcome: 'answered' | 'unreached' | 'troubled' | 'slowed', ms: number): void;
}

/** The part of Bolt's arguments that listeners use; `body` is outside data until `incoming.ts` has read it. */
export interface Incoming {
  /** What Slack is told with it: the faults of a form, options that were asked for. Absent: only that it arrived. */
  ack(response?: unknown): Promise<void>;
  readonly body: unknown;
  readonly context: { readonly [key: string]: unknown };
}

export type Listener = (incoming: Incoming) => Promise<void>;
