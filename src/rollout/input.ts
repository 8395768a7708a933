import type { Trigger } from './auto-stage-events.ts';
import type { Candidate, Environment } from './candidate.ts';
import type { CleanupTarget, DeletionResult, Planned } from './cleanup.ts';
import type { Actor, BrokenPlace, CallOutcome, Event, EventOf, SmokeLook, SmokeResult } from './events.ts';
import type { RegistryOutcome } from './model-events.ts';
import type { ModelFacts } from './model-facts.ts';
import type { Mutations } from './mutations.ts';
import type { EndpointLook, Observation, PackageSeen, Reading } from './observation.ts';
import type { Reason } from './reasons.ts';
import type { Sealing } from './seal.ts';
import type { AlarmPlan } from './strategy.ts';

/** Where a person stands, decided on the server from the signed user id alone. */
export type Standing =
  | {
      readonly kind: 'member';
      readonly approver: boolean;
      /** Of the group of which one approval must be; absent: not, or there is none. */
      readonly mandatory?: boolean;
      readonly operator: boolean /** Slack could not be read and the last known membership counts: rollback only. */;
      readonly lastKnown: boolean;
    }
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** A rollout to staging that nobody asks for: of which package, and why now. */
export interface Automatic {
  readonly packageArn: string;
  readonly version: number;
  readonly trigger: Trigger;
}

/** The gate's yes, of one person. */
export interface PromoteRequest {
  readonly verb: 'promote';
  readonly rolloutId: string | null;
  /** Not before, in milliseconds since 1970; absent: at once. */
  readonly atMs?: number;
  /** Alone, past locks, freezes and the quorum, for this reason. */
  readonly breakGlass?: string;
}

/** Commands as the core knows them: words and clicks are both translated to these. */
export type CoreCommand =
  | {
      readonly verb: 'deploy';
      readonly note: string | null;
      readonly choice: Sealing;
      readonly staging: Reading<EndpointLook>;
      /** What prod runs, to stand beside the package. */
      readonly beside?: ModelFacts | null;
      /** Slack id for whom a pipeline deploys. */
      readonly requestedBy?: string;
      /** The GitHub login in whose name a pipeline runs. */
      readonly githubUser?: string;
      /** Nobody has checked that they exist: one more approval is needed, as for nobody. */
      readonly unchecked?: boolean;
      /** titanic's own; absent: somebody asks for it. */
      readonly automatic?: Automatic;
    }
  | PromoteRequest
  | { readonly verb: 'withdraw'; readonly rolloutId: string | null }
  /** Another approver has looked at what was taken to prod past what stood in the way. */
  | { readonly verb: 'review'; readonly rolloutId: string; readonly note: string }
  | { readonly verb: 'reject'; readonly rolloutId: string | null; readonly reason: string | null }
  | { readonly verb: 'cancel'; readonly rolloutId: string | null }
  | {
      readonly verb: 'rollback';
      readonly environment: Environment;
      readonly toVersion: number | null;
      readonly reason: string | null /** The button "One further back" of this rollback's card. */;
      readonly furtherThan: string | null;
      /** The rollout that is to be left; absent: whatever runs. */
      readonly leaving?: string;
    }
  | { readonly verb: 'recreate'; readonly look: Reading<EndpointLook> }
  | {
      readonly verb: 'lock';
      readonly environment: Environment;
      readonly forSeconds: number | null;
      readonly reason: string;
    }
  | { readonly verb: 'unlock'; readonly environment: Environment; readonly reason: string }
  | { readonly verb: 'smoke'; readonly environment: Environment; readonly look: Reading<EndpointLook> }
  | { readonly verb: 'smoke-again'; readonly rolloutId: string }
  | { readonly verb: 'give-up'; readonly rolloutId: string }
  | {
      readonly verb: 'adopt';
      readonly environment: Environment;
      readonly reason: string;
      readonly look: Reading<EndpointLook>;
    }
  | { readonly verb: 'snooze'; readonly rolloutId: string | null; readonly reason: string }
  | { readonly verb: 'acknowledge-break'; readonly reason: string; readonly breaks: readonly BrokenPlace[] }
  | {
      readonly verb: 'approve-model' | 'reject-model';
      readonly approvalId: string | null;
      readonly version: number | null;
      readonly reason: string | null;
      readonly found: Reading<PackageSeen | null>;
    }
  /** Away from a model that was rejected while prod ran it. */
  | { readonly verb: 'leave-rejected'; readonly alarmId: string }
  | {
      readonly verb: 'cleanup';
      readonly target: CleanupTarget;
      /** From the command line: the digest or the phrase of the plan that was printed. */
      readonly confirm: string | null;
      readonly plan: Reading<Planned>;
    }
  | { readonly verb: 'confirm-cleanup'; readonly cleanupId: string; readonly plan: Reading<Planned> }
  | { readonly verb: 'stop-cleanup'; readonly cleanupId: string };

