import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Logger } from '../ports/logger.ts';
import type { Readiness } from '../ports/readiness.ts';
import { EVENTS_PATH } from './slack-http-receiver.ts';

/** Milliseconds. */
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
const KEEP_ALIVE_MS = 65_000;
const CLOSE_WITHIN_MS = 2_000;

/** The one HTTP port, in both modes: `/healthz`, `/readyz`, `/metrics`, and in HTTP mode `/slack/events`. */
export function createPorts(deps: {
  readonly port: number;
  readonly registry: Registry;
  readonly ready: () => Promise<Readiness>;
  /** null in Socket Mode. */
  readonly events: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | null;
  readonly log: Logger;
}) {
  const { log } = deps;

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0];
    if (path === EVENTS_PATH && deps.events !== null) {
      if (request.method !== 'POST') return say(response, 405, 'POST only');
      return deps.events(request, response);
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 404, 'not found');
    switch (path) {
      case '/healthz':
        return say(response, 200, 'alive');
      case '/readyz': {
        const { ok, detail } = await deps.ready();
        return say(response, ok ? 200 : 503, detail);
      }
      case '/metrics':
        return say(response, 200, await deps.registry.metrics(), deps.registry.contentType);
      default:
        return say(response, 404, 'not found');
    }
  }

  const server: Server = createServer(
    { requestTimeout: REQUEST_WITHIN_MS, headersTimeout: HEADERS_WITHIN_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      route(request, response).catch((error: unknown) => {
        log.error({ why: error instanceof Error ? error.message : 'unknown' }, 'A request could not be answered');
        say(response, 500, 'failed');
      });
    },
  );

  return {
    /** @throws when the port is taken */
    async listen(): Promise<number> {
      server.listen(deps.port);
      await once(server, 'listening');
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : deps.port;
    },
    /** Takes no more requests and waits for those that are being answered. */
    async close(): Promise<void> {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function say(response: ServerResponse, status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
  response.end(`${text}\n`);
}
