import type { Environment } from './candidate.ts';
import type { Deletion } from './cleanup.ts';
import type { EndpointCall } from './events.ts';

const won: unique symbol = Symbol('won');

/** Proof that the append of this intent was won: the only right to send its call, once. */
export interface WonIntent {
  readonly [won]: true;
  readonly of: 'call';
  readonly service: string;
  readonly seq: number;
  readonly call: EndpointCall;
}

/** Proof that the append of a round of a clean-up was won: the only right to delete what it names. */
export interface WonDeletion {
  readonly [won]: true;
  readonly of: 'deletion';
  readonly service: string;
  readonly seq: number;
  readonly deletions: readonly Deletion[];
}

/** Proof that the append of a decision about a package was won: the only right to tell the registry. */
export interface WonApproval {
  readonly [won]: true;
  readonly of: 'approval';
  readonly service: string;
  readonly seq: number;
  readonly packageArn: string;
  readonly status: 'Approved' | 'Rejected';
}

/** Proof that the append of the decision to go back in the middle of a change was won: the only right to set its alarm. */
export interface WonTrip {
  readonly [won]: true;
  readonly of: 'trip';
  readonly service: string;
  readonly seq: number;
  readonly environment: Environment;
  readonly alarm: string;
}

export type Won = WonIntent | WonDeletion | WonApproval | WonTrip;

/** Only `log.ts` may mint one, after a won append; a boundary test holds that. */
export function mintWonIntent(service: string, seq: number, call: EndpointCall): WonIntent {
  return { [won]: true, of: 'call', service, seq, call };
}

/** As above. */
export function mintWonDeletion(service: string, seq: number, deletions: readonly Deletion[]): WonDeletion {
  return { [won]: true, of: 'deletion', service, seq, deletions };
}

/** As above. */
export function mintWonApproval(
  service: string,
  seq: number,
  about: Pick<WonApproval, 'packageArn' | 'status'>,
): WonApproval {
  return { [won]: true, of: 'approval', service, seq, packageArn: about.packageArn, status: about.status };
}

/** As above. */
export function mintWonTrip(service: string, seq: number, trip: Pick<WonTrip, 'environment' | 'alarm'>): WonTrip {
  return { [won]: true, of: 'trip', service, seq, environment: trip.environment, alarm: trip.alarm };
}
