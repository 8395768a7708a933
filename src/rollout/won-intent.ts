import type { EndpointCall } from './events.ts';

const won: unique symbol = Symbol('won');

/** Proof that the append of this intent was won: the only right to send its call, once. */
export interface WonIntent {
  readonly [won]: true;
  readonly service: string;
  readonly seq: number;
  readonly call: EndpointCall;
}

/** Only `log.ts` may mint one, after a won append; a boundary test holds that. */
export function mintWonIntent(service: string, seq: number, call: EndpointCall): WonIntent {
  return { [won]: true, service, seq, call };
}
