import { isAbout } from '../rollout/entry-about.ts';
import type { Entry, Event } from '../rollout/events.ts';
import { sentence } from '../rollout/reasons.ts';
import { plain } from './answers.ts';
import { targetWords } from './views.ts';

/** What an entry tells somebody who follows a rollout or a rollback, a line each. */
export function entryLines(entry: Entry, subject: string): readonly string[] {
  if (!isAbout(entry, subject)) return [];
  return entry.events.flatMap((event) => {
    const words = eventWords(event);
    return words === null ? [] : [`${entry.at.slice(11, 19)}  ${plain(words)}`];
  });
}

/** null: bookkeeping, or said by another event of the same entry. */
function eventWords(event: Event): string | null {
  switch (event.type) {
    case 'DeploymentStarted':
      if (event.kind === 'removal') return `${event.environment} is being deleted`;
      return `${event.environment} ${event.kind === 'rollout' ? 'goes to' : 'goes back to'} ${targetWords(event.target)}`;
    case 'CallIntended':
      return `SageMaker is asked: ${event.call.kind} ${event.call.endpointName}`;
    case 'CallDecided':
      return event.outcome.kind === 'refused'
        ? `SageMaker refused: ${sentence(event.outcome.reason)}`
        : `the call was ${event.outcome.kind}`;
    case 'ProgressSeen':
      return event.words;
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
      return `smoke tests ${verdict}: ${numbers.n} requests, p95 ${numbers.p95Ms ?? '?'} ms, error rate ${numbers.errorRate}${why === null ? '' : `; ${why}`}`;
    }
    case 'GateOpened':
      return `the gate is open until ${event.expiresAt}; an approver decides in Slack`;
    case 'ApprovalGiven':
      return `${event.by} approves: ${event.have} of ${event.need}`;
    case 'ApprovalWithdrawn':
      return `${event.by} takes the approval back: ${event.have} of ${event.need}`;
    case 'PromotionScheduled':
      return `to prod not before ${event.at}, says ${event.by}`;
    case 'GlassBroken':
      return `${event.by} breaks the glass: ${event.reason} (past ${event.over.join('; ')})`;
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
      return `${event.by} ${event.approve ? 'approves' : 'rejects'} it`;
    case 'RegistryCallIntended':
      return `the Model Registry is told: ${event.status}`;
    case 'ModelApprovalEnded':
      return sentence(event.reason);
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
    case 'RegistryCallDecided':
    case 'ModelRejectionSeen':
    case 'CleanupProposed':
    case 'RolloutStarted':
    case 'EndpointAdopted':
    case 'DeploymentPrepared':
    case 'SmokeRepeatAsked':
    case 'HoldReleased':
    case 'CommandRefused':
    case 'RefusalsCounted':
      return null;
    default: {
      const never: never = event;
      return never;
    }
  }
}

function roundWords({ results }: Extract<Event, { type: 'CleanupRoundDone' }>): string | null {
  const words = results.map(({ name, outcome }) => {
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
