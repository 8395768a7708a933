import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '../json.ts';
import type { Settings } from '../settings.ts';
import type { SlackParts } from '../slack-parts.ts';
import type { ApiMethod } from './api-method.ts';
import { callArguments } from './call-arguments.ts';
import { API_METHODS } from './method-table.ts';
import { type ReadCall, readCall } from './read-call.ts';
import { SlackApiError } from './slack-api-error.ts';

/** What goes back, before any fault that cuts the connection. */
interface Answer {
  status: number;
  headers: Record<string, string>;
  body: JsonObject;
}

type TokenKind = 'bot' | 'app' | 'none' | 'unknown';

/** Answers `/api/METHOD` as Slack would, and records the call. */
export async function answerApiCall(
  request: IncomingMessage,
  response: ServerResponse,
  slack: SlackParts,
): Promise<void> {
  const startedMs = slack.workspace.now();
  const name = new URL(request.url ?? '/', 'http://local').pathname.replace(/^\/api\//, '');
  const call = await readCall(request);
  const tokenKind = kindOfToken(call.token, slack.settings);
  const fault = slack.faults.isAway()
    ? ({ kind: 'status', status: 503 } as const)
    : slack.faults.forCall(name, call.args);
  const answer = await answerUnder(fault, () => answerCall(name, call, tokenKind, slack));
  slack.callLog.add({
    atMs: startedMs,
    method: name,
    args: call.args,
    tokenKind,
    status: answer?.status ?? 0,
    response: answer?.body ?? null,
    durationMs: slack.workspace.now() - startedMs,
    ...(fault ? { fault: fault.kind } : {}),
  });
  if (!answer || fault?.kind === 'lost') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(JSON.stringify(answer.body));
}

/** Undefined when the connection is to be cut before anything is done. */
async function answerUnder(
  fault: ReturnType<SlackParts['faults']['forCall']>,
  answer: () => Promise<Answer>,
): Promise<Answer | undefined> {
  switch (fault?.kind) {
    case 'cut':
      return undefined;
    case 'status':
      return { status: fault.status, headers: {}, body: { ok: false, error: 'service_unavailable' } };
    case 'error':
      if (fault.error === 'ratelimited') return rateLimited(fault.retryAfterSeconds ?? 1);
      return { status: 200, headers: {}, body: { ok: false, error: fault.error } };
    case 'slow': {
      const late = await answer();
      await delay(fault.delayMs);
      return late;
    }
    case 'lost':
    case undefined:
      return answer();
    default:
      return fault satisfies never;
  }
}

async function answerCall(name: string, call: ReadCall, tokenKind: TokenKind, slack: SlackParts): Promise<Answer> {
  const method = Object.hasOwn(API_METHODS, name) ? API_METHODS[name] : undefined;
  if (!method) return refusal(new SlackApiError('unknown_method', { req_method: name }));
  const { settings } = slack;
  const granted = tokenKind === 'app' ? ['connections:write'] : settings.scopes;
  const headers: Record<string, string> =
    method.token === 'none'
      ? {}
      : { 'x-oauth-scopes': granted.join(','), 'x-accepted-oauth-scopes': method.scopes.join(',') };
  try {
    if (call.error) throw new SlackApiError(call.error);
    refuseToken(method, call.token, tokenKind);
    const waitSeconds = slack.limiter.retryAfterSeconds(name, method.limit, String(call.args.channel ?? ''));
    if (waitSeconds !== undefined) return rateLimited(waitSeconds);
    refuseScopes(method, granted);
    const body = await method.run(callArguments(call.args), slack);
    return { status: 200, headers, body: { ok: true, ...body } };
  } catch (error) {
    if (!(error instanceof SlackApiError)) throw error;
    return { ...refusal(error), headers };
  }
}

function refuseToken(method: ApiMethod, token: string | undefined, kind: TokenKind): void {
  if (method.token === 'none') return;
  if (token === undefined) throw new SlackApiError('not_authed');
  if (kind === 'unknown') throw new SlackApiError('invalid_auth');
  if (kind !== method.token) throw new SlackApiError('not_allowed_token_type');
}

function refuseScopes(method: ApiMethod, granted: string[]): void {
  if (method.scopes.length === 0 || method.scopes.some((scope) => granted.includes(scope))) return;
  throw new SlackApiError('missing_scope', { needed: method.scopes.join(','), provided: granted.join(',') });
}

function kindOfToken(token: string | undefined, settings: Settings): TokenKind {
  if (token === undefined) return 'none';
  if (token === settings.botToken) return 'bot';
  return token === settings.appToken ? 'app' : 'unknown';
}

const refusal = (error: SlackApiError): Answer => ({
  status: 200,
  headers: {},
  body: { ok: false, error: error.code, ...error.detail },
});

const rateLimited = (retryAfterSeconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(retryAfterSeconds) },
  body: { ok: false, error: 'ratelimited' },
});
