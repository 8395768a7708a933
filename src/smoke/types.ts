import type { SmokeConfig } from '../config-types.ts';

/** One call of a model, once: the client neither retries nor follows anything. */
export interface ModelClient {
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

export type InvokeRequest = {
  readonly contentType: string;
  readonly body: string;
  /** From the send; afterwards the client gives up with `timeout` and destroys its socket. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

export type InvokeResult =
  | {
      readonly kind: 'answer';
      readonly body: string;
      readonly contentType: string;
      /** `InvokedProductionVariant`, as the endpoint said it. */
      readonly variant: string | undefined;
    }
  | {
      readonly kind: 'error';
      readonly errorClass: ErrorClass;
      readonly message: string;
      readonly status?: number;
    };

/**
 * Whose fault an error is. `timeout` and `model` speak against the model; the others (refused for too
 * many calls, no such endpoint, no connection, AWS itself) say nothing about it.
 */
export type ErrorClass = (typeof ERROR_CLASSES)[number];

export const ERROR_CLASSES = ['timeout', 'model', 'throttled', 'not-found', 'connection', 'service'] as const;

/** Time for measuring: never the wall clock, which may be set back in the middle of a run. */
export interface SmokeClock {
  monotonicMs(): number;
  /** Never returns before that moment; resolves early, without an error, when the signal is aborted. */
  sleepUntil(monotonicMs: number, signal?: AbortSignal): Promise<void>;
}

export type SmokeRunInput = {
  readonly smoke: SmokeConfig;
  readonly candidate: ModelClient;
  /** Needed for `compareWithProd`; without it nothing is compared. */
  readonly prod?: ModelClient;
  readonly expectedVariant: string;
  readonly clock: SmokeClock;
  /** Asked in the line before each probe: false once the claim's limit has passed. */
  readonly mayProbe: () => boolean;
};

export type SmokeRun =
  | { readonly outcome: 'measured'; readonly report: SmokeReport }
  /** The claim's limit passed: what was measured so far is thrown away. */
  | { readonly outcome: 'abandoned'; readonly probesSent: number };

/** What goes into the log: plain JSON of finite numbers, below `REPORT_LIMIT_BYTES`, no payloads. */
export type SmokeReport = {
  readonly format: 1;
  readonly ratePerSecond: number;
  readonly warmUpRequests: number;
  readonly variant: VariantReport;
  readonly cases: readonly CaseReport[];
  readonly candidate: LoadReport;
  readonly prod?: LoadReport;
  readonly generator: GeneratorReport;
};

export type VariantReport = {
  readonly expected: string;
  /** Distinct names seen, at most four of them. */
  readonly seen: readonly string[];
  /** Answers that named no variant at all. */
  readonly unnamed: number;
};

export type CaseReport =
  | { readonly name: string; readonly verdict: 'passed' }
  | { readonly name: string; readonly verdict: 'failed'; readonly reason: string }
  | { readonly name: string; readonly verdict: 'unanswered'; readonly errorClass: ErrorClass };

export type LoadReport = {
  readonly requests: number;
  /** Those that latency is known of: answered, or timed out. */
  readonly timed: number;
  readonly errors: Readonly<Record<ErrorClass, number>>;
  /** Errors of all classes by requests, 0 to 1. */
  readonly errorRate: number;
  /** Absent when nothing could be timed. */
  readonly latency?: LatencyReport;
};

/** Where the distribution is sampled for a drawing of it. */
export const SHOWN_PERCENTILES = [10, 25, 50, 75, 90, 95, 99] as const;

/** Milliseconds from the *scheduled* send to the end of the answer. */
export type LatencyReport = {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Distribution-free 95 % interval of p95; absent below 59 samples, where there is none. */
  readonly p95Interval?: { readonly lowMs: number; readonly highMs: number };
  /** At each of `SHOWN_PERCENTILES`, rising. */
  readonly percentiles: readonly { readonly p: number; readonly ms: number }[];
  /** HdrHistogram V2, compressed, base64; values in microseconds. */
  readonly histogram: string;
};

/** How late the generator itself sent its requests. */
export type GeneratorReport = {
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  readonly latenessMaxMs: number;
};

export type SmokeThresholds = { readonly maxErrorRate: number; readonly maxP95Ms: number };

export type SmokeJudgement = {
  readonly verdict: SmokeVerdict;
  /** Why it is not `passed`, most telling first; empty when it is. */
  readonly reasons: readonly SmokeReason[];
  readonly findings: readonly Finding[];
};

export type SmokeVerdict = 'passed' | 'failed' | 'inconclusive';

export type SmokeReason = keyof typeof SMOKE_REASONS;

/** Every reason with its sentence; the first four speak against the model, the others leave it open. */
export const SMOKE_REASONS = {
  'wrong-variant': 'another variant than ours answered',
  'case-failed': 'a case was answered wrongly, with an error or not at all',
  'too-many-errors': 'the model failed more requests than allowed',
  'too-slow': 'p95 is above its limit',
  'generator-late': 'generator late: the load was not sent on time, so its numbers say nothing',
  'not-the-model': 'requests failed before they reached the model',
  'too-few-answers': 'too few requests were answered to judge latency',
  'variant-unknown': 'the endpoint did not say which variant answered',
} as const;

export type Finding = {
  readonly check: string;
  readonly measured: string | number;
  readonly threshold: string | number;
  readonly ok: boolean;
};
