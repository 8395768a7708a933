import { ENVIRONMENTS, type Environment } from '../../src/rollout/candidate.ts';
import type { Event, EventOf } from '../../src/rollout/events.ts';
import type { ArrivedCall } from './endpoint-truth.ts';
import type { Facts } from './facts.ts';
import { goneWith, neededParts } from './needed-parts.ts';
import type { Recorded, RecordIndex, Said } from './record-index.ts';
import type { Removal, RemovalWatch } from './sim-inventory.ts';
import { endpointNameOf, TAGS } from './world.ts';

/** A look is good for 25 s, and the deletion leaves within that and flies for up to 60 s; before it may go an append. */
const UNKNOWABLE_MS = 180_000;
/** A description is up to 5 s old. */
const SHOWN_WITHIN_MS = 5_000;
const CLOCKS_DIFFER_MS = 180_000;
const CONFIRM_WITHIN_MS = 60 * 60_000;

/** Nothing is deleted that is live, needed or used, nor anything but what a confirmed plan named. */
export function createCleanupChecks(
  facts: Facts,
  indexes: readonly RecordIndex[],
  readUpTo: (by: string, service: string) => number,
): RemovalWatch {
  const { violations } = facts;
  const sent = new Set<string>();
  const indexOf = (service: string) => indexes.find((i) => i.service === service) as RecordIndex;
  return {
    departs(removal) {
      const { service, round, by } = removal;
      const what = whatOf(removal);
      if (sent.has(what)) violations.add('deletion-sent-twice', `${what} by ${by}`);
      sent.add(what);
      const intended = indexOf(service).find('CleanupRoundIntended', round);
      const stopped = indexOf(service)
        .all('CleanupStopAsked')
        .find((s) => s.event.cleanupId === intended?.event.cleanupId && s.seq <= readUpTo(by, service));
      if (stopped !== undefined)
        violations.add('deleted-though-stopped', `${what} by ${by}, who had read ${stopped.seq}`);
    },
    lands(removal) {
      const index = indexOf(removal.service);
      const said = index.find('CleanupRoundIntended', removal.round);
      const named = said?.event.deletions.some((d) => d.kind === removal.kind && d.name === removal.name);
      if (said === undefined || named !== true) {
        violations.add('deletion-without-intent', whatOf(removal));
        return;
      }
      const { cleanupId } = said.event;
      const shown = proposalOf(index, cleanupId);
      if (!shown?.event.deletions.some((d) => d.kind === removal.kind && d.name === removal.name)) {
        violations.add('deleted-what-was-not-shown', whatOf(removal));
      }
      if (confirmationOf(index, cleanupId, said.seq) === undefined) {
        violations.add('deleted-what-nobody-confirmed', whatOf(removal));
      }
      checkNotNeeded(facts, indexes, removal, goneWith(shown?.event.target ?? ''));
      checkNotUsed(facts, removal);
    },
  };
}

function checkNotNeeded(
  facts: Facts,
  indexes: readonly RecordIndex[],
  removal: Removal,
  going: readonly Environment[],
): void {
  const { kind, name } = removal;
  if (kind === 'endpoint') {
    if (facts.sagemaker.endpoints.has(name)) facts.violations.add('endpoint-deleted-in-a-round', whatOf(removal));
    return;
  }
  for (const index of indexes) {
    const own = index.service === removal.service;
    const staying = own ? ENVIRONMENTS.filter((environment) => !going.includes(environment)) : ENVIRONMENTS;
    const why = neededParts(index, staying).get(name);
    if (why !== undefined) facts.violations.add('deleted-what-is-needed', `${whatOf(removal)}: ${why}`);
  }
}

