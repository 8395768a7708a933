import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** How far a request's time may be from ours, in either direction: Bolt looks at the past only. Seconds. */
const MOST_SKEW_SECONDS = 300;

export type SignatureVerdict =
  | { readonly ok: true; readonly digest: string }
  | { readonly ok: false; readonly why: 'unsigned' | 'stale' | 'future' | 'forged' };

/** Whether Slack signed exactly these bytes just now. The digest names the delivery: equal for a repeated one only. */
export function verifySignature(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secret: string,
  nowMs: number,
): SignatureVerdict {
  const signature = headers['x-slack-signature'];
  const timestamp = headers['x-slack-request-timestamp'];
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || !/^\d{9,11}$/.test(timestamp)) {
    return { ok: false, why: 'unsigned' };
  }
  const skewSeconds = nowMs / 1000 - Number(timestamp);
  if (skewSeconds > MOST_SKEW_SECONDS) return { ok: false, why: 'stale' };
  if (skewSeconds < -MOST_SKEW_SECONDS) return { ok: false, why: 'future' };
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
  const given = /^v0=([0-9a-f]{64})$/.exec(signature)?.[1];
  if (given === undefined || !timingSafeEqual(Buffer.from(given, 'hex'), expected)) return { ok: false, why: 'forged' };
  return { ok: true, digest: deliveryDigest(signature) };
}

/** The name of a delivery over HTTP, from its signature header. */
export function deliveryDigest(signature: string): string {
  return createHash('sha256').update(signature).digest('hex').slice(0, 32);
}
