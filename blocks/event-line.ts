import type { Prices } from '../src/cost/prices.ts';
import { VERDICT_WORDS } from '../src/rollout/analysis.ts';
import type { Event } from '../src/rollout/events.ts';
import { isKillSwitch } from '../src/rollout/strategy.ts';
import { versionWords } from './candidate-words.ts';
import { fleetsLine } from './fleet-lines.ts';
import { alarmName } from './guard-lines.ts';
import { idleStopLine } from './idle-lines.ts';
import { at, bold, code, type Line, people, person, text } from './inline.ts';
import { PIECES } from './limits.ts';
import { reasonLine } from './reason-line.ts';
import { smokeSummary } from './smoke-words.ts';

/** What an event adds to a thread, or tells the channel; null: the card shows it well enough, or it is bookkeeping. */
export function eventLine(event: Event, prices: Prices | null = null): Line | null {
  switch (event.type) {
    case 'EndpointAdopted':
      return [
        bold(`${event.environment}: `),
        text(`the endpoint ${event.endpointName} is adopted: `),
        ...reasonLine(event.reason),
      ];
    case 'DeploymentStarted': {
      if (event.kind === 'stop') return null;
      if (event.kind === 'removal') return [bold(`${event.environment} `), text('is being deleted')];
      const verb = event.kind === 'rollout' ? 'going to' : 'going back to';
      return [bold(`${event.environment} `), text(`${verb} ${versionWords(event.target)}`)];
    }
    case 'CallDecided':
      return event.outcome.kind === 'refused'
        ? [bold(`${event.environment}: `), ...reasonLine(event.outcome.reason)]
        : null;
    case 'IdleStopDecided':
      return idleStopLine(event, prices);
    case 'AlarmsSeen': {
      const on = event.alarms.filter(({ name, state }) => state === 'ALARM' && !isKillSwitch(name));
      if (on.length === 0) return null;
      const words = on.map(({ name, why: because }) => alarmName(name) + (because === null ? '' : ` (${because})`));
      return [bold(`${event.environment}: alarm on. `), text(words.join('; '), PIECES.words)];
    }
    case 'FleetServing':
      return [
        bold(`${event.environment} serves the new version. `),
        text('The old fleet is kept until '),
        at(event.until),
        text(': going back needs no new instance until then'),
      ];
    case 'FleetsCompared':
      return [
        bold(`${event.environment}: `),
        text(`the new fleet is ${VERDICT_WORDS[event.verdict]}. `),
        ...fleetsLine(event),
      ];
    case 'AutoRollbackScheduled':
      return [
        bold(`${event.environment} goes back by itself at `),
        at(event.dueAt),
        text('. '),
        ...reasonLine(event.reason),
        text(' An approver may put it off once: '),
        code('/titanic snooze -- reason'),
        text('. At once: '),
        code('/titanic rollback'),
      ];
    case 'AutoRollbackSnoozed':
      return [
        bold(`${event.environment} does not go back by itself before `),
        at(event.dueAt),
        text(', says '),
        person(event.by),
        text(': '),
        text(event.reason, PIECES.reason),
      ];
    case 'KillSwitchDecided':
      return event.outcome.kind === 'accepted'
        ? [bold(`${event.environment}: `), text('SageMaker is told to undo the update; its old fleet still stands')]
        : event.outcome.kind === 'refused'
          ? [bold(`${event.environment}: `), ...reasonLine(event.outcome.reason)]
          : null;
    case 'DeploymentAbortMarked':
      return [bold(`${event.environment} `), text('is being stopped: '), ...reasonLine(event.why)];
    case 'DeploymentOverdue':
      return [
        bold(`${event.environment} `),
        text(`is not finished after ${event.minutes} minutes; it is followed to its end, then undone`),
      ];
    case 'DeploymentSucceeded':
      return reasonLine(event.reason);
    case 'DeploymentFailed':
      return [bold(`${event.environment}: `), ...reasonLine(event.reason)];
    case 'SmokeFinished':
      return [bold(`${event.environment} smoke tests `), text(smokeSummary(event.result)), ...why(event.result.why)];
    case 'SmokeVoided':
      return [bold(`${event.environment} smoke tests: `), ...reasonLine(event.reason)];
    case 'GateOpened':
      return gateLine(event.rolloutId, event.expiresAt);
    case 'GateReminded':
      return [
        bold(`Reminder ${event.nth} of ${event.most}. `),
        text(`A decision is still needed, ${event.have} of ${event.need} approvals so far. `),
        ...decideInWords(event.rolloutId),
      ];
    case 'ModelReminded':
      return [
        bold(`Reminder ${event.nth} of ${event.most}. `),
        text('Nobody has decided about this model. '),
        ...approveInWords(event.version),
      ];
    case 'ApprovalGiven':
      return [person(event.by), text(` approves: ${event.have} of ${event.need}`)];
    case 'ApprovalWithdrawn':
      return [person(event.by), text(` takes the approval back: ${event.have} of ${event.need}`)];
    case 'PromotionScheduled':
      return [bold('To prod '), text('not before '), at(event.at), text(', says '), person(event.by)];
    case 'GlassBroken':
      return [
        bold('The glass is broken '),
        text('by '),
        person(event.by),
        text(': '),
        text(event.reason, PIECES.reason),
        text(`. What stood in the way: ${event.over.join('; ')}`, PIECES.words),
        text('. Another approver signs it off with '),
        code(`/titanic review ${event.rolloutId} -- note`),
      ];
    case 'GlassReviewed':
      return [bold('Signed off '), text('by '), person(event.by), text(': '), text(event.note, PIECES.reason)];
    case 'PromotionApproved':
      return [bold('Approved '), text('by '), ...people(event.by), text('; prod is next')];
    case 'ApprovalsVoided':
    case 'RolloutHeld':
      return reasonLine(event.reason);
    case 'RolloutEnded':
      return [bold('Ended. '), ...reasonLine(event.reason)];
    case 'RollbackStarted':
      return rollbackLine(event);
    case 'RollbackEnded':
      // Reached: the deployment's own line in the same entry says it.
      return event.reached ? null : [bold(`${event.environment}: `), ...reasonLine(event.reason)];
    case 'HoldPlaced':
      return [
        bold(`${event.environment} is held `),
        text('by '),
        event.by === null ? text('titanic') : person(event.by),
        text(': '),
        text(event.reason, PIECES.reason),
        ...(event.until === null ? [] : [text(', until '), at(event.until)]),
      ];
    case 'HoldReleased':
      return [
        bold(`${event.environment} is released `),
        text('by '),
        person(event.by),
        text(': '),
        text(event.reason, PIECES.reason),
      ];
    case 'BreakAcknowledged':
      return [
        bold('The record was changed by somebody '),
        text(`at entry ${event.breaks.map((place) => place.seq).join(', ')}; `),
        person(event.by),
        text(' answers for it: '),
        text(event.reason, PIECES.reason),
      ];
    case 'ModelApprovalAsked':
      return event.deploys
        ? [
            text('A decision about a model package is needed until '),
            at(event.expiresAt),
            text('. '),
            ...approveInWords(event.version),
          ]
        : null;
    case 'ModelDecided':
      return [bold(event.approve ? 'Approved ' : 'Rejected '), text('by '), person(event.by), ...because(event.reason)];
    case 'RegistryCallDecided':
      return event.outcome.kind === 'refused' ? reasonLine(event.outcome.reason) : null;
    case 'ModelApprovalEnded':
      return [bold('Ended. '), ...reasonLine(event.reason)];
    case 'ModelRejectionSeen':
      return [
        bold(`prod runs version ${event.version}, which was rejected in the Model Registry. `),
        text('Press '),
        bold('Roll back prod'),
        text(' on the card, or '),
        code('/titanic rollback'),
      ];
    case 'CleanupProposed':
      return event.target === 'leftovers'
        ? null
        : [
            text('A clean-up of what may be live waits for an approver who did not ask for it, until '),
            at(event.expiresAt),
          ];
    case 'CleanupConfirmed':
      return [bold('Confirmed '), text('by '), person(event.by)];
    case 'CleanupStopAsked':
      return [bold('Stopped '), text('by '), person(event.by)];
    case 'CleanupRoundDone':
      return roundLine(event);
    case 'CleanupEnded':
      return [bold('Ended. '), ...reasonLine(event.reason)];
    case 'AutoStageWaits':
      return [
        bold(`Version ${event.version} is to be rolled out to staging by itself, and waits. `),
        ...reasonLine(event.reason),
      ];
    case 'AutoStageDropped':
      return [
        text(`Version ${event.version} is not rolled out to staging by itself: `),
        text('it is not the newest approved version any more'),
      ];
    case 'KillSwitchIntended':
    case 'RegistryCallIntended':
    case 'CleanupRoundIntended':
    case 'RolloutStarted':
    case 'DeploymentPrepared':
    case 'CallIntended':
    case 'ProgressSeen':
    case 'SmokeStarted':
    case 'SmokeRepeatAsked':
    case 'WaitNoted':
    case 'CommandRefused':
    case 'RefusalsCounted':
      return null;
  }
}

