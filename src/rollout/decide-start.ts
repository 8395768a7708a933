import type { Candidate, Environment } from './candidate.ts';
import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import { decideSmokeOfStopped } from './decide-idle.ts';
import { askForApproval } from './decide-model.ts';
import type { Event } from './events.ts';
import { activeHolds, doing, holdReason } from './gates.ts';
import type { CoreCommand } from './input.ts';
import { without } from './mutations.ts';
import { adoptedTarget, targetOf } from './names.ts';
import type { EndpointLook, Reading } from './observation.ts';
import { type Reason, reason } from './reasons.ts';
import { isBeingRejected } from './rejected-rollouts.ts';
import { requesterOf } from './requester.ts';
import type { LiveRollout, ServiceState } from './state.ts';

/** `deploy staging`: seals the candidate, supersedes what waits, refuses what is under way. */
export function decideDeploy(c: CommandContext, command: Extract<CoreCommand, { verb: 'deploy' }>): Verdict {
  const { state, settings, nowMs, who } = c;
  if (command.choice.kind === 'problem') return no(command.choice.reason);
  const [hold] = activeHolds(state, 'staging', nowMs);
  if (hold !== undefined) return no(holdReason('environment-held', 'staging', hold));
  const busy = stagingBusy(state);
  if (busy !== null) return no(busy);
  const adoption = adoptionAtStart(c, command.staging);
  if (adoption.kind === 'no') return no(adoption.reason);
  if (command.choice.kind === 'pending') return askForApproval(c, command, command.choice);

  const { candidate, facts } = command.choice;
  if (isBeingRejected(state, candidate.packageArn))
    return no(reason('package-rejected', { version: candidate.version }));
  const rolloutId = `${settings.service}-${state.seq + 1}`;
  const requester = requesterOf(c, command);
  const superseded: Event[] = state.rollouts
    .filter((r) => ['tested', 'held', 'gate', 'approved'].includes(r.status))
    .map((r) => ({
      type: 'RolloutEnded',
      rolloutId: r.id,
      outcome: 'superseded',
      reason: reason('superseded-by', { rollout: rolloutId, by: who }),
      by: who,
    }));
  const target = targetOf(settings.service, settings.prefix, 'staging', candidate, rolloutId);
  const deadlineAt = new Date(nowMs + settings.deadlineMinutes.staging * 60_000).toISOString();
  return yes(
    reason('rollout-started', { rollout: rolloutId, version: candidate.version }),
    [
      ...superseded,
      ...adoption.events,
      {
        type: 'RolloutStarted',
        rolloutId,
        candidate,
        requester,
        ...(command.githubUser === undefined ? {} : { githubUser: command.githubUser }),
        ...(command.automatic === undefined ? {} : { automatic: command.automatic.trigger }),
        note: command.note,
        quorum: settings.quorum + (needsOneMore(c, requester, candidate, command.unchecked) ? 1 : 0),
        approvalExpiresAfterHours: settings.approvalExpiresAfterHours,
        ...(facts === undefined ? {} : { about: { model: facts, beside: command.beside ?? null } }),
      },
      { type: 'DeploymentStarted', environment: 'staging', kind: 'rollout', owner: rolloutId, target, deadlineAt },
    ],
    rolloutId,
  );
}

/**
 * Nobody is known for sure who must not approve; or who asks has approved the model already, so that one person alone
 * would stand for two of the decisions.
 */
function needsOneMore(
  { state, settings }: CommandContext,
  requester: string | null,
  { packageArn }: Candidate,
  unchecked = false,
): boolean {
  if ((requester === null || unchecked) && !without(settings.mutations, 'nobody-known-nobody-more')) return true;
  if (without(settings.mutations, 'one-person-decides-twice')) return false;
  const approved = state.approvedPackages.some((p) => p.packageArn === packageArn && p.by === requester);
  const decided = state.endedApprovals.find((a) => a.packageArn === packageArn && a.verdict !== null)?.verdict;
  return approved || (decided?.approve === true && decided.by === requester);
}

/** As short as SageMaker's deletion takes. */
const STOPPING = 'it is just being stopped, because nobody used it';

/** Who and what is in the way of a new rollout; null: nothing. */
export function stagingBusy({ environments, rollouts }: ServiceState): Reason | null {
  const { staging, prod } = environments;
  const busy = (r: LiveRollout | undefined, rollout: string, words: string) =>
    reason('staging-busy', { rollout, by: r?.requester ?? 'titanic', doing: words });
  const under = rollouts.find((r) => r.status === 'staging' || r.status === 'testing');
  if (under !== undefined) return busy(under, under.id, doing(under));
  if (staging.deployment?.kind === 'stop') return busy(undefined, staging.deployment.owner, STOPPING);
  if (staging.deployment !== null) return busy(undefined, staging.deployment.owner, 'staging is being changed');
  if (staging.rollback !== null) return busy(undefined, staging.rollback.id, 'staging goes back to what ran before');
  if (staging.intent !== null) return busy(undefined, 'an earlier call', 'SageMaker has not answered it yet');
  if (staging.smoke !== null) return busy(undefined, 'a smoke run', 'it measures staging');
  // What goes to prod is looked at on staging once more right before; afterwards staging is free.
  const about = rollouts.find((r) => r.status === 'prod');
  if (about !== undefined && prod.intent === null && prod.deployment !== null && prod.deployment.followed === null) {
    return busy(about, about.id, 'it is about to go to prod');
  }
  return null;
}

