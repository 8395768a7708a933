import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { answerApiCall } from './api/answer-api-call.ts';
import { answerUpload } from './api/answer-upload.ts';
import { answerControl, CONTROL_PATH } from './control/answer-control.ts';
import type { SlackControl } from './control/slack-control.ts';
import { answerResponseUrl } from './delivery/answer-response-url.ts';
import type { SlackParts } from './slack-parts.ts';

/** The HTTP server of the local Slack. Paths that are not Slack's go to `otherwise`. */
export function serveSlack(slack: SlackParts, control: SlackControl, otherwise: RequestListener | undefined): Server {
  const route = (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '/';
    if (url.startsWith('/api/')) return answerApiCall(request, response, slack);
    if (url.startsWith('/response/')) return answerResponseUrl(request, response, slack);
    if (url.startsWith('/upload/')) return answerUpload(request, response, slack);
    if (url.startsWith('/files/')) return answerFile(request, response, slack);
    if (url.startsWith(CONTROL_PATH)) return answerControl(request, response, control);
    if (otherwise) otherwise(request, response);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    return Promise.resolve();
  };
  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      // A bug of the local Slack, never a refusal: say so instead of looking like Slack.
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`local Slack failed: ${message}`);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url?.startsWith('/link')) slack.sockets.upgrade(request, socket, head);
    else socket.destroy();
  });
  return server;
}

/** Downloads a file, with the bot's token as Slack wants it. */
async function answerFile(request: IncomingMessage, response: ServerResponse, slack: SlackParts): Promise<void> {
  const id = (request.url ?? '').replace(/^\/files\//, '').split('?')[0] ?? '';
  const file = slack.workspace.file(id);
  const allowed = request.headers.authorization === `Bearer ${slack.settings.botToken}`;
  if (!allowed) response.writeHead(403).end('not allowed');
  else if (!file?.complete) response.writeHead(404).end('not found');
  else {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(Buffer.from(file.content ?? '', 'base64'));
  }
}