function why(words: string | null): Line {
  return words === null ? [] : [text('; '), text(words, PIECES.words)];
}

function roundLine({ results }: Extract<Event, { type: 'CleanupRoundDone' }>): Line | null {
  const gone = results.filter(({ outcome }) => outcome.kind === 'gone').map(({ name }) => name);
  if (gone.length === 0) return null;
  return [bold('Deleted '), text(gone.join(', '), PIECES.words)];
}

function gateLine(id: string, expiresAt: string): Line {
  return [text('A decision is needed until '), at(expiresAt), text('. '), ...decideInWords(id)];
}

function decideInWords(id: string): Line {
  return [
    text('Press '),
    bold('Promote to prod'),
    text(' on the card, or '),
    code(`/titanic promote ${id}`),
    text(', or '),
    code(`/titanic reject ${id} -- reason`),
  ];
}

function approveInWords(version: number): Line {
  return [text('Press '), bold('Approve model'), text(' on the card, or '), code(`/titanic approve-model ${version}`)];
}

function rollbackLine(event: Extract<Event, { type: 'RollbackStarted' }>): Line {
  const by: Line = [text('by '), event.by === null ? text('titanic') : person(event.by)];
  return [bold(`${event.environment} goes back to ${versionWords(event.target)} `), ...by, ...because(event.reason)];
}

function because(reason: string | null): Line {
  return reason === null ? [] : [text(': '), text(reason, PIECES.reason)];
}
