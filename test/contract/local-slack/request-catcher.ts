import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CaughtRequest {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An HTTP endpoint that keeps what it gets and answers as it is told. */
export async function catchRequests(answer: (request: CaughtRequest) => { status: number; body?: string }) {
  const caught: CaughtRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const one = { headers: request.headers, body };
    caught.push(one);
    const { status, body: text = '' } = answer(one);
    response.writeHead(status).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    caught,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
