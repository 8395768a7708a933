import { findingWords, VERDICT_WORDS } from './analysis.ts';
import type { Target } from './candidate.ts';
import type { CallOutcome, EndpointCall, Entry, Event, RollbackCause } from './events.ts';
import type { RegistryOutcome } from './model-events.ts';
import { sentence } from './reasons.ts';

/** What an entry says, on one line of a log: what happened, or the answer that was given. */
export function entryWords({ reason, events }: Pick<Entry, 'reason' | 'events'>): string {
  const refused = events.find((event) => event.type === 'CommandRefused');
  if (refused !== undefined) return oneLine(`${refused.verb} refused: ${sentence(refused.reason)}`);
  const words = events.map(eventWords).filter((each) => each !== null);
  if (words.length > 0) return oneLine(words.map(withoutStop).join('; '));
  return oneLine(reason === null ? events.map(({ type }) => type).join(', ') : sentence(reason));
}

/** Sentences name commands in backticks; a log shows them as they are. */
function oneLine(text: string): string {
  return text.replaceAll('`', '').replaceAll(/\s+/g, ' ');
}

/** By which AWS knows the calls whose outcome these events record. */
export function requestIdsIn(events: readonly Event[]): readonly string[] {
  const ids = events.flatMap((event): readonly (string | null)[] => {
    switch (event.type) {
      case 'DeploymentPrepared':
        return event.created.map(({ requestId }) => requestId);
      case 'CleanupRoundDone':
        return event.results.map(({ outcome }) => ('requestId' in outcome ? (outcome.requestId ?? null) : null));
      case 'CallDecided':
      case 'RegistryCallDecided':
        return 'requestId' in event.outcome ? [event.outcome.requestId] : [];
      default:
        return [];
    }
  });
  return ids.filter((id) => id !== null);
}

function withoutStop(words: string): string {
  return words.replace(/\.$/, '');
}