type Adoption =
  | { readonly kind: 'ok'; readonly events: readonly Event[] }
  | { readonly kind: 'no'; readonly reason: Reason };

function adoptionAtStart(c: CommandContext, look: Reading<EndpointLook>): Adoption {
  const { state, settings } = c;
  const endpoint = settings.endpointNames.staging;
  if (look.kind === 'unknown')
    return { kind: 'no', reason: reason('endpoint-unreadable', { endpoint, why: look.why }) };
  if (state.environments.staging.known || look.value.endpoint === null) return { kind: 'ok', events: [] };
  const { ours } = look.value;
  if (ours === null || ours.kind === 'unknown') {
    const why = ours === null ? 'its tags were not read' : ours.why;
    return { kind: 'no', reason: reason('endpoint-unreadable', { endpoint, why }) };
  }
  // One that carries our tags is adopted by the deployment itself, from a look of its own.
  return ours.value
    ? { kind: 'ok', events: [] }
    : { kind: 'no', reason: reason('endpoint-not-ours', { endpoint, environment: 'staging' }) };
}

/** `adopt`: an approver takes over an endpoint that titanic did not make. */
export function decideAdopt(c: CommandContext, command: Extract<CoreCommand, { verb: 'adopt' }>): Verdict {
  const { environment, look } = command;
  const endpointName = c.settings.endpointNames[environment];
  const why = command.reason.trim();
  if (why === '') return no(reason('reason-missing'));
  if (c.state.environments[environment].known) return no(reason('endpoint-known', { environment }));
  if (look.kind === 'unknown') return no(reason('endpoint-unreadable', { endpoint: endpointName, why: look.why }));
  const { endpoint, chain } = look.value;
  if (endpoint === null) return no(reason('no-endpoint', { environment }));
  if (endpoint.status !== 'InService' || endpoint.pendingConfigName !== null) {
    return no(reason('endpoint-busy', { environment, what: endpoint.words ?? endpoint.status }));
  }
  if (chain === null || chain.kind === 'unknown') {
    const words = chain === null ? 'its config was not read' : chain.why;
    return no(reason('endpoint-unreadable', { endpoint: endpointName, why: words }));
  }
  const target = adoptedTarget(endpoint.configName, chain.value);
  return yes(
    reason('endpoint-adopted', { endpoint: endpointName }),
    [
      {
        type: 'EndpointAdopted',
        environment,
        endpointName,
        arn: endpoint.arn,
        target,
        reason: reason('manual', { reason: why }),
      },
    ],
    null,
  );
}

/** `smoke staging|prod`: a run alone, which changes no gate. */
export function decideSmokeAlone(c: CommandContext, command: Extract<CoreCommand, { verb: 'smoke' }>): Verdict {
  const { environment, look } = command;
  const endpointName = c.settings.endpointNames[environment];
  const what = endpointBusy(c, environment);
  if (what !== null) return no(reason('endpoint-busy', { environment, what }));
  if (look.kind === 'unknown') return no(reason('endpoint-unreadable', { endpoint: endpointName, why: look.why }));
  const { endpoint } = look.value;
  if (endpoint === null && c.state.environments[environment].stopped !== null) return decideSmokeOfStopped(c);
  if (endpoint === null || !c.state.environments[environment].known) return no(reason('no-endpoint', { environment }));
  if (endpoint.status !== 'InService' || endpoint.pendingConfigName !== null) {
    return no(reason('endpoint-busy', { environment, what: endpoint.words ?? endpoint.status }));
  }
  return yes(
    reason('smoke-started', { environment }),
    [
      {
        type: 'SmokeStarted',
        environment,
        purpose: 'alone',
        rolloutId: null,
        configName: endpoint.configName,
        lastModified: endpoint.lastModified,
        longestMs: c.settings.smokeLongestMs,
      },
    ],
    null,
    [{ kind: 'smoke', environment, claim: c.state.seq + 1 }],
  );
}

function endpointBusy(c: CommandContext, environment: Environment): string | null {
  const e = c.state.environments[environment];
  if (e.deployment?.kind === 'stop') return STOPPING;
  if (e.deployment !== null || e.rollback !== null || e.intent !== null) return 'it is being changed';
  const testing = c.state.rollouts.some((r) => r.status === (environment === 'staging' ? 'testing' : 'verifying'));
  return e.smoke !== null || testing ? 'a smoke run is measuring it' : null;
}
