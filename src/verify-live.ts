import { collectEvidence } from './evidence/collect.ts';
import type { LogStore } from './ports/log-store.ts';
import { ENVIRONMENTS, type Environment } from './rollout/candidate.ts';
import type { BrokenPlace, Entry } from './rollout/events.ts';
import type { Settings } from './rollout/input.ts';
import type { ServiceState } from './rollout/state.ts';
import { type Check, different, notKnown, ok } from './verify-live/check.ts';
import { checkCriteria } from './verify-live/criteria.ts';
import { checkEnvironment } from './verify-live/environment-checks.ts';
import { readWholeRecord, type WholeRecord } from './verify-live/record.ts';
import { runningIn } from './verify-live/running.ts';
import { type SightDeps, seeEnvironment } from './verify-live/sight.ts';

export type { Check } from './verify-live/check.ts';

export interface VerifyLiveDeps extends SightDeps {
  readonly store: Pick<LogStore, 'after' | 'read'>;
}

const RECORD = { name: 'record', environment: null } as const;
const WHOLE = 'whole from its first entry on';

/**
 * Whether what runs equals what the record says, and whether the record is whole. Never throws: what cannot be read is
 * unknown. Holds, failed rollouts and open gates are no differences.
 */
export async function verifyLive(deps: VerifyLiveDeps, settings: Settings): Promise<readonly Check[]> {
  try {
    const { state, broken, answered } = await readWholeRecord(deps.store, settings.service);
    if (broken !== null) return [brokenRecord(broken)];
    const parts = await Promise.all(
      ENVIRONMENTS.map((environment) => verifyEnvironment(deps, settings, state, environment)),
    );
    return [
      ok(RECORD, WHOLE, `${state.seq} entries${answeredWords(answered)}`),
      ...parts.flatMap(({ checks }) => checks),
      ...parts.flatMap(({ criteria }) => criteria),
    ];
  } catch (error) {
    return [notKnown(RECORD, WHOLE, error instanceof Error ? error.message : String(error))];
  }
}

async function verifyEnvironment(
  deps: VerifyLiveDeps,
  settings: Settings,
  state: ServiceState,
  environment: Environment,
): Promise<{ readonly checks: readonly Check[]; readonly criteria: readonly Check[] }> {
  const recorded = state.environments[environment];
  const entries = await entriesOf(deps, settings.service, recorded.stack.at(-1)?.rolloutId ?? null);
  const running = runningIn(environment, recorded, entries);
  const sight = await seeEnvironment(deps, running, settings.endpointNames[environment]);
  const checks = checkEnvironment(settings, running, sight);
  return { checks, criteria: environment === 'prod' ? checkCriteria(settings, running, entries, checks) : [] };
}

/** The entries of the rollout that brought what runs; none for what was adopted. */
async function entriesOf(deps: VerifyLiveDeps, service: string, rolloutId: string | null): Promise<readonly Entry[]> {
  if (rolloutId === null) return [];
  const collecting = await collectEvidence(deps.store, service, rolloutId);
  if (collecting.kind === 'broken') throw new Error(`entry ${collecting.seq}: ${collecting.why}`);
  return collecting.kind === 'found' ? collecting.collected.entries : [];
}

/** A break stays a break; that an approver answered for it is said beside it. */
function answeredWords(places: readonly BrokenPlace[]): string {
  if (places.length === 0) return '';
  return `; changed by somebody at ${places.map((place) => place.seq).join(', ')}, which an approver answered for`;
}

/** What a broken record says is not compared with anything. */
function brokenRecord(broken: NonNullable<WholeRecord['broken']>): Check {
  if (broken.kind === 'newer') {
    const check = notKnown(RECORD, WHOLE, `a newer titanic wrote entry ${broken.seq}`);
    return { ...check, todo: 'Verify with that release.' };
  }
  const todo = 'Somebody changed the table. Compare it with an export or a backup before anything is deployed.';
  return different(RECORD, WHOLE, `entry ${broken.seq}: ${broken.why}`, todo);
}
