import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What becomes of a call: passed on; done, but its reply is lost; never answered; or answered by the proxy itself,
 * with `afterEffect` only once it was done.
 */
export type ProxyMode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'hang' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body: string;
      readonly afterEffect?: boolean;
    };

export interface ProxiedCall {
  /** `X-Amz-Target`, or the path where there is none. */
  readonly operation: string;
  readonly body: string;
  /** The access key that it is signed with; empty where it is not. */
  readonly accessKeyId: string;
  /** Resolves when the caller's socket is closed. */
  readonly closed: Promise<void>;
}

export interface FaultyProxy {
  readonly url: string;
  readonly calls: ProxiedCall[];
  /** Decides for each call as it comes; the default passes all on. */
  mode: (call: ProxiedCall) => ProxyMode;
  /** Resolves with the next call to come. */
  nextCall(): Promise<ProxiedCall>;
  /** Refuses every connection, those that stand included, until `accept`. */
  refuse(): Promise<void>;
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** A proxy in front of a service of AWS's kind. Without a target every call must be answered by `mode`. */
export async function startFaultyProxy(target?: string): Promise<FaultyProxy> {
  const waiting: ((call: ProxiedCall) => void)[] = [];
  const closings = new WeakMap<Socket, Promise<void>>();
  const server = createServer((message, response) => void serve(message, response));

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = closings.get(message.socket) ?? Promise.resolve();
    const body = await buffer(message);
    const header = message.headers['x-amz-target'];
    const call = {
      operation: typeof header === 'string' ? header : (message.url ?? ''),
      body: body.toString(),
      accessKeyId: /Credential=(\w+)/.exec(message.headers.authorization ?? '')?.[1] ?? '',
      closed,
    };
    proxy.calls.push(call);
    for (const resolve of waiting.splice(0)) resolve(call);
    const mode = proxy.mode(call);
    switch (mode.kind) {
      case 'hang':
        return;
      case 'answer':
        if (mode.afterEffect === true) await forward(message, body).catch(() => null);
        response.writeHead(mode.status, mode.headers).end(mode.body);
        return;
      default: {
        const reply = await forward(message, body).catch(() => null);
        // What the target loses is lost for the caller as well.
        if (reply === null || mode.kind === 'lose-reply') message.socket.destroy();
        else response.writeHead(reply.status, reply.headers).end(reply.body);
      }
    }
  }

  async function forward(message: IncomingMessage, body: Buffer) {
    const outgoing = httpRequest(new URL(message.url ?? '/', target), {
      method: message.method ?? 'POST',
      headers: message.headers,
      agent: false,
    });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const { 'transfer-encoding': _, ...headers } = incoming.headers;
    return { status: incoming.statusCode ?? 500, headers, body: await buffer(incoming) };
  }

  async function refuse(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  server.on('connection', (socket: Socket) => {
    closings.set(socket, new Promise((resolve) => socket.once('close', () => resolve())));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${port}`,
    calls: [],
    mode: () => ({ kind: 'pass' }),
    nextCall: () => new Promise((resolve) => waiting.push(resolve)),
    refuse,
    accept: async () => {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    close: async () => {
      if (server.listening) await refuse();
    },
  };
  return proxy;
}

/** An error as AWS's JSON protocols word it. */
export function awsErrorAnswer(code: string, message: string, status = 400): ProxyMode {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'request-1' },
    body: JSON.stringify({ __type: code, message }),
  };
}
