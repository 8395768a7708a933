import type { FleetFinding, FleetsSeen, FleetVerdict } from './analysis.ts';
import type { WaitingToStage } from './auto-stage-events.ts';
import type { Environment, Target } from './candidate.ts';
import type { CleanupTarget, Deletion, ResourceKind } from './cleanup.ts';
import type { CleanupOutcome } from './cleanup-events.ts';
import type { Baseline, DeploymentKind, EndpointCall, RollbackCause, SmokePurpose, SmokeResult } from './events.ts';
import type { AlarmState } from './guard-events.ts';
import type { ModelApprovalOutcome } from './model-events.ts';
import type { ModelFacts } from './model-facts.ts';
import type { Reason } from './reasons.ts';
import type { Reminded } from './reminder-events.ts';
import type { EndedRollout, LiveRollout, Review } from './rollout-state.ts';
import type { Took } from './usual-time.ts';

export type {
  Approval,
  BrokenGlass,
  EndedRollout,
  Gate,
  LiveRollout,
  Review,
  Rollout,
} from './rollout-state.ts';

/** Changed whenever the state's shape changes; a snapshot of another shape is thrown away. */
export const STATE_SHAPE = 8;

/** The fold of a service's log. Plain JSON: what a snapshot stores. */
export interface ServiceState {
  readonly service: string;
  /** Of the last entry folded; 0 and '' before the first. */
  readonly seq: number;
  readonly hash: string;
  readonly environments: Readonly<Record<Environment, EnvironmentState>>;
  /** Rollouts that have not ended, oldest first. At most one before prod and one that changes prod. */
  readonly rollouts: readonly LiveRollout[];
  /** The last ones that ended, newest first, bounded by ENDED_KEPT. */
  readonly ended: readonly EndedRollout[];
  /** Rollbacks that ended, newest first, bounded by ENDED_KEPT. */
  readonly endedRollbacks: readonly Rollback[];
  /** Where the glass was broken and no other approver has signed it off yet, oldest first. */
  readonly reviews: readonly Review[];
  /** Questions to approvers about model packages that are not over. */
  readonly approvals: readonly ModelApproval[];
  /** Those that are, newest first, bounded by APPROVALS_KEPT. */
  readonly endedApprovals: readonly ModelApproval[];
  /** Packages that were approved through titanic, newest first, bounded by PACKAGES_KEPT. */
  readonly approvedPackages: readonly { readonly packageArn: string; readonly by: string }[];
  /** The last time that what prod ran was rejected in the registry; `over` once it runs something else. */
  readonly rejectedInProd: RejectedInProd | null;
  /** The clean-up that is not over. */
  readonly cleanup: Cleanup | null;
  /** Clean-ups that ended, newest first, bounded by CLEANUPS_KEPT, without what they listed. */
  readonly endedCleanups: readonly Cleanup[];
  /** By group of packages, the highest version that a rollout ever began with. */
  readonly staged: Readonly<Record<string, number>>;
  /** Rollouts to staging that nobody asks for. */
  readonly autoStage: {
    /** The last time of the schedule that led to one, or to one that waits (ISO 8601). */
    readonly tick: string | null;
    readonly waiting: WaitingToStage | null;
  };
  /** Keys of commands that changed something, for COMMAND_KEY_HOURS. */
  readonly commandKeys: readonly { readonly key: string; readonly at: string; readonly reason: Reason | null }[];
}

export const ENDED_KEPT = 20;
export const CLEANUPS_KEPT = 5;
export const APPROVALS_KEPT = 10;
export const PACKAGES_KEPT = 50;
export const COMMAND_KEY_HOURS = 1;

