import type { CommandContext, Verdict } from './decide-command.ts';
import { no } from './decide-command.ts';
import { decideDeploy, stagingBusy } from './decide-start.ts';
import type { Event } from './events.ts';
import { activeHolds, doing, holdReason } from './gates.ts';
import type { Automatic, CoreCommand, Input } from './input.ts';
import { type Mutations, without } from './mutations.ts';
import { type Reason, reason } from './reasons.ts';
import { isNewToStaging } from './staged.ts';
import type { ServiceState } from './state.ts';

type Deploy = Extract<CoreCommand, { verb: 'deploy' }>;

/** `deploy staging` that nobody asked for: as any other, and then only of what is new, and in nobody's way. */
export function decideAutomatic(c: CommandContext, command: Deploy, automatic: Automatic): Verdict {
  const { state, settings, nowMs } = c;
  const { mutations } = settings;
  const { version } = automatic;
  // Nothing that people send carries it.
  if (c.input.actor.kind !== 'titanic') return no(reason('not-an-operator'));
  if (!isNewToStaging(state, automatic, settings)) return no(reason('not-new-to-staging', { version }));
  if (isServed(state, automatic) && !without(mutations, 'tick-counts-again'))
    return no(reason('tick-served', { version }));
  const inTheWay = inTheWayOfAutomatic(state, nowMs, mutations);
  return inTheWay === null ? decideDeploy(c, command) : no(inTheWay);
}

/** A tick has led to a rollout already; one that waits has not. */
function isServed({ autoStage }: ServiceState, { trigger }: Automatic): boolean {
  if (trigger.kind !== 'schedule' || autoStage.tick === null) return false;
  const waits = autoStage.waiting?.trigger;
  return autoStage.tick >= trigger.at && !(waits?.kind === 'schedule' && waits.at === trigger.at);
}

/** Why nothing is rolled out by itself now; null: it may be. What waits for people is never superseded. */
export function inTheWayOfAutomatic(state: ServiceState, nowMs: number, mutations?: Mutations): Reason | null {
  const [hold] = activeHolds(state, 'staging', nowMs);
  if (hold !== undefined) return holdReason('waits-for-lock', 'staging', hold);
  const busy = stagingBusy(state);
  if (busy !== null) return busy;
  const open = state.rollouts.find(({ status }) => ['tested', 'held', 'gate', 'approved'].includes(status));
  if (open === undefined || without(mutations, 'people-superseded-by-itself')) return null;
  return reason('waits-for-people', { rollout: open.id, doing: doing(open) });
}

/** What could not be read is no fact, and what is not new needs no word. */
const UNSAID: ReadonlySet<Reason['code']> = new Set([
  'not-an-operator',
  'not-new-to-staging',
  'tick-served',
  'registry-unreadable',
  'endpoint-unreadable',
  'groups-unreadable',
]);

/** A refusal of what comes again by itself is said once of each version, and not recorded each time. */
export function automaticRefused(state: ServiceState, automatic: Automatic, why: Reason): readonly Event[] {
  const { waiting } = state.autoStage;
  if (UNSAID.has(why.code) || waiting?.version === automatic.version) return [];
  return [{ type: 'AutoStageWaits', ...automatic, reason: why }];
}

/** What waits is not what would be rolled out now. */
export function decideNotStaged(
  { autoStage }: ServiceState,
  { version }: Extract<Input, { kind: 'not-staged' }>,
): readonly Event[] {
  return autoStage.waiting?.version === version ? [{ type: 'AutoStageDropped', version }] : [];
}
