import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { readBody } from '../api/read-call.ts';
import { SlackApiError } from '../api/slack-api-error.ts';
import { isJsonObject, type Json, type JsonObject, parseJson } from '../json.ts';
import type { SlackParts } from '../slack-parts.ts';
import { showResponse } from './show-response.ts';

/** Answers a post to `/response/ID`. It needs no token: the URL itself is the secret. */
export async function answerResponseUrl(
  request: IncomingMessage,
  response: ServerResponse,
  slack: SlackParts,
): Promise<void> {
  const atMs = slack.workspace.now();
  const id = (request.url ?? '').replace(/^\/response\//, '').split('?')[0] ?? '';
  const body = parseJson((await readBody(request)).toString('utf8'));
  const fault = slack.faults.isAway()
    ? ({ kind: 'status', status: 503 } as const)
    : slack.faults.forCall('response_url');
  const { status, answer } =
    fault?.kind === 'status'
      ? { status: fault.status, answer: 'service_unavailable' }
      : fault?.kind === 'error'
        ? { status: fault.error === 'ratelimited' ? 429 : 500, answer: fault.error }
        : fault?.kind === 'cut'
          ? { status: 0, answer: '' }
          : respond(id, body, slack);
  if (fault?.kind === 'slow') await delay(fault.delayMs);
  slack.callLog.add({
    atMs,
    method: 'response_url',
    args: isJsonObject(body) ? body : {},
    tokenKind: 'none',
    status,
    response: answer,
    durationMs: slack.workspace.now() - atMs,
    ...(fault ? { fault: fault.kind } : {}),
  });
  if (status === 0 || fault?.kind === 'lost') {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': typeof answer === 'string' ? 'text/plain' : 'application/json' });
  response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
}

function respond(
  id: string,
  body: Json | undefined,
  slack: SlackParts,
): { status: number; answer: string | JsonObject } {
  if (!isJsonObject(body)) return { status: 400, answer: 'invalid_payload' };
  const used = slack.responseUrls.use(id);
  if ('error' in used) return { status: 404, answer: { ok: false, error: used.error } };
  try {
    showResponse(slack.workspace, used.origin, body);
    return { status: 200, answer: 'ok' };
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    return { status: 400, answer: { ok: false, error: error.code, ...error.detail } };
  }
}
