import type { EventOf } from '../../src/rollout/events.ts';
import type { EndpointSeen } from '../../src/rollout/observation.ts';
import type { Facts } from './facts.ts';
import { checkCleanupEvent } from './invariants-cleanup.ts';
import { checkReturn } from './invariants-idle.ts';
import { checkDecidedOnce, checkQuestionEnded } from './invariants-models.ts';
import type { Recorded, RecordIndex } from './record-index.ts';

/** An observation good for 25 s, an append in flight for up to 60 s, a describe 5 s old. */
const RECORD_LAGS_MS = 100_000;

/** Checked with every entry that is stored: what the record claims must be so. */
export function checkEntry(facts: Facts, index: RecordIndex, recorded: Recorded, endpointName: EndpointNameOf): void {
  const { entry } = recorded;
  checkKeyOnce(facts, index, recorded);
  for (const event of entry.events) {
    checkCleanupEvent(facts, index, recorded, event);
    switch (event.type) {
      case 'DeploymentSucceeded':
        checkSucceeded(facts, index, recorded, event, endpointName);
        break;
      case 'RollbackEnded':
        if (event.reached) checkReached(facts, index, recorded, event, endpointName);
        checkReturn(facts, index, recorded, event);
        break;
      case 'DeploymentFailed':
        checkNoOpenIntent(facts, index, recorded, event.environment, event.deployment, 'DeploymentFailed');
        checkNotUnderWay(facts, index, recorded, event, endpointName);
        break;
      case 'CallIntended':
        checkOnlyIntent(facts, index, recorded, event);
        break;
      case 'SmokeFinished':
        checkMeasured(facts, index, recorded, event);
        break;
      case 'ApprovalGiven':
        checkInTime(facts, index, recorded, event);
        break;
      case 'ModelDecided':
        checkDecidedOnce(facts, index, recorded, event);
        break;
      case 'ModelApprovalEnded':
        checkQuestionEnded(facts, index, recorded, event);
        break;
      default:
    }
  }
}

export type EndpointNameOf = (service: string, environment: 'staging' | 'prod') => string;

function checkKeyOnce(facts: Facts, index: RecordIndex, recorded: Recorded): void {
  const { commandKey, seq } = recorded.entry;
  if (commandKey === null || !changesSomething(recorded)) return;
  const first = index.entries.find((r) => r.entry.commandKey === commandKey && changesSomething(r));
  if (first !== undefined && first.entry.seq !== seq) {
    facts.violations.add(
      'command-done-twice',
      `${index.service}: entries ${first.entry.seq} and ${seq}, ${commandKey}`,
    );
  }
}

function changesSomething(recorded: Recorded): boolean {
  return recorded.entry.events.some((e) => e.type !== 'CommandRefused' && e.type !== 'RefusalsCounted');
}

function checkSucceeded(
  facts: Facts,
  index: RecordIndex,
  recorded: Recorded,
  event: EventOf<'DeploymentSucceeded'>,
  endpointName: EndpointNameOf,
): void {
  const { environment, deployment } = event;
  checkNoOpenIntent(facts, index, recorded, environment, deployment, event.type);
  const started = index.find('DeploymentStarted', deployment);
  if (started === undefined) return;
  const what = `${index.service} entry ${recorded.entry.seq}: ${environment} ${started.event.target.configName}`;
  if (
    started.event.kind === 'rollout' &&
    index.all('DeploymentOverdue').some((o) => o.event.deployment === deployment)
  ) {
    facts.violations.add('overdue-called-a-success', what);
  }
  if (String(started.event.kind) === 'removal') return;
  if (started.event.kind === 'stop') {
    checkGone(facts, endpointName(index.service, environment), what);
    return;
  }
  checkRuns(facts, endpointName(index.service, environment), started.event.target, 'success-that-was-none', what);
}

/** What is said to be stopped is not there, unless somebody else made it again. */
function checkGone(facts: Facts, endpointName: string, what: string): void {
  const endpoint = facts.sagemaker.endpoint(endpointName);
  if (endpoint.now.seen === null || facts.nowMs() - endpoint.lastForeignMs() < RECORD_LAGS_MS) return;
  facts.violations.add('stopped-but-there', `${what}; really ${endpoint.now.seen.status}`);
}

function checkReached(
  facts: Facts,
  index: RecordIndex,
  recorded: Recorded,
  event: EventOf<'RollbackEnded'>,
  endpointName: EndpointNameOf,
): void {
  const started = index.all('RollbackStarted').find((r) => r.event.rollbackId === event.rollbackId);
  if (started === undefined) return;
  const what = `${index.service} entry ${recorded.entry.seq}: ${event.rollbackId} to ${started.event.target.configName}`;
  checkRuns(facts, endpointName(index.service, event.environment), started.event.target, 'rollback-not-reached', what);
}

