import type { Deployment } from './state.ts';

/** Refused this often, a call is not tried again. */
export const REFUSALS_MOST = 10;
/** It only saves money, and is tried again once nobody has used the endpoint for as long once more. */
export const REFUSALS_OF_STOP = 3;

/** How often a call of such a deployment may be refused for now before it is given up. */
export function refusalsMost({ kind }: Pick<Deployment, 'kind'>): number {
  return kind === 'stop' ? REFUSALS_OF_STOP : REFUSALS_MOST;
}