export type Input =
  | {
      readonly kind: 'command';
      readonly command: CoreCommand;
      readonly actor: Actor;
      readonly standing: Standing;
      readonly key: string;
    }
  | { readonly kind: 'observed'; readonly observation: Observation }
  | { readonly kind: 'refusals-counted'; readonly counts: readonly { readonly by: string; readonly count: number }[] }
  | {
      readonly kind: 'prepared';
      readonly environment: Environment;
      readonly deployment: number;
      readonly result: PrepareResult;
    }
  | {
      readonly kind: 'call-decided';
      readonly environment: Environment;
      readonly intent: number;
      readonly outcome: CallOutcome;
    }
  | {
      readonly kind: 'kill-switch-decided';
      readonly environment: Environment;
      readonly intent: number;
      readonly outcome: EventOf<'KillSwitchDecided'>['outcome'];
    }
  | {
      readonly kind: 'smoke-finished';
      readonly environment: Environment;
      readonly claim: number;
      readonly before: SmokeLook | null;
      readonly after: SmokeLook | null;
      readonly result: SmokeResult | null;
    }
  | {
      readonly kind: 'registry-decided';
      readonly approvalId: string;
      readonly intent: number;
      readonly outcome: RegistryOutcome;
    }
  | { readonly kind: 'model-seen'; readonly packageArn: string; readonly approval: string }
  /** This version waited to be rolled out by itself, and is not the newest approved one any more. */
  | { readonly kind: 'not-staged'; readonly version: number }
  | {
      readonly kind: 'cleanup-round';
      readonly cleanupId: string;
      readonly round: number;
      readonly results: readonly DeletionResult[];
    };

export type PrepareResult =
  | {
      readonly kind: 'prepared';
      readonly created: readonly { readonly what: string; readonly arn: string; readonly requestId: string | null }[];
      readonly adopted: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: Reason }
  /** Throttled, unreachable, not yet visible: tried again. */
  | { readonly kind: 'later'; readonly why: string };

/** What is carried out after the append was won. `seq` is the entry's own, known before because it is the next. */
export type Effect =
  | {
      readonly kind: 'prepare';
      readonly environment: Environment;
      readonly deployment: number;
      readonly candidate: Candidate;
      readonly configName: string;
      readonly modelName: string;
      readonly rolloutId: string;
      /** The alarms that guard it are made as well. */
      readonly guardedBy?: AlarmPlan;
    }
  | { readonly kind: 'trip'; readonly environment: Environment; readonly intent: number }
  | { readonly kind: 'send'; readonly environment: Environment; readonly intent: number }
  | { readonly kind: 'smoke'; readonly environment: Environment; readonly claim: number }
  | { readonly kind: 'delete'; readonly round: number }
  | { readonly kind: 'register'; readonly approvalId: string; readonly intent: number };

