import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readBody } from '../slack/api/read-call.ts';
import { ControlError } from '../slack/control/control-error.ts';
import { parseJson } from '../slack/json.ts';
import type { Sandbox } from '../start-sandbox.ts';
import { createProdCaller } from './ask-prod.ts';
import { createChangeStream } from './change-stream.ts';
import { CONTENT_SECURITY_POLICY, DOCUMENT } from './document.ts';
import { answerDeed, answerLook, type PageReply } from './page-api.ts';
import { openRecordFeed } from './record-feed.ts';
import { refuseStrangers } from './refuse-strangers.ts';
import { serveFile } from './serve-files.ts';

/** The sandbox's page, mounted on the local Slack's own origin. */
export interface Page {
  readonly listener: RequestListener;
  close(): void;
}

const API = '/page/api/';
const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

export function createPage(sandbox: Sandbox): Page {
  const record = openRecordFeed(sandbox.dynamo.url);
  const prod = createProdCaller(sandbox);
  const stream = createChangeStream(sandbox, record);
  const api = { sandbox, record, prod, changed: () => stream.nudge() };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stranger = refuseStrangers(request);
    if (stranger !== undefined) return send(response, 403, 'text/plain', stranger);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    if (pathname === `${API}changes`) return stream.open(request, response);
    if (pathname.startsWith(API)) {
      const name = pathname.slice(API.length);
      const reply =
        request.method === 'POST'
          ? await answerDeed(api, name, parseJson((await readBody(request)).toString('utf8')))
          : await answerLook(api, name, searchParams);
      return sendReply(response, reply);
    }
    if (request.method === 'POST') return send(response, 405, 'text/plain', 'Only GET.');
    if (pathname === '/') return send(response, 200, 'text/html; charset=utf-8', DOCUMENT);
    const file = pathname.startsWith('/page/') ? await serveFile(pathname.slice('/page/'.length)) : undefined;
    if (file === undefined) return send(response, 404, 'text/plain', 'There is nothing here.');
    send(response, 200, file.contentType, file.body);
  }

  return {
    listener(request, response) {
      answer(request, response).catch((error: unknown) => {
        if (response.headersSent) return void response.destroy();
        const known = error instanceof ControlError;
        const why = error instanceof Error ? error.message : String(error);
        sendReply(response, { kind: 'refused', status: known ? 409 : 500, why });
      });
    },
    close() {
      stream.close();
      record.close();
    },
  };
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': contentType }).end(body);
}

function sendReply(response: ServerResponse, reply: PageReply): void {
  switch (reply.kind) {
    case 'json':
      send(response, 200, 'application/json; charset=utf-8', JSON.stringify(reply.body));
      break;
    case 'refused':
      send(response, reply.status, 'application/json; charset=utf-8', JSON.stringify({ message: reply.why }));
      break;
    case 'text':
      // Never rendered: whatever a file holds, the browser saves it.
      response.setHeader('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(reply.name)}`);
      send(response, 200, 'text/plain; charset=utf-8', reply.body);
      break;
    default:
      reply satisfies never;
  }
}
