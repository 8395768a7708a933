import { createHmac } from 'node:crypto';
import type { JsonObject } from '../json.ts';
import type { DeliveryKind, RetryMark } from './acknowledgement.ts';

/** One request to the app, byte for byte, so that it can be sent again as it was. */
export interface SignedRequest {
  headers: Record<string, string>;
  body: string;
}

/** Deviations for security tests. */
export interface Tampering {
  signature?: 'valid' | 'wrong' | 'missing';
  /** Moves the signed timestamp, in seconds: below -300 it is stale. */
  timestampOffsetSeconds?: number;
  contentType?: string;
}

/** Slack sends exactly this, without a charset, and Bolt refuses anything else. */
const FORM = 'application/x-www-form-urlencoded';

/** Signs a payload as Slack does: HMAC-SHA256 over `v0:timestamp:body`. */
export function signedRequest(
  kind: DeliveryKind,
  payload: JsonObject,
  secret: string,
  nowMs: number,
  retry: RetryMark | undefined,
  tampering: Tampering = {},
): SignedRequest {
  const body = encode(kind, payload);
  const timestamp = String(Math.floor(nowMs / 1000) + (tampering.timestampOffsetSeconds ?? 0));
  const key = tampering.signature === 'wrong' ? `${secret}-wrong` : secret;
  const signature = `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  return {
    headers: {
      'content-type': tampering.contentType ?? (kind === 'events_api' ? 'application/json' : FORM),
      'user-agent': 'Slackbot 1.0 (local Slack)',
      'x-slack-request-timestamp': timestamp,
      ...(tampering.signature === 'missing' ? {} : { 'x-slack-signature': signature }),
      ...(retry ? { 'x-slack-retry-num': String(retry.retryAttempt), 'x-slack-retry-reason': retry.retryReason } : {}),
    },
    body,
  };
}

function encode(kind: DeliveryKind, payload: JsonObject): string {
  if (kind === 'events_api') return JSON.stringify(payload);
  if (kind === 'interactive') return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const fields = Object.entries(payload).filter(([, value]) => value !== undefined && value !== null);
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)])).toString();
}
