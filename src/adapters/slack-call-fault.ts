import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/** Why a Web API call did not do what it should. */
export interface CallFault {
  /** Slack's own error name, or `ratelimited`, `unreachable`, `http_503`, `broken`. */
  readonly code: string;
  readonly retryAfterMs: number | null;
  /** Slack answered and refused: the call had no effect. */
  readonly definite: boolean;
}

const ERROR_NAME = /^[a-z][a-z0-9_]{1,80}$/;

/** Sorts what the Web API client throws. Never the message of an error: it may hold what was sent. */
export function callFault(error: unknown): CallFault {
  if (error instanceof WebAPIRateLimitedError) {
    return { code: 'ratelimited', retryAfterMs: error.retryAfter * 1000, definite: true };
  }
  if (error instanceof WebAPIPlatformError) {
    // Where the answer is no JSON, the library takes its text for the error's name.
    const code: unknown = error.data.error;
    if (typeof code !== 'string' || !ERROR_NAME.test(code))
      return { code: 'broken', retryAfterMs: null, definite: false };
    return { code, retryAfterMs: null, definite: true };
  }
  if (error instanceof WebAPIHTTPError) {
    return { code: `http_${error.statusCode}`, retryAfterMs: null, definite: false };
  }
  if (error instanceof WebAPIRequestError) return { code: 'unreachable', retryAfterMs: null, definite: false };
  return { code: 'broken', retryAfterMs: null, definite: false };
}

/** Slack refuses the credentials themselves: trying again cannot help. */
export function isCredentialFault(fault: CallFault): boolean {
  return [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'not_allowed_token_type',
    'missing_scope',
    'invalid_app_id',
  ].includes(fault.code);
}
