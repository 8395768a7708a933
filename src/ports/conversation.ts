import type { Reading } from '../rollout/observation.ts';
import type { Rendered } from './channel.ts';

/** Where an answer goes: to one person, for their eyes only. */
export interface AnswerTo {
  readonly person: string;
  /** null where the payload names none, and the person was not reached through a message. */
  readonly channel: string | null;
  /** Five uses in 30 minutes; null where Slack gave none. */
  readonly responseUrl: string | null;
}

/** Talking with one person, apart from the announcements that all see. Never throws. */
export interface Conversation {
  /** Tries each way that Slack offers; false: the person could not be reached. */
  answer(to: AnswerTo, message: Rendered): Promise<boolean>;
  /** A trigger lives for three seconds and opens one modal. */
  openModal(triggerId: string, modal: object): Promise<boolean>;
  /** Rewrites a message of ours that is not the recorded card. */
  rewrite(channel: string, ts: string, message: Rendered): Promise<boolean>;
  /** null: Slack does not say. */
  permalink(channel: string, ts: string): Promise<string | null>;
}

/** Where the card of a rollout or a rollback was posted, as the announcer recorded it; null: nowhere. */
export interface RecordedCards {
  recorded(service: string, id: string): Promise<Reading<{ readonly channel: string; readonly ts: string } | null>>;
}
