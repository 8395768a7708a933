import { z } from 'zod';
import type { CallFault } from './slack-call-fault.ts';
import { isCredentialFault } from './slack-call-fault.ts';

/** Why a socket ended or could not be opened, as far as it matters for when to open the next. */
export type SocketEnd =
  /** Slack asked for another one in its place, as it does every few hours. */
  | 'refreshed'
  /** Ten are open already, most of them of processes that died; Slack drops those after a while. */
  | 'too-many'
  /** Somebody switched Socket Mode off. */
  | 'disabled'
  /** Slack refuses the app token. */
  | 'refused'
  /** Cut, or not to be reached. */
  | 'lost';

/** The first wait after each kind of end, doubled with every failure up to the longest. Milliseconds. */
const FIRST_WAIT_MS: Readonly<Record<SocketEnd, number>> = {
  refreshed: 500,
  lost: 500,
  'too-many': 10_000,
  disabled: 30_000,
  refused: 30_000,
};
const LONGEST_WAIT_MS: Readonly<Record<SocketEnd, number>> = {
  refreshed: 30_000,
  lost: 30_000,
  'too-many': 120_000,
  disabled: 300_000,
  refused: 300_000,
};
/** A socket that lived this long before its refresh ended well: the next opens at once. Milliseconds. */
const SETTLED_MS = 1_000;
/** One that was cut after this long is no sign of anything. Milliseconds. */
const GOOD_LIFE_MS = 10_000;
/** Everybody's sockets are cut at once when Slack stumbles; they should not all come back at once. Milliseconds. */
const SPREAD_MS = 500;

/** Milliseconds until the next socket may be opened, by how the last one ended and how long it lived. */
export function createReconnectWait(fraction: () => number): (end: SocketEnd, livedMs: number) => number {
  let failures = 0;
  return (end, livedMs) => {
    if (end === 'refreshed' && livedMs >= SETTLED_MS) {
      failures = 0;
      return 0;
    }
    if (end === 'lost' && livedMs >= GOOD_LIFE_MS) {
      failures = 0;
      return SPREAD_MS * fraction();
    }
    const waitMs = Math.min(FIRST_WAIT_MS[end] * 2 ** failures, LONGEST_WAIT_MS[end]);
    failures += 1;
    return waitMs * (0.5 + fraction());
  };
}

const goodbyeShape = z.object({ type: z.literal('disconnect'), reason: z.string().optional() });

/** What Slack says before it closes a socket; null: the frame is something else. */
export function readGoodbye(frame: unknown): SocketEnd | null {
  // Most frames are envelopes, which the library parses itself.
  if (typeof frame !== 'string' || !frame.includes('"disconnect"')) return null;
  let read: ReturnType<typeof goodbyeShape.safeParse>;
  try {
    read = goodbyeShape.safeParse(JSON.parse(frame));
  } catch {
    return null;
  }
  if (!read.success) return null;
  if (read.data.reason === 'too_many_websockets') return 'too-many';
  return read.data.reason === 'link_disabled' ? 'disabled' : 'refreshed';
}

/** The same for a call that opens one and failed. */
export function endOfFault(fault: CallFault): SocketEnd {
  return isCredentialFault(fault) ? 'refused' : 'lost';
}
