import { broughtBy } from './brought-by.ts';
import type { Environment, Target } from './candidate.ts';
import { type CommandContext, no, type Verdict, yes } from './decide-command.ts';
import type { Event } from './events.ts';
import { rollbackTarget, rollbackTargets, startGoingBack } from './going-back.ts';
import type { CoreCommand } from './input.ts';
import { killSwitch } from './kill-switch.ts';
import { without } from './mutations.ts';
import type { EndpointLook, Reading } from './observation.ts';
import { type Reason, reason } from './reasons.ts';
import type { EnvironmentState } from './state.ts';

type RollbackCommand = Extract<CoreCommand, { verb: 'rollback' }>;
type Choice = { readonly kind: 'target'; readonly target: Target } | { readonly kind: 'no'; readonly reason: Reason };

/** Acts at once and without a second approval; no hold stops it. */
export function decideRollback(c: CommandContext, command: RollbackCommand): Verdict {
  const { environment } = command;
  const e = c.state.environments[environment];
  const another = runsAnother(e, command);
  const choice = choose(c, command);
  if (choice.kind === 'no') {
    const running = e.deployment?.kind === 'rollout' && e.deployment.abort === null && e.stack.length === 0;
    const plain = command.toVersion === null && command.furtherThan === null && another === null;
    return running && plain
      ? stopOnly(c, command)
      : no(choice.reason, e.rollback?.id ?? e.returned?.rollbackId ?? null);
  }
  if (another !== null) return no(another);
  const { target } = choice;
  const asked = { environment, target, cause: 'asked', by: c.who, reason: reasonGiven(c, command) } as const;
  const switched = killSwitch(environment, e, c.settings.mutations);
  const events = [...endWhatRuns(c, command), ...startGoingBack(c.state, asked), ...switched];
  const subject = `${c.state.service}-${c.state.seq + 1}`;
  const params = { environment, version: target.version ?? target.configName };
  if (e.intent !== null) {
    return yes(reason('rollback-waits', { ...params, why: 'a call has no known outcome yet' }), events, subject);
  }
  if (switched.length > 0) {
    const effect = { kind: 'trip', environment, intent: c.state.seq + 1 } as const;
    return yes(reason('rollback-by-kill-switch', params), events, subject, [effect]);
  }
  if (e.deployment?.followed != null) {
    return yes(
      reason('rollback-waits', { ...params, why: e.deployment.words ?? 'an update is under way' }),
      events,
      subject,
    );
  }
  return yes(reason('rollback-started', params), events, subject);
}

/** Whoever named what is to be left did not mean what has come since; null: nobody did, or it runs. */
function runsAnother(e: EnvironmentState, { environment, leaving }: RollbackCommand): Reason | null {
  const runs = broughtBy(e);
  if (leaving === undefined || leaving === runs) return null;
  return reason('runs-another', { environment, rollout: leaving, runs: runs ?? 'no rollout' });
}

/** What was said, and by which reading of the groups it was allowed if not by one of now. */
function reasonGiven({ input }: CommandContext, { reason }: RollbackCommand): string | null {
  const lastKnown = input.standing.kind === 'member' && input.standing.lastKnown;
  const how = lastKnown ? ['Slack could not be read, the last known membership counted'] : [];
  return [...(reason === null ? [] : [reason]), ...how].join('; ') || null;
}