function checkRuns(
  facts: Facts,
  endpointName: string,
  target: { readonly configName: string; readonly imageDigest: string | null },
  name: string,
  what: string,
): void {
  const endpoint = facts.sagemaker.endpoint(endpointName);
  if (runs(endpoint.now.seen, target)) return;
  // It may have been so when it was looked at, until somebody else came.
  if (facts.nowMs() - endpoint.lastForeignMs() < RECORD_LAGS_MS) return;
  const { seen } = endpoint.now;
  facts.violations.add(name, `${what}; really ${seen?.status} ${seen?.configName} pending ${seen?.pendingConfigName}`);
}

function runs(
  seen: EndpointSeen | null,
  target: { readonly configName: string; readonly imageDigest: string | null },
): boolean {
  if (seen === null || seen.status !== 'InService' || seen.pendingConfigName !== null) return false;
  const { imageDigest, configName } = target;
  return seen.configName === configName && (imageDigest === null || seen.images.some((i) => i.endsWith(imageDigest)));
}

function checkNoOpenIntent(
  facts: Facts,
  index: RecordIndex,
  recorded: Recorded,
  environment: string,
  deployment: number,
  what: string,
): void {
  const { seq } = recorded.entry;
  for (const intent of index.all('CallIntended')) {
    if (intent.event.environment !== environment || intent.seq >= seq) continue;
    if (index.all('CallDecided').some((d) => d.event.intent === intent.seq && d.seq <= seq)) continue;
    facts.violations.add(
      'ended-with-open-intent',
      `${index.service} ${what} of ${deployment} at ${seq}, #${intent.seq} open`,
    );
  }
}

/** A deployment does not end while its own update still runs: nobody would follow that to its end. */
function checkNotUnderWay(
  facts: Facts,
  index: RecordIndex,
  recorded: Recorded,
  event: EventOf<'DeploymentFailed'>,
  endpointName: EndpointNameOf,
): void {
  const { now } = facts.sagemaker.endpoint(endpointName(index.service, event.environment));
  const ours = index.find('DeploymentStarted', event.deployment)?.event.target.configName;
  if (now.cause !== 'call' || now.seen === null || now.seen.status === 'Deleting') return;
  const moving = now.seen.pendingConfigName ?? (now.seen.status === 'Creating' ? now.seen.configName : null);
  if (moving === null || moving !== ours) return;
  const what = `${index.service} entry ${recorded.entry.seq}: ${event.environment} ${ours} is ${now.seen.status}`;
  facts.violations.add('ended-while-it-runs', `${what}, recorded as ${event.reason.code}`);
}

function checkOnlyIntent(facts: Facts, index: RecordIndex, recorded: Recorded, event: EventOf<'CallIntended'>): void {
  const { seq } = recorded.entry;
  for (const intent of index.all('CallIntended')) {
    if (intent.event.environment !== event.environment || intent.seq >= seq) continue;
    if (index.all('CallDecided').some((d) => d.event.intent === intent.seq && d.seq < seq)) continue;
    facts.violations.add('two-open-intents', `${index.service} ${event.environment}: #${intent.seq} and #${seq}`);
  }
}

/** By the clock of whoever took it, which is the one that the entry shows. */
function checkInTime(facts: Facts, index: RecordIndex, { entry }: Recorded, event: EventOf<'ApprovalGiven'>): void {
  const gate = index.all('GateOpened').findLast((g) => g.event.rolloutId === event.rolloutId && g.seq < entry.seq);
  if (gate !== undefined && entry.at < gate.event.expiresAt) return;
  facts.violations.add('approval-after-its-expiry', `${index.service} entry ${entry.seq} by ${event.by}`);
}

/** A verdict names the run it came from, and that run measured this environment for this claim. */
function checkMeasured(facts: Facts, index: RecordIndex, recorded: Recorded, event: EventOf<'SmokeFinished'>): void {
  const claim = index.find('SmokeStarted', event.claim);
  const measured = facts.measurements.get(event.result.histogram);
  const right =
    claim !== undefined &&
    measured !== undefined &&
    measured.service === index.service &&
    measured.environment === claim.event.environment &&
    measured.purpose === claim.event.purpose &&
    measured.probes.every((p) => p.atMs >= claim.atMs - 1);
  if (!right) facts.violations.add('verdict-of-another-run', `${index.service} entry ${recorded.entry.seq}`);
}
