import type { Reading } from '../rollout/observation.ts';

export interface PersonSeen {
  readonly id: string;
  /** null: a full, active, human member of our workspace; else what speaks against. */
  readonly problem: string | null;
  /** Of another workspace, or nobody that Slack knows: they are shown nothing at all. */
  readonly foreign: boolean;
  /** IANA name, as they have set it in Slack; null: not known. */
  readonly timeZone: string | null;
}

/** Who somebody is and who is in which group, as Slack says. */
export interface Directory {
  person(id: string): Promise<Reading<PersonSeen>>;
  /** Read from Slack (one read in flight, its answer shared for at most 3 s). */
  approvers(): Promise<Reading<readonly string[]>>;
  /** The group of which one approval must be; null: none is configured. */
  mandatory(): Promise<Reading<readonly string[]>> | null;
  operators(): Promise<Reading<readonly string[]>>;
  /** The last answer that any replica read, not older than 24 h: for rollback only. null: none. */
  lastKnown(group: 'approvers' | 'operators'): Promise<readonly string[] | null>;
  /** Whether the channel is shared with another organisation. */
  sharedChannel(channel: string): Promise<Reading<boolean>>;
}
