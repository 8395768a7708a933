/** What became of one invocation. Expected outcomes are values; nothing here throws. */

/** A refusal as AWS worded it; the same names and words as the SDK's errors. */
export interface RuntimeRefusal {
  /** AWS's code, such as `ModelError` or `ThrottlingException`; `Unknown` where the reply names none. */
  readonly name: string;
  /** `UnknownError` where the reply has no words. */
  readonly message: string;
  /** HTTP status of the reply. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** Of a ModelError: what the container itself answered. */
  readonly originalStatusCode: number | undefined;
  readonly originalMessage: string | undefined;
}

export type InvokeOutcome =
  | {
      readonly kind: 'answer';
      readonly body: string;
      readonly contentType: string;
      readonly variant: string | undefined;
    }
  | { readonly kind: 'refused'; readonly refusal: RuntimeRefusal }
  /** Given up after `limitMs`. `sent`: whether the request may have reached SageMaker. */
  | { readonly kind: 'timeout'; readonly limitMs: number; readonly sent: boolean }
  /** No whole reply came. */
  | { readonly kind: 'broken'; readonly message: string; readonly sent: boolean };

/** One request to the endpoint. */
export interface InvokeRequest {
  readonly contentType: 'application/json' | 'text/csv';
  readonly body: string;
  /** 1 to 64 characters. */
  readonly inferenceId: string;
  /** W3C `traceparent` and `tracestate` to pass on. */
  readonly traceparent: string;
  readonly tracestate: string | undefined;
  /** All of it, connecting included. */
  readonly timeoutMs: number;
}

/** Calls endpoints. Never rejects. */
export interface RuntimeClient {
  invoke(endpointName: string, request: InvokeRequest): Promise<InvokeOutcome>;
  /** What is still asked ends as broken. */
  close(): Promise<void>;
}

const THROTTLED = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded']);

/** Turned away by AWS before any container was asked. */
export function isTurnedAway({ name }: RuntimeRefusal): boolean {
  return THROTTLED.has(name) || name === 'ModelNotReadyException';
}

/** True only where the model cannot have been asked: refused at the door, or never sent at all. */
export function nothingWasDone(outcome: InvokeOutcome): boolean {
  switch (outcome.kind) {
    case 'answer':
      return false;
    case 'refused':
      return isTurnedAway(outcome.refusal);
    case 'timeout':
    case 'broken':
      return !outcome.sent;
    default:
      return outcome satisfies never;
  }
}
