import type { IncomingMessage } from 'node:http';

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Why a request is not answered, or undefined. Whoever reaches the page can act as anybody, and a web page elsewhere
 * must not: by a name that was pointed at this machine (Host), by a form or a script (Origin, content type).
 */
export function refuseStrangers({ headers, method }: IncomingMessage): string | undefined {
  const host = headers.host ?? '';
  if (!LOOPBACK_HOST.test(host)) return 'The Host header must be loopback.';
  if (headers.origin !== undefined && headers.origin !== `http://${host}`) return 'Other origins are refused.';
  const site = headers['sec-fetch-site'];
  const isOther = site === 'cross-site' || site === 'same-site';
  // A link on another page may open this one, and nothing else.
  if (isOther && headers['sec-fetch-dest'] !== 'document') return 'Requests that other sites start are refused.';
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (method !== 'POST') return 'Only GET and POST are answered.';
  if (!headers['content-type']?.startsWith('application/json')) return 'The content type must be JSON.';
  return undefined;
}
