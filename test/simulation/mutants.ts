import type { ProtocolTimes } from '../../src/rollout/input.ts';

/**
 * One-line changes that the simulation must notice. All of them are made outside of the core, in what it is given: the
 * core has no switch for them.
 */
export interface Mutation {
  readonly name: string;
  readonly what: string;
  /** A second line of defence: not expected to be caught alone, because this one comes first. */
  readonly coveredBy?: string;
  readonly unconditionalAppend?: true;
  readonly unclearIs?: 'stored' | 'refused';
  readonly monotonicAlone?: true;
  readonly adoptsBlindly?: true;
  readonly timeoutIsRefusal?: true;
  readonly approversNeverForgotten?: true;
  readonly registryFrozen?: true;
  readonly boundlessSmoke?: true;
  readonly unboundedCalls?: true;
  readonly times?: Partial<ProtocolTimes>;
  readonly approvalExpiresAfterHours?: number;
  readonly quorum?: number;
}

const FOREVER_MS = 1e12;

export const MUTANTS: readonly Mutation[] = [
  {
    name: 'unconditional-append',
    what: 'an entry is written whether or not its place is taken',
    unconditionalAppend: true,
  },
  { name: 'unclear-append-won', what: 'an append without a reply counts as won', unclearIs: 'stored' },
  {
    name: 'unclear-append-lost',
    what: 'an append without a reply counts as lost',
    unclearIs: 'refused',
    coveredBy: "an intent that appears later is nobody's to send, and is decided by looking",
  },
  { name: 'timeout-is-an-outcome', what: 'a call without a reply counts as refused', timeoutIsRefusal: true },
  { name: 'no-clock-check', what: 'an intent and an observation are good for ever', times: { freshMs: FOREVER_MS } },
  { name: 'landed-at-once', what: 'an open intent is decided without waiting', times: { openIntentMs: 0 } },
  { name: 'describe-is-fresh', what: 'a describe right after an outcome counts', times: { describeLagMs: 0 } },
  { name: 'no-trace-at-once', what: 'no change right after an accepted call counts', times: { noTraceMs: 0 } },
  { name: 'monotonic-clock-alone', what: 'time asleep is not counted', monotonicAlone: true },
  { name: 'adopt-without-comparing', what: 'what has the right name is ours', adoptsBlindly: true },
  { name: 'approval-not-checked-again', what: 'whoever was an approver stays one', approversNeverForgotten: true },
  { name: 'seal-not-read-again', what: 'the registry is believed as first read', registryFrozen: true },
  { name: 'smoke-without-limit', what: 'a smoke run does not ask whether it may go on', boundlessSmoke: true },
  { name: 'approvals-never-expire', what: 'expiry is ignored', approvalExpiresAfterHours: 10_000 },
  { name: 'quorum-of-one', what: 'one approval is enough', quorum: 1 },
];

export const NO_MUTATION: Mutation = { name: 'none', what: 'the product as it is' };

export function mutantNamed(name: string): Mutation {
  const found = [NO_MUTATION, ...MUTANTS].find((m) => m.name === name);
  if (found === undefined)
    throw new Error(`No mutant is called ${name}. There are: ${MUTANTS.map((m) => m.name).join(', ')}`);
  return found;
}
