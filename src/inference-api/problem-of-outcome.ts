/** What the caller is told of an invocation that brought no answer. */
import { Problem } from './problems.ts';
import { type InvokeOutcome, isTurnedAway, type RuntimeRefusal } from './runtime/outcome.ts';

type Failure = Exclude<InvokeOutcome, { kind: 'answer' }>;

// Seconds after which asking again makes sense.
const BUSY_SECONDS = 1;
const STARTING_SECONDS = 5;
const NO_MODEL_SECONDS = 30;
/** The container's own words, cut to this many characters. */
const WORDS_MAX = 300;

/** Said by SageMaker (status 0) or by the container's server. */
const TIMED_OUT = /invocation timed out/i;
const DENIED =
  /^(AccessDenied|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|ExpiredToken|RequestExpired)/;

/** Maps every way an invocation can end without an answer to one problem. */
export function problemOfOutcome(outcome: Failure): Problem {
  switch (outcome.kind) {
    case 'timeout':
      return new Problem('model-timeout', { detail: `No answer within ${outcome.limitMs / 1_000} s.` });
    case 'broken':
      if (outcome.sent) return new Problem('upstream-failed');
      return new Problem('model-busy', {
        detail: 'SageMaker cannot be reached; the model was not asked.',
        retryAfterSeconds: BUSY_SECONDS,
      });
    case 'refused':
      return problemOfRefusal(outcome.refusal);
    default:
      return outcome satisfies never;
  }
}

function problemOfRefusal(refusal: RuntimeRefusal): Problem {
  const { name, message, status } = refusal;
  if (name === 'ModelError') return problemOfModel(refusal);
  if (isTurnedAway(refusal)) {
    const starting = name === 'ModelNotReadyException';
    return new Problem('model-busy', {
      detail: starting ? 'The model is starting.' : 'SageMaker has too many requests.',
      retryAfterSeconds: starting ? STARTING_SECONDS : BUSY_SECONDS,
    });
  }
  if (/^Validation(Error|Exception)$/.test(name) && /endpoint .* not found/i.test(message)) {
    return new Problem('no-model', { retryAfterSeconds: NO_MODEL_SECONDS });
  }
  if (name === 'ServiceUnavailable' || name === 'ServiceUnavailableException' || status === 503) {
    return new Problem('upstream-failed', { detail: 'SageMaker is not available.', retryAfterSeconds: BUSY_SECONDS });
  }
  if (DENIED.test(name) || status === 403 || (status >= 400 && status < 500)) return new Problem('upstream-refused');
  return new Problem('upstream-failed');
}

function problemOfModel({ originalStatusCode = 0, originalMessage = '', message }: RuntimeRefusal): Problem {
  if (TIMED_OUT.test(message)) return new Problem('model-timeout');
  if (originalStatusCode >= 400 && originalStatusCode < 500) {
    return new Problem('refused-by-model', { detail: shortWords(originalMessage) });
  }
  // What a failing container says may be a stack trace: it is not for the caller.
  return new Problem('model-failed', { detail: `It answered with status ${originalStatusCode}.` });
}

function shortWords(text: string): string {
  const oneLine = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim();
  const words = [...oneLine].slice(0, WORDS_MAX).join('');
  return words === '' ? 'It gave no reason.' : words;
}
