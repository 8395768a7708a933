import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../api/read-call.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { ControlError } from './control-error.ts';
import type { SlackControl } from './slack-control.ts';

/** Where the control is reached: `POST /_control/VERB` with the input as JSON, or `GET` with it in the query. */
export const CONTROL_PATH = '/_control/';

/** Verbs that change nothing and may be read with GET. */
const READING = [
  'channel',
  'message',
  'openViews',
  'home',
  'files',
  'calls',
  'deliveries',
  'workspace',
  'waitForChange',
];
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** A verb as seen from outside: its input is JSON, and the verb itself finds fault with it. */
type Verb = (input: JsonObject) => Promise<unknown>;

/** Answers the control over HTTP. Only for this machine: whoever can reach it can act as anybody. */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  control: SlackControl,
): Promise<void> {
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const refused = refuseStrangers(request);
  if (refused) return answer(403, { error: 'forbidden', message: refused });
  const url = new URL(request.url ?? '/', 'http://local');
  const name = url.pathname.slice(CONTROL_PATH.length);
  const verb = Object.hasOwn(control, name) ? (control[name as keyof SlackControl] as Verb) : undefined;
  if (!verb) return answer(404, { error: 'no_such_verb', message: `there is no control ${name}` });
  if (request.method === 'GET' && !READING.includes(name)) {
    return answer(405, { error: 'post_only', message: `${name} changes something: use POST` });
  }
  const input =
    request.method === 'GET' ? queryInput(url) : parseJson((await readBody(request)).toString('utf8') || '{}');
  if (!isJsonObject(input)) return answer(400, { error: 'invalid_json', message: 'the body must be a JSON object' });
  try {
    answer(200, (await verb(input)) ?? null);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    answer(409, { error: error.code, message: error.message });
  }
}

/** A page of another site must not reach the control through a visitor's browser. */
function refuseStrangers(request: IncomingMessage): string | undefined {
  const host = request.headers.host ?? '';
  if (!LOOPBACK_HOST.test(host)) return 'the Host header must be loopback';
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return 'requests of other origins are refused';
  const contentType = request.headers['content-type'];
  if (request.method !== 'GET' && !contentType?.startsWith('application/json')) return 'the content type must be JSON';
  return undefined;
}

function queryInput(url: URL): JsonObject {
  const numbers = ['after', 'timeoutMs', 'afterSeq', 'afterId'];
  return Object.fromEntries(
    [...url.searchParams].map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]),
  );
}
