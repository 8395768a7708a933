/** Who was in a group of Slack's when that was last read. */
export interface MembersSeen {
  readonly users: readonly string[];
  /** Wall clock of whoever read it, milliseconds since 1970. */
  readonly atMs: number;
}

/** What was last read of groups, kept for all replicas and over restarts. A cache: losing it costs a reading. */
export interface MembershipStore {
  /** null: never read. Throws when the store cannot be asked. */
  members(usergroup: string): Promise<MembersSeen | null>;
  /** Throws when it is not clear that it was kept. */
  saveMembers(usergroup: string, seen: MembersSeen): Promise<void>;
}