export interface EnvironmentState {
  /** The log knows the endpoint: titanic created it or adopted it. */
  readonly known: boolean;
  /** Deployments that succeeded and were not rolled back from, oldest first; the last one is what runs. Bounded by STACK_KEPT. */
  readonly stack: readonly StackedTarget[];
  readonly deployment: Deployment | null;
  readonly intent: OpenIntent | null;
  /** Entry of the last recorded outcome of a call; observations count only some time after it was first seen. */
  readonly lastOutcomeSeq: number | null;
  readonly rollback: Rollback | null;
  /** The endpoint is known to run the top of the stack; false from the first call of a change until one has succeeded. */
  readonly settled: boolean;
  /** Seen as Failed at the end of a deployment; AWS allows only its deletion. */
  readonly endpointFailed: boolean;
  /** The last rollback while the environment is held by it, so that a second one does not go further by accident. */
  readonly returned: { readonly rollbackId: string; readonly by: string | null; readonly target: Target } | null;
  readonly smoke: SmokeClaim | null;
  readonly holds: readonly Hold[];
  /** The last smoke result here by purpose, for the baseline that cards show. Without its histogram. */
  readonly baseline: SmokeResult | null;
  /** The last changes that succeeded and how long each took, newest first, bounded: what to expect of the next. */
  readonly took: readonly Took[];
  /** The last end of a deployment, rollback or smoke run here (ISO 8601); null: there was none. */
  readonly usedAt: string | null;
  /** The endpoint was deleted because nobody used it; what runs is then what comes back. null: it was not. */
  readonly stopped: Stopped | null;
}

/** An endpoint that was deleted because nobody used it. Instants are ISO 8601. */
export interface Stopped {
  readonly at: string;
  readonly usedAt: string;
  /** The endpoint's LastModifiedTime right before; null: it was not seen. */
  readonly lastModified: string | null;
}

export const STACK_KEPT = 20;

export interface StackedTarget extends Target {
  /** Entry of the DeploymentSucceeded. */
  readonly since: number;
  readonly at: string;
}

/** One change of one endpoint. */
export interface Deployment {
  /** Seq of its DeploymentStarted. */
  readonly id: number;
  readonly kind: DeploymentKind;
  readonly owner: string;
  readonly target: Target;
  readonly startedAt: string;
  readonly deadlineAt: string;
  readonly prepared: boolean;
  /** The last call that was accepted or landed, whose effect is being followed; null before and after a delete. */
  readonly followed: {
    readonly call: EndpointCall;
    readonly baseline: Baseline;
    readonly outcomeSeq: number;
    /** When the call was intended. ISO 8601. */
    readonly since: string;
  } | null;
  readonly refusals: number;
  /** ISO 8601; no new intent before. */
  readonly notBefore: string | null;
  readonly abort: Reason | null;
  readonly overdue: boolean;
  readonly words: string | null;
  /** Since when SageMaker says that, as far as it was seen. ISO 8601. */
  readonly wordsAt: string | null;
  /** Of a stop: since when nobody used it, and how long is too long. */
  readonly idle?: { readonly usedAt: string; readonly afterHours: number };
  /** How the alarms of a guarded change stood when that was last recorded; absent: nothing of it is. */
  readonly alarms?: readonly AlarmState[];
  /** Names of those that were on at any time, in the order in which they went on; absent: none was. */
  readonly wentOff?: readonly string[];
  /** All traffic is on the new fleet; the old one is kept until then. */
  readonly serving?: { readonly at: string; readonly until: string };
  /** How its fleets compared when that was last recorded; absent: never. */
  readonly analysis?: FleetAnalysis;
  /** The last time that its kill switch was to be set; absent: never. */
  readonly trip?: {
    /** Seq of its KillSwitchIntended. */
    readonly seq: number;
    readonly at: string;
    readonly tries: number;
    readonly refusals: number;
    /** What became of it, and the entry that says so. */
    readonly decided: { readonly kind: 'accepted' | 'refused' | 'withdrawn'; readonly seq: number } | null;
  };
}

/** titanic's own judgement of a guarded change, as last recorded. */
export interface FleetAnalysis {
  readonly at: string;
  readonly verdict: FleetVerdict;
  readonly findings: readonly FleetFinding[];
  readonly fleets: FleetsSeen | null;
  readonly why: string | null;
  /** When prod goes back by itself (ISO 8601); null: it does not. */
  readonly dueAt: string | null;
  /** Who answered for waiting; null: nobody did yet. */
  readonly snoozed: { readonly by: string; readonly reason: string; readonly at: string } | null;
}

/** A call whose outcome is not recorded. While it stands, nothing else that changes the endpoint is intended. */
export interface OpenIntent {
  /** Seq of its CallIntended. */
  readonly seq: number;
  readonly at: string;
  readonly deployment: number;
  readonly call: EndpointCall;
  readonly baseline: Baseline;
  /** `settled` as it was before: what it is again if nothing was sent. */
  readonly settledBefore: boolean;
}

export interface SmokeClaim {
  /** Seq of its SmokeStarted. */
  readonly claim: number;
  readonly at: string;
  readonly purpose: SmokePurpose;
  readonly rolloutId: string | null;
  readonly configName: string;
  readonly lastModified: string;
  readonly longestMs: number;
}

