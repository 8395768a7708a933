import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../ports/logger.ts';
import { classifyBody, isSslCheck } from './slack-http-body.ts';
import type { createSeenDeliveries } from './slack-seen-deliveries.ts';
import { verifySignature } from './slack-signature.ts';

/** The largest payload: a view of 250 kB, form-encoded up to three times as long. Bytes. */
const LONGEST_BODY_BYTES = 1_000_000;
/** A request that Bolt has not answered by then is answered here; Slack stops waiting at 3 s. Milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** A request whose body was read and found to be Slack's, as Bolt's receiver takes it. */
export type GuardedRequest = IncomingMessage & { rawBody: Buffer };

/**
 * Stands before Bolt: size, signature, time in both directions, replays, and bodies that Bolt never answers.
 * A replay is answered 200, as the first delivery was, and has no effect: a true retry of Slack's has a time and so a
 * signature of its own, and telling an attacker "seen already" helps nobody.
 */
export function createHttpGuard(deps: {
  readonly signingSecret: string;
  readonly nowMs: () => number;
  readonly seen: ReturnType<typeof createSeenDeliveries>;
  readonly ready: () => boolean;
  readonly refused: (why: string) => void;
  readonly log: Logger;
}): (request: IncomingMessage, response: ServerResponse) => Promise<GuardedRequest | null> {
  const end = (response: ServerResponse, status: number, why: string): null => {
    if (status >= 400) {
      deps.refused(why);
      deps.log.warn({ status, why }, 'A request to /slack/events was refused');
    }
    if (!response.headersSent) response.writeHead(status, status === 413 ? { connection: 'close' } : {});
    response.end();
    return null;
  };

  return async (request, response) => {
    const body = await readBody(request);
    if (body === 'too-large') return end(response, 413, 'too-large');
    if (body === 'broken') return end(response, 400, 'broken');
    const contentType = request.headers['content-type'];
    if (isSslCheck(contentType, body)) return end(response, 200, 'ssl-check');
    const verdict = verifySignature(request.headers, body, deps.signingSecret, deps.nowMs());
    if (!verdict.ok) return end(response, 401, verdict.why);
    const kind = classifyBody(contentType, body);
    if (kind.kind === 'ssl-check') return end(response, 200, 'ssl-check');
    if (kind.kind === 'unreadable') return end(response, 400, kind.why);
    if (!deps.ready()) return end(response, 503, 'not-ready');
    if (!deps.seen.isNew(verdict.digest)) {
      deps.refused('replayed');
      return end(response, 200, 'replayed');
    }
    answerLate(response, () => end(response, 503, 'unanswered'));
    request.headers['content-type'] = kind.contentType;
    return Object.assign(request, { rawBody: body });
  };
}

function answerLate(response: ServerResponse, answer: () => void): void {
  const timer = setTimeout(() => {
    if (!response.writableEnded) answer();
  }, ANSWER_WITHIN_MS);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'broken'> {
  if (Number(request.headers['content-length'] ?? 0) > LONGEST_BODY_BYTES) return 'too-large';
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > LONGEST_BODY_BYTES) return 'too-large';
      chunks.push(part);
    }
  } catch {
    return 'broken';
  }
  return Buffer.concat(chunks);
}
