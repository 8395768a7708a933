import type { Trigger } from '../../src/rollout/auto-stage-events.ts';
import type { Environment } from '../../src/rollout/candidate.ts';
import type { CleanupTarget, Planned } from '../../src/rollout/cleanup.ts';
import type { CoreCommand } from '../../src/rollout/input.ts';
import { known, type PackageSeen, type Reading } from '../../src/rollout/observation.ts';
import type { Reason } from '../../src/rollout/reasons.ts';
import { type Sealing, seal } from '../../src/rollout/seal.ts';
import { planFor } from './cleanup-facts.ts';
import { candidate, PLANS, packageSeen } from './rollout-facts.ts';
import type { Shown } from './sights.ts';
import type { Story } from './story.ts';

/** Something that can be said; what a command needs to know of the outside is read off the story. */
export type Saying = (story: Story) => CoreCommand;

/** In whose name a pipeline deploys. */
interface InTheNameOf {
  readonly requestedBy?: string;
  readonly githubUser?: string;
}

export function deploy(version: number, about: InTheNameOf & { readonly shown?: Shown } = {}): Saying {
  const { shown, ...inTheNameOf } = about;
  return (story) => ({
    verb: 'deploy',
    note: null,
    choice: { kind: 'sealed', candidate: candidate(version) },
    staging: story.look('staging', shown),
    ...inTheNameOf,
  });
}

/** What titanic asks of itself. */
export function deployItself(
  version: number,
  trigger: Trigger = { kind: 'package' },
  choice: Sealing = { kind: 'sealed', candidate: candidate(version) },
): Saying {
  const { packageArn } = candidate(version);
  const automatic = { packageArn, version, trigger };
  return (story) => ({ verb: 'deploy', note: null, choice, staging: story.look('staging'), automatic });
}

export function deployProblem(reason: Reason): Saying {
  return (story) => ({
    verb: 'deploy',
    note: null,
    choice: { kind: 'problem', reason },
    staging: story.look('staging'),
  });
}

/** Somebody answers for waiting with a prod whose new fleet is worse. */
export function snooze(reason = 'known', rolloutId: string | null = null): Saying {
  return () => ({ verb: 'snooze', rolloutId, reason });
}

/** An approver answers for a record that was changed at these entries. */
export function acknowledge(seqs: readonly number[] = [2], reason = 'compared with the backup'): Saying {
  const breaks = seqs.map((seq) => ({ seq, hash: 'sha256:x', why: 'an entry is missing' }));
  return () => ({ verb: 'acknowledge-break', reason, breaks });
}

export function promote(
  rolloutId: string | null = null,
  how: { readonly inMs?: number; readonly breakGlass?: string } = {},
): Saying {
  const { inMs, breakGlass } = how;
  return ({ nowMs }) => ({
    verb: 'promote',
    rolloutId,
    ...(inMs === undefined ? {} : { atMs: nowMs + inMs }),
    ...(breakGlass === undefined ? {} : { breakGlass }),
  });
}

export function breakGlass(why = 'passengers wait'): Saying {
  return promote(null, { breakGlass: why });
}

export function withdraw(rolloutId: string | null = null): Saying {
  return () => ({ verb: 'withdraw', rolloutId });
}

export function review(rolloutId: string, note = 'it was needed'): Saying {
  return () => ({ verb: 'review', rolloutId, note });
}

export function reject(rolloutId: string | null = null, reason: string | null = null): Saying {
  return () => ({ verb: 'reject', rolloutId, reason });
}

export function cancel(rolloutId: string | null = null): Saying {
  return () => ({ verb: 'cancel', rolloutId });
}

export function rollback(
  environment: Environment = 'prod',
  about: {
    readonly to?: number;
    readonly furtherThan?: string;
    readonly reason?: string;
    readonly leaving?: string;
  } = {},
): Saying {
  const { to = null, furtherThan = null, reason = null, leaving } = about;
  const only = leaving === undefined ? {} : { leaving };
  return () => ({ verb: 'rollback', environment, toVersion: to, reason, furtherThan, ...only });
}

export function recreate(shown?: Shown): Saying {
  return (story) => ({ verb: 'recreate', look: story.look('prod', shown) });
}

export function lock(environment: Environment, forSeconds: number | null = null, reason = 'audit'): Saying {
  return () => ({ verb: 'lock', environment, forSeconds, reason });
}

export function unlock(environment: Environment, reason = 'audit is over'): Saying {
  return () => ({ verb: 'unlock', environment, reason });
}

export function smoke(environment: Environment, shown?: Shown): Saying {
  return (story) => ({ verb: 'smoke', environment, look: story.look(environment, shown) });
}

export function smokeAgain(rolloutId?: string): Saying {
  return (story) => ({ verb: 'smoke-again', rolloutId: rolloutId ?? story.subject });
}

export function giveUp(rolloutId?: string): Saying {
  return (story) => ({ verb: 'give-up', rolloutId: rolloutId ?? story.subject });
}

export function adopt(environment: Environment, shown?: Shown, reason = 'it is ours'): Saying {
  return (story) => ({ verb: 'adopt', environment, reason, look: story.look(environment, shown) });
}

interface Planning {
  /** What is planned, if not what the story's own account leads to. */
  readonly plan?: Reading<Planned>;
  readonly confirm?: string;
}

export function cleanup(target: CleanupTarget = 'all', about: Planning = {}): Saying {
  return (story) => ({
    verb: 'cleanup',
    target,
    confirm: about.confirm ?? null,
    plan: about.plan ?? known(planFor(story, target)),
  });
}

export function confirmCleanup(about: Planning & { readonly id?: string } = {}): Saying {
  return (story) => ({
    verb: 'confirm-cleanup',
    cleanupId: about.id ?? story.state.cleanup?.id ?? 'survival-999',
    plan: about.plan ?? known(planFor(story, story.state.cleanup?.target ?? 'all')),
  });
}

export function stopCleanup(id?: string): Saying {
  return (story) => ({ verb: 'stop-cleanup', cleanupId: id ?? story.state.cleanup?.id ?? 'survival-999' });
}

export const PENDING = { approval: 'PendingManualApproval' } as const;

/** A deploy of a version that is pending in the registry. */
export function deployPending(version: number, inTheNameOf: InTheNameOf = {}): Saying {
  return (story) => ({
    verb: 'deploy',
    note: null,
    choice: seal(packageSeen(version, PENDING), PLANS),
    staging: story.look('staging'),
    beside: null,
    ...inTheNameOf,
  });
}

interface Judging {
  readonly id?: string | null;
  readonly reason?: string;
  /** What the registry says of it; pending, unless something else is said. */
  readonly found?: Reading<PackageSeen | null>;
}

function judgeModel(verb: 'approve-model' | 'reject-model', { id, reason = 'too young', found }: Judging): Saying {
  return ({ state: { approvals } }) => {
    const approvalId = id === undefined ? (approvals.at(-1)?.id ?? null) : id;
    const version = approvals.find((a) => a.id === approvalId)?.version ?? 9;
    const pending = known(packageSeen(version, PENDING));
    return { verb, approvalId, version: approvalId === null ? version : null, reason, found: found ?? pending };
  };
}

export function approveModel(about: Judging = {}): Saying {
  return judgeModel('approve-model', about);
}

export function rejectModel(about: Judging = {}): Saying {
  return judgeModel('reject-model', about);
}

export function leaveRejected(id?: string): Saying {
  return (story) => ({ verb: 'leave-rejected', alarmId: id ?? story.state.rejectedInProd?.id ?? 'survival-999' });
}
