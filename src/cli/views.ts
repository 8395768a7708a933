import { ENVIRONMENTS, type Environment, type Target } from '../rollout/candidate.ts';
import type { CleanupTarget } from '../rollout/cleanup.ts';
import { doingOf } from '../rollout/decide-cleanup.ts';
import { minute } from '../rollout/entry-words.ts';
import type { DeploymentKind } from '../rollout/events.ts';
import { activeHolds, doing } from '../rollout/gates.ts';
import { sentence } from '../rollout/reasons.ts';
import { runsSince } from '../rollout/runs-since.ts';
import type { Cleanup, ModelApproval, Rollback, Rollout, ServiceState } from '../rollout/state.ts';
import { plain, type ReasonView, reasonView } from './answers.ts';

/** What the command line says about the state: the same facts for people and for `--json`. */

export interface TargetView {
  readonly version: number | null;
  readonly configName: string;
  readonly packageArn: string | null;
  readonly rollout: string | null;
}

export interface RolloutView {
  readonly id: string;
  readonly version: number;
  readonly status: Rollout['status'];
  readonly outcome: string | null;
  readonly requester: string | null;
  readonly githubUser: string | null;
  readonly note: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly approvals: { readonly by: readonly string[]; readonly need: number; readonly expiresAt: string } | null;
  readonly waitsFor: ReasonView | null;
  readonly reason: ReasonView | null;
}

export interface RollbackView {
  readonly id: string;
  readonly environment: Environment;
  readonly target: TargetView;
  readonly by: string | null;
  readonly why: string | null;
  readonly startedAt: string;
  readonly ended: { readonly at: string; readonly reached: boolean; readonly reason: ReasonView } | null;
}

export interface EnvironmentView {
  readonly environment: Environment;
  readonly runs: (TargetView & { readonly since: string }) | null;
  /** The endpoint was deleted because nobody used it, and `runs` is what comes back; null: it was not. */
  readonly stopped: { readonly since: string; readonly usedAt: string } | null;
  readonly change: {
    readonly kind: DeploymentKind;
    readonly owner: string;
    readonly to: TargetView;
    readonly words: string | null;
  } | null;
  readonly holds: readonly { readonly by: string | null; readonly reason: string; readonly until: string | null }[];
}

export interface StatusView {
  readonly service: string;
  readonly entries: number;
  readonly environments: readonly EnvironmentView[];
  readonly rollouts: readonly RolloutView[];
  readonly modelApprovals: readonly ModelApprovalView[];
  readonly cleanup: CleanupView | null;
}

/** A model package that approvers were asked about, and how far that is. */
export interface ModelApprovalView {
  readonly id: string;
  readonly version: number;
  readonly requester: string | null;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly decided: { readonly by: string; readonly approve: boolean; readonly at: string } | null;
}

export interface CleanupView {
  readonly id: string;
  readonly target: CleanupTarget;
  readonly by: string;
  readonly at: string;
  readonly confirmedBy: string | null;
  readonly doing: string;
}

export function statusView(state: ServiceState, nowMs: number): StatusView {
  return {
    service: state.service,
    entries: state.seq,
    environments: ENVIRONMENTS.map((environment) => environmentView(state, environment, nowMs)),
    rollouts: state.rollouts.map(rolloutView),
    modelApprovals: state.approvals.map(approvalView),
    cleanup: state.cleanup === null ? null : cleanupView(state.cleanup),
  };
}

function approvalView({ id, version, requester, askedAt, expiresAt, verdict }: ModelApproval): ModelApprovalView {
  const decided = verdict === null ? null : { by: verdict.by, approve: verdict.approve, at: verdict.at };
  return { id, version, requester, askedAt, expiresAt, decided };
}

function cleanupView(cleanup: Cleanup): CleanupView {
  const { id, target, by, at, confirmed } = cleanup;
  return { id, target, by, at, confirmedBy: confirmed?.by ?? null, doing: doingOf(cleanup) };
}

function environmentView(state: ServiceState, environment: Environment, nowMs: number): EnvironmentView {
  const { stack, deployment, stopped } = state.environments[environment];
  const runs = stack.at(-1);
  return {
    environment,
    runs: runs === undefined ? null : { ...targetView(runs), since: runsSince(state, environment, runs) },
    stopped: stopped === null ? null : { since: stopped.at, usedAt: stopped.usedAt },
    change:
      deployment === null
        ? null
        : {
            kind: deployment.kind,
            owner: deployment.owner,
            to: targetView(deployment.target),
            words: deployment.words,
          },
    holds: activeHolds(state, environment, nowMs).map(({ by, reason, until }) => ({ by, reason, until })),
  };
}

function targetView({ version, configName, packageArn, rolloutId }: Target): TargetView {
  return { version, configName, packageArn, rollout: rolloutId };
}

export function rolloutView(rollout: Rollout): RolloutView {
  const { id, candidate, status, requester, githubUser, note, startedAt, waiting, quorum } = rollout;
  const gate = 'gate' in rollout ? rollout.gate : null;
  return {
    id,
    version: candidate.version,
    status,
    outcome: rollout.status === 'ended' ? rollout.outcome : null,
    requester,
    githubUser,
    note,
    startedAt,
    endedAt: rollout.status === 'ended' ? rollout.endedAt : null,
    approvals: gate === null ? null : { by: gate.approvals.map((a) => a.by), need: quorum, expiresAt: gate.expiresAt },
    waitsFor: waiting === null ? null : reasonView(waiting),
    reason: rollout.status === 'ended' ? reasonView(rollout.reason) : null,
  };
}

export function rollbackView(rollback: Rollback): RollbackView {
  const { id, environment, target, by, reason, at, ended } = rollback;
  return {
    id,
    environment,
    target: targetView(target),
    by,
    why: reason,
    startedAt: at,
    ended: ended === null ? null : { at: ended.at, reached: ended.reached, reason: reasonView(ended.reason) },
  };
}

/** Where a rollout stands, in one line. */
export function rolloutWords(rollout: Rollout): string {
  if (rollout.status === 'ended') return `${rollout.outcome}: ${plain(sentence(rollout.reason))}`;
  const words = doing(rollout);
  if (rollout.status !== 'gate') return words;
  const { approvals, expiresAt } = rollout.gate;
  return `${words}: ${approvals.length} of ${rollout.quorum}, until ${minute(expiresAt)}`;
}
