/**
 * Everything this service refuses or fails with: one closed list, each with its status, title and advice. Answers are
 * problem details (RFC 9457); `type` leads to the entry in this service's own documentation.
 */
export const PROBLEMS = {
  'malformed-body': [400, 'The body cannot be read', 'Send JSON or CSV as the content type says.'],
  'malformed-inference-id': [
    400,
    'x-inference-id is malformed',
    'Use 1 to 64 letters, digits, dots, colons, hyphens or underscores, or leave it out.',
  ],
  'not-authenticated': [401, 'Credentials are missing or not valid', 'Send a valid key or token; see "How to call".'],
  'not-allowed': [403, 'These credentials do not allow this', 'Ask whoever gave you the key for the scope.'],
  'not-found': [404, 'There is nothing here', 'See the list of requests.'],
  'body-too-slow': [408, 'The body came too slowly', 'Send all of it at once.'],
  'body-too-large': [413, 'The body is too large', 'Split the batch.'],
  'unsupported-media-type': [415, 'This content type is not taken', 'Send application/json or text/csv, unpacked.'],
  'invalid-passenger': [422, 'Some fields are not valid', '`errors` names each of them.'],
  'refused-by-model': [422, 'The model refused the request', '`detail` is what it said.'],
  'too-many-requests': [429, 'Too many requests with these credentials', 'Wait as long as Retry-After says.'],
  'internal-error': [500, 'This service failed', 'Try again later; the inference id finds it in the log.'],
  'model-failed': [502, 'The model failed', 'It is the model: its operators see this in their metrics.'],
  'unreadable-answer': [502, 'The model answered with something else than a prediction', 'Tell its operators.'],
  'upstream-failed': [502, 'SageMaker failed', 'Whether the model was asked is not known; asking again is safe.'],
  'upstream-refused': [502, 'SageMaker refused this service', 'Its configuration or permissions need mending.'],
  'credentials-uncheckable': [
    503,
    'Credentials cannot be checked now',
    'They may be valid. Wait as long as Retry-After says.',
  ],
  overloaded: [503, 'Too many requests are in flight', 'Wait as long as Retry-After says.'],
  'model-busy': [503, 'SageMaker turned the request away', 'Wait as long as Retry-After says.'],
  'no-model': [503, 'No model serves', 'Nothing is deployed, or it is being replaced from nothing.'],
  'endpoint-unknown': [
    503,
    'Which endpoint serves is not known yet',
    'No model was asked. Wait as long as Retry-After says.',
  ],
  'model-unknown': [503, 'Which model serves is not known yet', 'Predictions work all the same; ask again.'],
  'model-timeout': [504, 'The model took too long', 'Send fewer passengers at once, or try again.'],
} as const satisfies Record<string, readonly [status: number, title: string, advice: string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One field that is not valid. */
export interface FieldFault {
  /** JSON Pointer into the body, as a fragment; for CSV its line and column as well. */
  readonly pointer?: string;
  /** Of a CSV body, counted from 1. */
  readonly line?: number;
  readonly column?: string;
  readonly detail: string;
}

export interface ProblemParts {
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  /** Seconds; also sent as Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** Thrown where a request ends early; written out in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly parts: ProblemParts;

  constructor(code: ProblemCode, parts: ProblemParts = {}) {
    super(PROBLEMS[code][1]);
    this.code = code;
    this.parts = parts;
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }
}

/** The body of a problem answer. `instance` is the inference id, by which the log finds it. */
export function problemBody({ code, parts }: Problem, inferenceId: string): Readonly<Record<string, unknown>> {
  const [status, title, advice] = PROBLEMS[code];
  return {
    type: `/docs#${code}`,
    title,
    status,
    detail: parts.detail ?? advice,
    instance: `urn:inference:${inferenceId}`,
    ...(parts.errors === undefined ? {} : { errors: parts.errors }),
  };
}
