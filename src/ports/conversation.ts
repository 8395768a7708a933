import type { Reading } from '../rollout/observation.ts';
import type { Rendered } from './channel.ts';

/** Where an answer goes: to one person, for their eyes only. */
export interface AnswerTo {
  readonly person: string;
  /** null where the payload names none: the person was on Home, or in a form that was opened there. */
  readonly channel: string | null;
  /** Five uses in 30 minutes; null where Slack gave none. */
  readonly responseUrl: string | null;
}

/** Talking with one person, apart from the announcements that all see. Never throws. */
export interface Conversation {
  /** Tries each way that Slack offers; false: the person could not be reached. */
  answer(to: AnswerTo, message: Rendered): Promise<boolean>;
  /** A trigger lives for three seconds and opens one modal. Answers its id; null: Slack did not open it. */
  openModal(triggerId: string, modal: object): Promise<string | null>;
  /** Replaces what an open modal shows; false: it is not open any more. */
  updateModal(viewId: string, modal: object): Promise<boolean>;
  /** Rewrites a message of ours that is not the recorded card. */
  rewrite(channel: string, ts: string, message: Rendered): Promise<boolean>;
  /** null: Slack does not say. */
  permalink(channel: string, ts: string): Promise<string | null>;
}

/** Where the card of a rollout or a rollback was posted, as the announcer recorded it; null: nowhere. */
export interface RecordedCards {
  /** What the message at `ts` is the card of; null: of nothing that is remembered. */
  cardAt(service: string, channel: string, ts: string): Promise<Reading<string | null>>;
  recorded(service: string, id: string): Promise<Reading<{ readonly channel: string; readonly ts: string } | null>>;
}
