import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** SageMaker takes 6 MB in an invocation; nothing else comes near it. */
export const BODY_MAX_BYTES = 6_291_456;

/** Reads a request whole; `undefined` when its body is larger than SageMaker takes. */
export async function readRequest(message: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // What is too much is read to its end all the same, so that the refusal can be sent.
    if (size <= BODY_MAX_BYTES) chunks.push(bytes);
  }
  if (size > BODY_MAX_BYTES) return undefined;
  return {
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    headers: singleValues(message.headers),
    body: await unzipped(Buffer.concat(chunks), message.headers['content-encoding']),
  };
}

/** The CloudWatch client compresses what is large. Rejects what is no gzip, or more than a request may be. */
async function unzipped(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  return encoding === 'gzip' ? await promisify(gunzip)(body, { maxOutputLength: BODY_MAX_BYTES }) : body;
}

function singleValues(headers: IncomingHttpHeaders): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}

export function jsonReply(status: number, body: unknown): HttpReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