export interface Decision {
  readonly events: readonly Event[];
  readonly effects: readonly Effect[];
  /** Milliseconds until the world is to be looked at again; null: nothing to wait for but the log. */
  readonly wakeInMs: number | null;
  /** Nothing but who may approve now stands in the way: to be read, and decided again with it. */
  readonly asksPeople?: true;
  /** The answer to a command, or what is waited for. */
  readonly reason: Reason | null;
  /** For commands: whether it was done. */
  readonly accepted?: boolean;
  /** Refused for now: it comes again under the same key, by itself. */
  readonly comesAgain?: true;
  /** Which rollout or rollback the answer is about. */
  readonly subject?: string;
}

/** What `decide` needs of the configuration: one service's, resolved. Durations in milliseconds. */
export interface Settings {
  readonly service: string;
  /** Begins the name of every model and config. */
  readonly prefix: string;
  readonly modelPackageGroup: string;
  readonly quorum: number;
  /** One of the approvals must be of somebody in a group of its own. */
  readonly mandatoryGroup?: boolean;
  /** Whether one approver alone may go past what stands in the way. */
  readonly breakGlass?: boolean;
  /** The freeze that keeps everything from prod at that moment; absent: there is none. Pure. */
  readonly frozen?: (nowMs: number) => Freeze | null;
  /** Approvers are called again about what waits for them; absent: never. */
  readonly reminders?: Reminders;
  /** Slack ids by GitHub login, in lower case; absent: nobody's is known. */
  readonly githubUsers?: Readonly<Record<string, string>>;
  readonly approvalExpiresAfterHours: number;
  readonly endpointNames: Readonly<Record<Environment, string>>;
  readonly deadlineMinutes: Readonly<Record<Environment, number>>;
  /** Tags of every resource; `rollout` is added to each. */
  readonly tags: Readonly<Record<Environment, Readonly<Record<string, string>>>>;
  readonly onStagingFailure: 'keep' | 'delete';
  /** staging is stopped when nobody uses it; absent: never. */
  readonly idleStop?: IdleStop;
  /** The longest a smoke run may take, by purpose. */
  readonly smokeLongestMs: number;
  readonly times: ProtocolTimes;
  /** Rules that the simulation leaves out; absent in the product. */
  readonly mutations?: Mutations;
}

/** When staging is stopped. */
export interface IdleStop {
  /** Without a deployment, a rollback, a smoke run or a request. */
  readonly afterMs: number;
  /** Also while a gate waits for approvers, which then says so. */
  readonly whileGateOpen: boolean;
}

/** How often approvers are called again. */
export interface Reminders {
  /** From the question to the first one; each wait after it is twice as long as the one before. */
  readonly afterMs: number;
  /** About one question. */
  readonly most: number;
  /** The first moment of working hours at a moment or after it; absent: at any time. Pure. */
  readonly within?: (ms: number) => number;
}

/** A stretch of the calendar in which nothing goes to prod. */
export interface Freeze {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  readonly untilMs: number;
}

/** The protocol's waits; `architecture.md`, "Why this is safe". Only tests and the simulation use others. */
export interface ProtocolTimes {
  /** An observation or an intent is good for this long before its append or its send. */
  readonly freshMs: number;
  /** A call is aborted and its socket destroyed after this. */
  readonly callTimeoutMs: number;
  /** An intent without an outcome is decided by a look begun this long after it was first seen. */
  readonly openIntentMs: number;
  /** A describe may be this old. */
  readonly describeLagMs: number;
  /** No change after an accepted call for this long: no trace of it. */
  readonly noTraceMs: number;
  /** Beyond its longest duration, a smoke claim is abandoned after this. */
  readonly smokeGraceMs: number;
}

export const PROTOCOL_TIMES: ProtocolTimes = {
  freshMs: 25_000,
  callTimeoutMs: 20_000,
  openIntentMs: 120_000,
  describeLagMs: 10_000,
  noTraceMs: 120_000,
  smokeGraceMs: 30_000,
};
