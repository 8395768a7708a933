import type { IncomingMessage } from 'node:http';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';

/** Slack's own bound is not published; this only keeps a runaway caller from filling memory. */
const MAX_BODY_BYTES = 30_000_000;

export interface ReadCall {
  args: JsonObject;
  token: string | undefined;
  /** Set when the body could not be read as what its content type says. */
  error?: string;
}

/** @throws when the body is larger than the local Slack takes */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error(`request body exceeds ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Takes a Web API request apart. A token in a JSON body does not count, as with Slack. */
export async function readCall(request: IncomingMessage): Promise<ReadCall> {
  const url = new URL(request.url ?? '/', 'http://local');
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const query = Object.fromEntries(url.searchParams);
  const body = await readBody(request);
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (body.length === 0) return split(query, bearer);
  if (contentType === 'application/x-www-form-urlencoded') {
    return split({ ...query, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) }, bearer);
  }
  if (contentType === 'application/json') {
    const parsed = parseJson(body.toString('utf8'));
    if (parsed === undefined) return { args: {}, token: bearer, error: 'invalid_json' };
    if (!isJsonObject(parsed)) return { args: {}, token: bearer, error: 'json_not_object' };
    const { token: _ignored, ...args } = parsed;
    return { args, token: bearer };
  }
  if (contentType === 'multipart/form-data') return split({ ...query, ...(await textParts(request, body)) }, bearer);
  return { args: {}, token: bearer, error: contentType === '' ? 'missing_post_type' : 'invalid_post_type' };
}

function split(given: JsonObject, bearer: string | undefined): ReadCall {
  const { token, ...args } = given;
  return { args, token: bearer ?? (typeof token === 'string' ? token : undefined) };
}

/** Reads a multipart body; parts that are files are left out. */
async function textParts(request: IncomingMessage, body: Buffer): Promise<JsonObject> {
  const form = await readForm(request, body);
  return Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** @throws when the body is no well-formed multipart form */
export function readForm(request: IncomingMessage, body: Buffer): Promise<FormData> {
  return new Response(new Uint8Array(body), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  }).formData();
}