/** By an endpoint, whoever made it, or by a config; what somebody else began to use a moment ago nobody could know. */
function checkNotUsed(facts: Facts, removal: Removal): void {
  const { kind, name } = removal;
  const { sagemaker, violations } = facts;
  const longAgo = facts.nowMs() - UNKNOWABLE_MS;
  const made = kind === 'model' ? sagemaker.models.get(name) : sagemaker.configs.get(name);
  if (made === undefined || kind === 'endpoint') return;
  if (Object.entries(TAGS).some(([key, value]) => made.tags[key] !== value)) {
    violations.add('deleted-what-is-not-ours', whatOf(removal));
  }
  const isUsed = (config: string | null) =>
    config !== null && (kind === 'model' ? sagemaker.configs.get(config)?.modelName === name : config === name);
  for (const e of sagemaker.endpoints.values()) {
    const { seen } = e.now;
    if (seen === null || e.lastForeignMs() > longAgo) continue;
    if (isUsed(seen.configName) || isUsed(seen.pendingConfigName)) {
      violations.add('deleted-what-is-used', `${whatOf(removal)}: ${e.name} is ${seen.status}`);
    }
  }
  for (const guest of sagemaker.guests.values()) {
    if (guest.sinceMs <= longAgo && isUsed(guest.configName)) {
      violations.add('deleted-what-is-used', `${whatOf(removal)}: ${guest.name}`);
    }
  }
  if (kind !== 'model') return;
  for (const config of sagemaker.configs.values()) {
    if (config.modelName === name && config.madeAtMs <= longAgo) {
      violations.add('deleted-what-is-used', `${whatOf(removal)}: ${config.configName}`);
    }
  }
}

/** An endpoint is deleted for a clean-up that names it, was confirmed and is not over. */
export function checkEndpointRemoval(facts: Facts, index: RecordIndex, call: ArrivedCall, owner: string): void {
  const what = `${call.call.endpointName} (#${call.intent} by ${call.by}) for ${owner}`;
  const shown = proposalOf(index, owner);
  const named = shown?.event.deletions.some((d) => d.kind === 'endpoint' && d.name === call.call.endpointName);
  if (named !== true) facts.violations.add('deleted-what-was-not-shown', what);
  const confirmed = confirmationOf(index, owner, call.intent);
  if (confirmed?.event.removes.includes(call.environment) !== true) {
    facts.violations.add('deleted-what-nobody-confirmed', what);
  }
  const ended = index.all('CleanupEnded').find((e) => e.event.cleanupId === owner);
  if (ended !== undefined) facts.violations.add('deleted-after-the-end', `${what}, ended by entry ${ended.seq}`);
}

/** Checked with every entry: who confirmed, when and what; and that nothing is begun in what is being deleted. */
export function checkCleanupEvent(facts: Facts, index: RecordIndex, recorded: Recorded, event: Event): void {
  switch (event.type) {
    case 'CleanupConfirmed':
      checkConfirmed(facts, index, recorded, event);
      break;
    case 'CleanupEnded':
      if (event.outcome === 'done') checkDone(facts, index, recorded, event);
      break;
    case 'RolloutStarted':
    case 'PromotionApproved':
      checkNotBeingDeleted(facts, index, recorded, event.type, ENVIRONMENTS);
      break;
    case 'EndpointAdopted':
      // What carries our tags is adopted by the removal itself, right before it goes.
      if (recorded.entry.commandKey !== null)
        checkNotBeingDeleted(facts, index, recorded, event.type, [event.environment]);
      break;
    case 'RollbackStarted':
    case 'SmokeStarted':
      checkNotBeingDeleted(facts, index, recorded, event.type, [event.environment]);
      break;
    default:
  }
}

