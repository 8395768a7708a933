import type { Environment } from '../rollout/candidate.ts';

/** How many comparisons of a verification came out how. */
export interface CheckCounts {
  readonly ok: number;
  readonly different: number;
  readonly unknown: number;
}

/** What a comparison of what runs with the record found, in figures. */
export interface VerificationSeen {
  /** ISO 8601. */
  readonly at: string;
  readonly environments: Readonly<Record<Environment, CheckCounts>>;
  /** Of what is about the service as a whole: its record. */
  readonly service: CheckCounts;
}

/** The last verification of each service, kept for all replicas and over restarts. A cache: losing it costs a look. */
export interface VerificationStore {
  /** null: never verified. Throws when the store cannot be asked. */
  lastVerification(service: string): Promise<VerificationSeen | null>;
  /** Throws when it is not clear that it was kept. */
  saveVerification(service: string, seen: VerificationSeen): Promise<void>;
}
