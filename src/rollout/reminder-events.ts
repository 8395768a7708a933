/** What is recorded when approvers are called once more about something that waits for them. */
export type ReminderEvent =
  | {
      readonly type: 'GateReminded';
      readonly rolloutId: string;
      /** The how many-th reminder about this gate it is, and how many there are at most. */
      readonly nth: number;
      readonly most: number;
      /** Approvals so far, and how many it needs. */
      readonly have: number;
      readonly need: number;
    }
  | {
      readonly type: 'ModelReminded';
      readonly approvalId: string;
      readonly version: number;
      readonly nth: number;
      readonly most: number;
    };

/** How often approvers were called again about a question, and when last (ISO 8601); absent: never. */
export interface Reminded {
  readonly count: number;
  readonly at: string;
}
