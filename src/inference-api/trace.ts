/** W3C Trace Context (https://www.w3.org/TR/trace-context/): taken on, or begun here. */
import { randomFillSync } from 'node:crypto';

export interface Trace {
  /** 32 hexadecimal digits, the same in every log of this request's way. */
  readonly traceId: string;
  /** What is passed on: the caller's trace with a span of our own. */
  readonly traceparent: string;
  /** Other vendors' part, passed on as it came. */
  readonly tracestate: string | undefined;
}

// Version 00, or a later one that may have more behind it.
const PARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;
/** What must at least be passed on, by the recommendation; longer ones are dropped whole. */
const STATE_MAX = 512;
const STATE = /^[\x20-\x7e]+$/;

/** The caller's trace continued; a new one where there is none, or where it is malformed. */
export function traceOf(traceparent: string | undefined, tracestate: string | undefined): Trace {
  const found = traceparent === undefined ? null : PARENT.exec(traceparent);
  // A version 00 that is longer than it may be is malformed.
  const valid = found !== null && !(found[3] !== undefined && traceparent?.startsWith('00'));
  if (!valid) {
    const traceId = randomHex(16);
    return { traceId, traceparent: `00-${traceId}-${randomHex(8)}-00`, tracestate: undefined };
  }
  const [, traceId = '', flags = '00'] = found;
  // Of the flags only "sampled" is ours to pass on.
  const sampled = (Number.parseInt(flags, 16) & 1) === 1 ? '01' : '00';
  const keeps = tracestate !== undefined && tracestate.length <= STATE_MAX && STATE.test(tracestate);
  return {
    traceId,
    traceparent: `00-${traceId}-${randomHex(8)}-${sampled}`,
    tracestate: keeps ? tracestate : undefined,
  };
}

// Random bytes are drawn in blocks: one call for many requests.
const pool = Buffer.alloc(4_096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const hex = pool.toString('hex', used, used + bytes);
  used += bytes;
  return hex;
}