function choose(c: CommandContext, command: RollbackCommand): Choice {
  const { environment, toVersion, furtherThan } = command;
  const e = c.state.environments[environment];
  const refuse = (why: Reason): Choice => ({ kind: 'no', reason: why });
  if (toVersion !== null) {
    const failed =
      e.deployment !== null && without(c.settings.mutations, 'rollback-to-what-failed') ? [e.deployment.target] : [];
    const targets = [...rollbackTargets(e), ...failed];
    const target = targets.find((t) => t.version === toVersion);
    if (target !== undefined && e.rollback?.target.configName !== target.configName) return { kind: 'target', target };
    if (target !== undefined) return refuse(alreadyGoing(e, environment));
    const names = targets.map((t) => String(t.version ?? t.configName)).join(', ') || 'none';
    return refuse(reason('not-a-rollback-target', { version: toVersion, environment, targets: names }));
  }
  if (e.rollback !== null) return refuse(alreadyGoing(e, environment));
  if (furtherThan !== null && e.returned?.rollbackId !== furtherThan) {
    return refuse(e.returned === null ? reason('nothing-to-go-back-to', { environment }) : alreadyBack(e, environment));
  }
  if (furtherThan === null && e.returned !== null && e.settled && e.deployment === null)
    return refuse(alreadyBack(e, environment));
  const target = rollbackTarget(e);
  return target === null ? refuse(reason('nothing-to-go-back-to', { environment })) : { kind: 'target', target };
}

function alreadyGoing(e: EnvironmentState, environment: Environment): Reason {
  const version = e.rollback?.target.version ?? e.rollback?.target.configName ?? '?';
  return reason('already-going-back', { environment, version, by: e.rollback?.by ?? 'titanic' });
}

function alreadyBack(e: EnvironmentState, environment: Environment): Reason {
  const version = e.returned?.target.version ?? e.returned?.target.configName ?? '?';
  return reason('already-back', { environment, version, by: e.returned?.by ?? 'titanic' });
}

/** The running change is marked to be aborted, the rollout behind it ends, an earlier rollback gives way. */
function endWhatRuns(c: CommandContext, command: RollbackCommand): readonly Event[] {
  const { environment } = command;
  const { deployment, rollback } = c.state.environments[environment];
  const why = reason('rolled-back-by', { by: c.who, reason: reasonGiven(c, command) ?? 'a rollback was asked for' });
  const events: Event[] = [];
  if (deployment !== null) events.push({ type: 'DeploymentAbortMarked', environment, deployment: deployment.id, why });
  if (rollback !== null) {
    events.push({ type: 'RollbackEnded', rollbackId: rollback.id, environment, reached: false, reason: why });
  }
  const statuses =
    environment === 'prod' ? ['prod', 'verifying'] : ['staging', 'testing', 'tested', 'held', 'gate', 'approved'];
  const because = environment === 'prod' ? why : reason('staging-rolled-back', { by: c.who });
  for (const r of c.state.rollouts) {
    if (!statuses.includes(r.status)) continue;
    events.push({ type: 'RolloutEnded', rolloutId: r.id, outcome: 'rolled-back', reason: because, by: c.who });
  }
  return events;
}

/** A first deployment has nothing before it: it is stopped, and that is all. */
function stopOnly(c: CommandContext, command: RollbackCommand): Verdict {
  const { environment } = command;
  return yes(reason('stopping-only', { environment }), endWhatRuns(c, command), null);
}

/** A Failed prod endpoint: delete it and create it with the last that succeeded. */
export function decideRecreate(c: CommandContext, look: Reading<EndpointLook>): Verdict {
  const e = c.state.environments.prod;
  const endpoint = c.settings.endpointNames.prod;
  if (look.kind === 'unknown') return no(reason('endpoint-unreadable', { endpoint, why: look.why }));
  if (look.value.endpoint?.status !== 'Failed') return no(reason('endpoint-not-failed'));
  if (e.rollback !== null) return no(alreadyGoing(e, 'prod'));
  if (e.deployment !== null || e.intent !== null)
    return no(reason('prod-busy', { what: e.deployment?.owner ?? 'an open call' }));
  const target = e.stack.at(-1);
  if (target === undefined) return no(reason('nothing-to-go-back-to', { environment: 'prod' }));
  const events = startGoingBack(c.state, {
    environment: 'prod',
    target,
    cause: 'recreate',
    by: c.who,
    reason: 'the endpoint was Failed',
    recreate: true,
  });
  return yes(
    reason('recreate-started', { version: target.version ?? target.configName }),
    events,
    `${c.state.service}-${c.state.seq + 1}`,
  );
}
