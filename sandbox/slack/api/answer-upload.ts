import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SlackParts } from '../slack-parts.ts';
import { readBody, readForm } from './read-call.ts';

/** Takes the bytes of a file at its upload URL, raw or as the one file of a form. */
export async function answerUpload(
  request: IncomingMessage,
  response: ServerResponse,
  slack: SlackParts,
): Promise<void> {
  const key = (request.url ?? '').replace(/^\/upload\//, '').split('?')[0];
  const file = slack.workspace.state.files.find((one) => one.uploadKey === key);
  const bytes = await fileBytes(request);
  if (slack.faults.isAway()) return void response.writeHead(503).end();
  if (!file || file.complete) return void response.writeHead(404).end('no such upload');
  // Slack would accept any size here; a wrong length is always a bug of the caller.
  if (bytes.length !== file.expectedBytes) {
    return void response.writeHead(400).end(`expected ${file.expectedBytes} bytes, got ${bytes.length}`);
  }
  file.content = bytes.toString('base64');
  slack.workspace.touch();
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`OK - ${bytes.length}`);
}

async function fileBytes(request: IncomingMessage): Promise<Buffer> {
  const body = await readBody(request);
  if (!request.headers['content-type']?.startsWith('multipart/form-data')) return body;
  for (const [, part] of await readForm(request, body)) {
    if (typeof part !== 'string') return Buffer.from(await part.arrayBuffer());
  }
  return Buffer.alloc(0);
}