function checkConfirmed(
  facts: Facts,
  index: RecordIndex,
  { entry, atMs }: Recorded,
  event: EventOf<'CleanupConfirmed'>,
): void {
  const { violations } = facts;
  const what = `${index.service} entry ${entry.seq}: ${event.cleanupId} by ${event.by}`;
  const shown = proposalOf(index, event.cleanupId);
  const pressed = facts.people.pressed(entry.commandKey);
  if (shown === undefined || pressed?.person !== event.by || pressed.verb !== 'confirm-cleanup') {
    violations.add('cleanup-nobody-confirmed', what);
    return;
  }
  if (!facts.slack.wasMember('approvers', event.by, pressed.atMs, atMs)) {
    violations.add('cleanup-confirmed-by-a-stranger', what);
  }
  const { target, by, deletions } = shown.event;
  if (target !== 'leftovers' && by === event.by) violations.add('proposer-confirmed', what);
  if (atMs > shown.atMs + CONFIRM_WITHIN_MS + CLOCKS_DIFFER_MS) violations.add('confirmed-after-its-time', what);
  const known = pressed.atMs - SHOWN_WITHIN_MS;
  const { sagemaker } = facts;
  for (const { kind, name } of deletions) {
    const goneMs = sagemaker.gone.get(`${kind} ${name}`) ?? Number.POSITIVE_INFINITY;
    // Since it was shown: what was made anew before that is there.
    if (goneMs > shown.atMs && goneMs < known)
      violations.add('confirmed-though-changed', `${what}: ${kind} ${name} is gone`);
  }
  for (const environment of goneWith(target)) {
    const begins = `${endpointNameOf(index.service, environment)}-v`;
    for (const { configName, madeAtMs, tags } of sagemaker.configs.values()) {
      const ours = configName.startsWith(begins) && tags.project !== undefined;
      const isNew = madeAtMs > shown.atMs && madeAtMs < known;
      if (!ours || !isNew || deletions.some((d) => d.name === configName)) continue;
      violations.add('confirmed-though-changed', `${what}: ${configName} is new`);
    }
  }
}

/** What it says is done is done. */
function checkDone(
  facts: Facts,
  index: RecordIndex,
  { entry }: Recorded,
  { cleanupId }: EventOf<'CleanupEnded'>,
): void {
  const shown = proposalOf(index, cleanupId);
  for (const { kind, name } of shown?.event.deletions ?? []) {
    const { sagemaker } = facts;
    const there =
      kind === 'endpoint'
        ? (sagemaker.endpoints.get(name)?.now.seen ?? sagemaker.guests.get(name) ?? null) !== null
        : ((kind === 'model' ? sagemaker.models : sagemaker.configs).get(name)?.madeAtMs ?? Number.POSITIVE_INFINITY) <
          (shown?.atMs ?? 0);
    if (there) facts.violations.add('done-though-not-gone', `${index.service} entry ${entry.seq}: ${kind} ${name}`);
  }
}

function checkNotBeingDeleted(
  facts: Facts,
  index: RecordIndex,
  { entry }: Recorded,
  type: string,
  environments: readonly Environment[],
): void {
  const confirmed = index.all('CleanupConfirmed').findLast((c) => c.seq < entry.seq);
  if (confirmed === undefined) return;
  const { cleanupId } = confirmed.event;
  if (index.all('CleanupEnded').some((e) => e.event.cleanupId === cleanupId && e.seq < entry.seq)) return;
  const going = goneWith(proposalOf(index, cleanupId)?.event.target ?? '');
  if (!environments.some((environment) => going.includes(environment))) return;
  facts.violations.add('begun-in-what-is-being-deleted', `${index.service} entry ${entry.seq}: ${type}, ${cleanupId}`);
}

function proposalOf(index: RecordIndex, cleanupId: string): Said<'CleanupProposed'> | undefined {
  return index.all('CleanupProposed').find((p) => p.event.cleanupId === cleanupId);
}

function confirmationOf(
  index: RecordIndex,
  cleanupId: string,
  beforeSeq: number,
): Said<'CleanupConfirmed'> | undefined {
  return index.all('CleanupConfirmed').find((c) => c.event.cleanupId === cleanupId && c.seq < beforeSeq);
}

function whatOf({ service, round, kind, name }: Removal): string {
  return `${kind} ${name} (${service}#${round})`;
}
