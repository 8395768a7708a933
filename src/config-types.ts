import type { CalendarWindow, WorkingHours } from './calendar.ts';
import type { OwnPrices } from './cost/prices.ts';
import type { Strategy } from './rollout/strategy.ts';
import type { Secret } from './secret.ts';

/** The two environments of every service; there is no third, and no default one but for `rollback`. */
export type EnvironmentName = 'staging' | 'prod';

/** Everything the bot is told from outside, checked and deep-frozen. */
export type Config = Settings & { readonly environment: Environment };

/** What `titanic.yml` says, with defaults filled in and names derived. */
export type Settings = {
  readonly slack: SlackSettings;
  /** Slack ids of people by their GitHub login, in lower case. */
  readonly githubUsers: Readonly<Record<string, string>>;
  readonly aws: AwsSettings;
  /** Ends with `-`; begins every name the bot creates. */
  readonly prefix: string;
  readonly tags: Tags;
  readonly services: readonly ServiceConfig[];
  readonly freezes: readonly FreezeConfig[];
  /** Whether the channel is told once a month what endpoints would do with. */
  readonly recommend: 'off' | 'monthly';
  /** What an instance costs an hour, by its type; absent: published prices count alone. */
  readonly prices?: OwnPrices;
};

/** What the process environment says. */
export type Environment = {
  readonly slack: {
    readonly botToken: Secret;
    readonly delivery: SlackDelivery;
    /** Absent: learnt at the start from Slack itself. */
    readonly appId?: string;
    /** Absent: Slack's own. Ends with `/`. */
    readonly apiUrl?: string;
  };
  readonly port: number;
  readonly logLevel: LogLevel;
};

/** How Slack's requests arrive; `SLACK_APP_TOKEN` decides. */
export type SlackDelivery =
  | { readonly kind: 'socket'; readonly appToken: Secret }
  | { readonly kind: 'http'; readonly signingSecret: Secret };

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export type SlackSettings = {
  /** Id of the channel where rollouts are announced. */
  readonly channel: string;
  readonly approvers: Approvers;
  /** Absent: approvers only. */
  readonly operators?: People;
};

/** People are named by id, never by a name that its owner can change. */
export type People =
  | { readonly kind: 'usergroup'; readonly usergroup: string }
  | { readonly kind: 'users'; readonly users: readonly string[] };

export type Approvers = People & {
  /** Distinct people, the requester not among them. */
  readonly quorum: number;
  /** Of whom one must have approved; absent: anybody will do. */
  readonly mandatory?: People;
  /** One approver alone may go past what stands in the way. */
  readonly breakGlass: boolean;
  /** Absent: nobody is called a second time. */
  readonly reminders?: RemindersConfig;
};

/** How often approvers are called again who have not answered. */
export type RemindersConfig = {
  readonly afterHours: number;
  readonly most: number;
  readonly workingHours?: WorkingHours;
};

/** A stretch of the calendar in which nothing is promoted. */
export type FreezeConfig = CalendarWindow & {
  readonly name: string;
  readonly owner: string;
  readonly reason: string;
  /** Absent: of all services. */
  readonly services?: readonly string[];
};

export type AwsSettings = {
  readonly table: string;
  /** Passed to SageMaker for the models. */
  readonly executionRoleArn: string;
  /** Assumed by the bot for changes of that environment; absent: its own role. */
  readonly stagingRoleArn?: string;
  readonly prodRoleArn?: string;
  /** How long after a change a describe may still show what was before. */
  readonly describeLagSeconds: number;
};

export type Tags = Readonly<Record<string, string>>;

export type ServiceConfig = {
  readonly name: string;
  /** Name or ARN of the Model Registry group; only its packages can be deployed. */
  readonly modelPackageGroup: string;
  readonly staging: StagingConfig;
  readonly prod: ProdConfig;
  /** Absent: nothing is rolled out that nobody asks for. */
  readonly autoStage?: AutoStageConfig;
  readonly smoke: SmokeConfig;
  readonly approvalExpiresAfterHours: number;
};

/** When the newest approved package is rolled out to staging by itself. */
export type AutoStageConfig = {
  readonly approvedPackages: boolean;
  readonly schedule?: { readonly cron: string; readonly timeZone: string };
};

/** What shapes one endpoint of a service. All of it is part of the seal. */
export type EnvironmentConfig = {
  /** As configured, else `resourceName`. */
  readonly endpointName: string;
  /** `<prefix><service>-<environment>`: what names of models and endpoint configs begin with. */
  readonly resourceName: string;
  readonly capacity: Capacity;
  readonly containerEnv: Readonly<Record<string, string>>;
  readonly vpc?: Vpc;
  readonly kmsKeyId?: string;
  readonly networkIsolation: boolean;
  readonly startupTimeoutSeconds?: number;
  readonly modelDownloadTimeoutSeconds?: number;
  readonly deadlineMinutes: number;
  /** The common tags with those of this environment over them. */
  readonly tags: Tags;
};

export type StagingConfig = EnvironmentConfig & {
  /** What becomes of an endpoint that failed its smoke test and has nothing to go back to. */
  readonly onFailure: 'keep' | 'delete';
  /** Absent: it stays up though nobody uses it. */
  readonly idleStop?: { readonly afterHours: number; readonly whileGateOpen: boolean };
};

export type ProdConfig = EnvironmentConfig & {
  /** Absent: SageMaker exchanges the fleets at once, and nothing guards it. */
  readonly strategy?: Strategy;
};

export type Capacity =
  | { readonly kind: 'instance'; readonly instanceType: string; readonly instanceCount: number }
  | { readonly kind: 'serverless'; readonly memoryMb: number; readonly maxConcurrency: number };

export type Vpc = { readonly subnets: readonly string[]; readonly securityGroups: readonly string[] };

export type SmokeConfig = {
  readonly cases: readonly SmokeCase[];
  /** Measured requests; those of the warm-up come before and do not count. */
  readonly requests: number;
  readonly warmUpRequests: number;
  readonly ratePerSecond: number;
  /** Per request, from the moment it is sent. */
  readonly timeoutMs: number;
  /** Share of the measured requests, 0 to 1. */
  readonly maxErrorRate: number;
  readonly maxP95Ms: number;
  /** Measure prod in the same run, in alternating blocks. Adds load to prod. */
  readonly compareWithProd: boolean;
};

export type SmokeCase = {
  readonly name: string;
  readonly contentType: string;
  readonly body: string;
  readonly expect: Expectation;
};

/** What an answer must be like. */
export type Expectation =
  /** A regular expression (with the `u` flag) found somewhere in the body. */
  | { readonly kind: 'match'; readonly pattern: string }
  /** A text equals the body, white space around it aside; anything else equals the body read as JSON. */
  | { readonly kind: 'equals'; readonly value: Json }
  /** The body read as JSON fits this JSON Schema (2020-12, or draft-07 where `$schema` says so). */
  | { readonly kind: 'schema'; readonly schema: JsonObject }
  /** A number, both ends included: the body itself, or what the JSON Pointer `path` (RFC 6901) leads to in it. */
  | { readonly kind: 'between'; readonly min?: number; readonly max?: number; readonly path?: string };

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };
