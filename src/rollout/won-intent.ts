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

export type Won = WonIntent | WonDeletion;

/** Only `log.ts` may mint one, after a won append; a boundary test holds that. */
export function mintWonIntent(service: string, seq: number, call: EndpointCall): WonIntent {
  return { [won]: true, of: 'call', service, seq, call };
}

/** As above. */
export function mintWonDeletion(service: string, seq: number, deletions: readonly Deletion[]): WonDeletion {
  return { [won]: true, of: 'deletion', service, seq, deletions };
}
