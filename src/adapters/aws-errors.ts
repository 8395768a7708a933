import { causeIn, quotedWords } from '../rollout/failure-reasons.ts';
import { type Reason, reason } from '../rollout/reasons.ts';

/** What is known of an error that an AWS client threw. */
export interface AwsFailure {
  /** AWS's error code, or the name of whatever else went wrong. */
  readonly name: string;
  /** AWS's own words in one short line. */
  readonly words: string;
  /** HTTP status of the reply; null where none came. */
  readonly status: number | null;
  readonly requestId: string | null;
}

/** A definite no. `retryable`: throttled, or refused by a state that passes. */
export interface Refusal {
  readonly reason: Reason;
  readonly retryable: boolean;
}

const THROTTLED = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
]);

const DENIED =
  /^(AccessDenied|UnauthorizedOperation|NotAuthorized|OptInRequired|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|ExpiredToken|RequestExpired)/;

/** Not a permission that is missing, but an identity that AWS does not know (any more). */
const OUTDATED =
  /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|RequestExpired)/;

/** As they stand in a request; for the log there is a list of its own. */
const CREDENTIALS =
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|(?:X-Amz-(?:Signature|Credential|Security-Token)[=:]\s*|Signature=)[^&,\s"']+/gi;

/** Replies that only look definite: whether the request was taken is not known. */
const SAYS_NOTHING = /^(Error|SyntaxError|TypeError|TimeoutError|UnknownError|RequestTimeout|RequestTimeoutException)$/;

/** Refused because what we saw is not (yet) what SageMaker sees; the next look may show it. */
const PASSING_STATE = [
  /cannot update in-progress endpoint/i,
  // CreateEndpoint reads its config eventually consistent, so a new one may not be there yet.
  /could not find endpoint/i,
  /cannot create already existing endpoint "/i,
];

/** Reads what the SDK threw, without trusting its shape. */
export function awsFailure(error: unknown): AwsFailure {
  const outer: { name?: unknown; message?: unknown; code?: unknown; $metadata?: unknown } =
    typeof error === 'object' && error !== null ? error : {};
  const metadata: { httpStatusCode?: unknown; requestId?: unknown } =
    typeof outer.$metadata === 'object' && outer.$metadata !== null ? outer.$metadata : {};
  const name = typeof outer.name === 'string' ? outer.name : 'Error';
  const message = fitToQuote(name, typeof outer.message === 'string' ? outer.message : String(error));
  const code = typeof outer.code === 'string' ? outer.code : null;
  return {
    name,
    // Connection errors of several addresses have no message of their own.
    words: quotedWords(message === '' ? (code ?? name) : message),
    status: typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null,
    requestId: typeof metadata.requestId === 'string' ? metadata.requestId : null,
  };
}

/**
 * A message without what others put into it: a reply that is no JSON is quoted by its parser, SageMaker repeats what a
 * model's container said, and AWS answers a wrong signature with the whole request as it understood it, session token
 * included.
 */
function fitToQuote(name: string, message: string): string {
  if (name === 'SyntaxError') return 'the reply is not JSON';
  if (name === 'ModelError')
    return /invocation timed out/i.test(message) ? 'the invocation timed out' : 'the model failed';
  return message.replace(/(?:The )?Canonical String for this request[\s\S]*$/i, '').replace(CREDENTIALS, '[secret]');
}

/** "name: words", for `unknown` readings and `unclear` replies. */
export function failureWords(failure: AwsFailure): string {
  // It stands within sentences.
  return quotedWords(`${failure.name}: ${failure.words}`).replace(/\.$/, '');
}

/** What an operator can do about a call that could not be made or was refused, in a few words. */
export function adviceOn(failure: AwsFailure): string {
  const { name } = failure;
  if (name === 'CredentialsProviderError') {
    return 'there are no AWS credentials: set AWS_PROFILE, put them where the AWS CLI finds them, or give the task a role';
  }
  if (OUTDATED.test(name)) return 'AWS does not take these credentials: renew them where they come from';
  if (DENIED.test(name) || failure.status === 403) return 'compare the permissions of these credentials with infra/';
  return 'check AWS_REGION, the network and the state of AWS';
}

/** True only for an error reply that AWS itself worded: 4xx, with a code. A time-out, a reset and a 5xx are none. */
export function isDefinite(failure: AwsFailure): boolean {
  const { name, status } = failure;
  return status !== null && status >= 400 && status < 500 && status !== 408 && !SAYS_NOTHING.test(name);
}

export function isThrottled(failure: AwsFailure): boolean {
  return isDefinite(failure) && (THROTTLED.has(failure.name) || failure.status === 429);
}

/** What a definite error reply means; null for everything that is no outcome. */
export function refusalOf(failure: AwsFailure): Refusal | null {
  const { name, words } = failure;
  if (!isDefinite(failure)) return null;
  if (isThrottled(failure)) return { reason: reason('waits-for-back-off'), retryable: true };
  if (name === 'ResourceLimitExceeded') return { reason: reason('quota-exceeded', { words }), retryable: false };
  if (DENIED.test(name) || failure.status === 403) {
    // Credentials that ran out are fetched again; a missing permission stays missing.
    return { reason: reason('access-denied', { words }), retryable: /^(ExpiredToken|RequestExpired)/.test(name) };
  }
  if (/cannot update in-progress endpoint/i.test(words)) {
    return { reason: reason('waits-for-sagemaker', { doing: words }), retryable: true };
  }
  if (name === 'ResourceInUse' || name === 'ConflictException' || PASSING_STATE.some((text) => text.test(words))) {
    return { reason: reason('call-refused', { words }), retryable: true };
  }
  return { reason: reason(causeIn(words) ?? 'call-refused', { words }), retryable: false };
}

/** SageMaker has no 404: what is not there is a ValidationException with exactly these words. */
export function isNotFound(failure: AwsFailure, what: 'endpoint' | 'endpoint configuration' | 'model'): boolean {
  return failure.name === 'ValidationException' && failure.words.startsWith(`Could not find ${what} "`);
}

/** "Cannot create already existing model "arn"." and its siblings. */
export function isAlreadyThere(failure: AwsFailure): boolean {
  return failure.name === 'ValidationException' && /^Cannot create already existing /.test(failure.words);
}