export interface Hold {
  /** Seq of its HoldPlaced. */
  readonly id: number;
  readonly kind: 'lock' | 'after-rollback' | 'check';
  readonly by: string | null;
  readonly reason: string;
  readonly until: string | null;
  readonly at: string;
}

export interface Rollback {
  readonly id: string;
  readonly environment: Environment;
  readonly cause: RollbackCause;
  readonly target: Target;
  readonly leaving: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly recreate: boolean;
  readonly at: string;
  readonly ended: { readonly at: string; readonly reached: boolean; readonly reason: Reason } | null;
}

/** A question to approvers: is this package fit? */
export interface ModelApproval {
  readonly id: string;
  readonly packageArn: string;
  readonly version: number;
  readonly facts: ModelFacts;
  readonly beside: ModelFacts | null;
  readonly requester: string | null;
  readonly githubUser: string | null;
  readonly note: string | null;
  readonly deploys: boolean;
  readonly unchecked: boolean;
  readonly askedAt: string;
  readonly expiresAt: string;
  readonly reminded?: Reminded;
  readonly verdict: {
    readonly approve: boolean;
    readonly by: string;
    readonly reason: string | null;
    readonly at: string;
  } | null;
  /** A call to the registry whose outcome is not recorded. */
  readonly intent: { readonly seq: number } | null;
  /** The registry has taken it. */
  readonly registered: boolean;
  readonly tries: number;
  /** ISO 8601; no new call before. Once it is registered: since when. */
  readonly notBefore: string | null;
  readonly ended: {
    readonly at: string;
    readonly outcome: ModelApprovalOutcome;
    readonly reason: Reason;
    readonly by: string | null;
  } | null;
}

export interface RejectedInProd {
  readonly id: string;
  readonly packageArn: string;
  readonly version: number;
  /** null: outside of titanic. */
  readonly by: string | null;
  readonly at: string;
  readonly over: boolean;
}

/** A plan that was shown, and what became of it. */
export interface Cleanup {
  readonly id: string;
  readonly target: CleanupTarget;
  readonly digest: string;
  readonly by: string;
  readonly at: string;
  readonly expiresAt: string;
  readonly confirmed: { readonly by: string; readonly at: string; readonly deadlineAt: string } | null;
  /** How many things the plan deletes; `left` are those that are not gone yet. */
  readonly total: number;
  readonly left: readonly Deletion[];
  readonly kept: readonly { readonly kind: ResourceKind; readonly name: string; readonly because: string }[];
  readonly keptMore: number;
  /** What the plan meant to delete and could not, with why. */
  readonly notDeleted: readonly { readonly kind: ResourceKind; readonly name: string; readonly why: string }[];
  /** Whose endpoint goes, and how far that is. */
  readonly removals: Readonly<Partial<Record<Environment, 'open' | 'removed' | Reason>>>;
  /** A round whose results are not recorded. */
  readonly round: { readonly seq: number; readonly deletions: readonly Deletion[] } | null;
  /** ISO 8601; no new round before. */
  readonly notBefore: string | null;
  /** Rounds in a row that got nowhere; absent: none. Only the pace depends on it. */
  readonly fruitless?: number;
  readonly stopAskedBy: string | null;
  readonly ended: {
    readonly at: string;
    readonly outcome: CleanupOutcome;
    readonly reason: Reason;
    readonly by: string | null;
  } | null;
}

function emptyEnvironment(): EnvironmentState {
  return {
    known: false,
    settled: true,
    endpointFailed: false,
    stack: [],
    deployment: null,
    intent: null,
    lastOutcomeSeq: null,
    rollback: null,
    returned: null,
    smoke: null,
    holds: [],
    baseline: null,
    took: [],
    usedAt: null,
    stopped: null,
  };
}

export function initialState(service: string): ServiceState {
  return {
    service,
    seq: 0,
    hash: '',
    environments: { staging: emptyEnvironment(), prod: emptyEnvironment() },
    rollouts: [],
    ended: [],
    endedRollbacks: [],
    reviews: [],
    approvals: [],
    endedApprovals: [],
    approvedPackages: [],
    rejectedInProd: null,
    cleanup: null,
    endedCleanups: [],
    staged: {},
    autoStage: { tick: null, waiting: null },
    commandKeys: [],
  };
}