/** `2026-11-23 19:28 UTC`. */
export function minute(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

export const CAUSE_WORDS: Readonly<Record<RollbackCause, string>> = {
  asked: 'asked for',
  'smoke-failed': 'the smoke tests failed',
  cancelled: 'the rollout was cancelled',
  'check-failed': 'the check of prod failed',
  'analysis-failed': 'its new fleet was worse than the old one',
  'deployment-failed': 'the deployment failed',
  recreate: 'the endpoint was Failed and is made again',
  'smoke-asked': 'a smoke run was asked for, and the endpoint was stopped',
};

export function targetWords({ version, configName }: Pick<Target, 'version' | 'configName'>): string {
  return version === null ? `the config ${configName}` : `version ${version}`;
}

/** What happened, in plain words for terminals and logs; null: bookkeeping, or said by another event of the same entry. */
export function eventWords(event: Event): string | null {
  switch (event.type) {
    case 'DeploymentStarted':
      if (event.kind === 'removal') return `${event.environment} is being deleted`;
      if (event.kind === 'stop') return null;
      return `${event.environment} ${event.kind === 'rollout' ? 'goes to' : 'goes back to'} ${targetWords(event.target)}`;
    case 'DeploymentPrepared': {
      const made = event.created.map(({ what }) => what).join(' and ');
      return `${event.environment}: ${made === '' ? 'model and endpoint configuration are there already' : `made ${made}`}`;
    }
    case 'CallIntended':
      return `${event.environment}: SageMaker is asked to ${callWords(event.call)}`;
    case 'CallDecided':
      return `${event.environment}: ${outcomeWords(event.outcome, 'SageMaker')}`;
    case 'AlarmsSeen':
      return `${event.environment}: alarms ${event.alarms.map(({ name, state }) => `${name} ${state}`).join(', ')}`;
    case 'FleetServing':
      return `${event.environment} serves the new version; the old fleet is kept until ${minute(event.until)}`;
    case 'FleetsCompared':
      return `${event.environment}: the new fleet is ${VERDICT_WORDS[event.verdict]}${comparedWords(event)}`;
    case 'AutoRollbackScheduled':
      return `${event.environment} goes back by itself at ${minute(event.dueAt)}: ${sentence(event.reason)}`;
    case 'AutoRollbackSnoozed':
      return `${event.environment} does not go back by itself before ${minute(event.dueAt)}: ${event.reason}`;
    case 'IdleStopDecided':
      return `${event.environment} is being stopped: nobody used it since ${minute(event.usedAt)}`;
    case 'KillSwitchIntended':
      return `${event.environment}: SageMaker is told to undo the update, by the alarm ${event.alarm}`;
    case 'KillSwitchDecided':
      return `${event.environment}: ${outcomeWords(event.outcome, 'CloudWatch')}`;
    case 'ProgressSeen':
      return `${event.environment}: ${event.words}`;
    case 'DeploymentOverdue':
      return `not finished after ${event.minutes} minutes; followed to its end, then undone`;
    case 'DeploymentAbortMarked':
      return `${event.environment} is being stopped: ${sentence(event.why)}`;
    case 'DeploymentSucceeded':
    case 'DeploymentFailed':
    case 'SmokeVoided':
    case 'RolloutHeld':
    case 'ApprovalsVoided':
      return sentence(event.reason);
    case 'SmokeStarted':
      return `smoke tests of ${event.environment} begin`;
    case 'SmokeFinished': {
      const { verdict, numbers, why } = event.result;
      const p95 = numbers.p95Ms === null ? '?' : numbers.p95Ms.toFixed(1);
      return `smoke tests of ${event.environment} ${verdict}: ${numbers.n} requests, p95 ${p95} ms, error rate ${numbers.errorRate}${why === null ? '' : `; ${why}`}`;
    }
    case 'GateOpened':
      return `the gate is open until ${minute(event.expiresAt)}; an approver decides in Slack`;
    case 'GateReminded':
      return `approvers are called again (${event.nth} of ${event.most}): ${event.have} of ${event.need} approvals`;
    case 'ModelReminded':
      return `approvers are called again (${event.nth} of ${event.most}) about model version ${event.version}`;
    case 'ApprovalGiven':
      return `${event.by} approves: ${event.have} of ${event.need}`;
    case 'ApprovalWithdrawn':
      return `${event.by} takes the approval back: ${event.have} of ${event.need}`;
    case 'PromotionScheduled':
      return `to prod not before ${event.at}, says ${event.by}`;
    case 'GlassBroken':
      return `${event.by} breaks the glass: ${event.reason} (in the way: ${event.over.join('; ')})`;
    case 'GlassReviewed':
      return `${event.by} signs it off: ${event.note}`;
    case 'PromotionApproved':
      return `approved by ${event.by.join(', ')}; prod is next`;
    case 'WaitNoted':
      return event.reason === null ? null : sentence(event.reason);
    case 'RolloutEnded':
      return `${event.outcome}: ${sentence(event.reason)}`;
    case 'RollbackStarted':
      return `${event.environment} goes back to ${targetWords(event.target)}`;
    case 'RollbackEnded':
      return event.reached ? null : `not reached: ${sentence(event.reason)}`;
    case 'HoldPlaced':
      return `${event.environment} is held: ${event.reason}`;
    case 'BreakAcknowledged':
      return `the record was changed at entry ${event.breaks.map((place) => place.seq).join(', ')}: ${event.reason}`;
    case 'ModelDecided':
      return `${event.by} ${event.approve ? 'approves' : 'rejects'} the model`;
    case 'RegistryCallIntended':
      return `the Model Registry is told: ${event.status}`;
    case 'RegistryCallDecided':
      return outcomeWords(event.outcome, 'the Model Registry');
    case 'ModelApprovalEnded':
      return sentence(event.reason);
    case 'ModelRejectionSeen':
      return `version ${event.version}, which prod runs, is rejected ${event.by === null ? 'outside of titanic' : `by ${event.by}`}`;
    case 'RolloutStarted':
      return `a rollout of version ${event.candidate.version} begins${event.automatic === undefined ? '' : ' by itself'}`;
    case 'AutoStageWaits':
      return `version ${event.version} is to be rolled out by itself, and waits: ${sentence(event.reason)}`;
    case 'AutoStageDropped':
      return `version ${event.version} is not rolled out by itself: it is not the newest approved one any more`;
    case 'RefusalsCounted':
      return `${event.count} more commands of ${event.by} were refused`;
    case 'CleanupConfirmed':
      return `confirmed by ${event.by}`;
    case 'CleanupRoundIntended':
      return `SageMaker is asked to delete ${event.deletions.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`;
    case 'CleanupRoundDone':
      return roundWords(event);
    case 'CleanupStopAsked':
      return `${event.by} stops it`;
    case 'CleanupEnded':
      return sentence(event.reason);
    case 'ModelApprovalAsked':
    case 'CleanupProposed':
    case 'EndpointAdopted':
    case 'SmokeRepeatAsked':
    case 'HoldReleased':
    case 'CommandRefused':
      return null;
    default: {
      const never: never = event;
      return never;
    }
  }
}

function comparedWords({ findings, why }: Extract<Event, { type: 'FleetsCompared' }>): string {
  const words = why ?? findings.map(findingWords).join('; ');
  return words === '' ? '' : ` (${words})`;
}

function callWords(call: EndpointCall): string {
  const what = `${call.kind} ${call.endpointName}`;
  return call.kind === 'delete' ? what : `${what} with ${call.configName}`;
}

function outcomeWords(outcome: CallOutcome | RegistryOutcome, who: string): string {
  switch (outcome.kind) {
    case 'accepted':
      return `${who} took the call`;
    case 'refused':
      return `${who} refused: ${sentence(outcome.reason)}`;
    case 'withdrawn':
      return `the call was not sent: ${outcome.why}`;
    case 'landed':
      return 'the call is seen to have arrived';
    case 'lapsed':
      return 'the call left no trace';
    default:
      return outcome satisfies never;
  }
}

function roundWords({ results }: Extract<Event, { type: 'CleanupRoundDone' }>): string | null {
  const words = results.map(({ of, name: bare, outcome }) => {
    const name = `${of} ${bare}`;
    switch (outcome.kind) {
      case 'gone':
        return `${name} is gone`;
      case 'open':
        return `${name} not yet: ${outcome.why}`;
      case 'kept':
        return `${name} stays: ${outcome.because}`;
      case 'refused':
        return `${name} refused: ${outcome.why}`;
      default:
        return outcome satisfies never;
    }
  });
  return words.length === 0 ? null : words.join('; ');
}
