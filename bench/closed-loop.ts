import { connect, type Socket } from 'node:net';

export interface ClosedLoop {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

/**
 * As many requests as a server answers, each connection sending its next as soon as it has its answer. Made of bare
 * sockets, so that the generator takes as little as possible of the processors that the servers share with it.
 */
export async function closedLoop(options: ClosedLoop): Promise<{ readonly requests: number; readonly failed: number }> {
  const { port, path, headers, body, connections, seconds } = options;
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`,
  );
  const untilMs = performance.now() + seconds * 1_000;
  let requests = 0;
  let failed = 0;

  const one = () =>
    new Promise<void>((resolve) => {
      const socket: Socket = connect(port, '127.0.0.1', () => socket.write(request));
      socket.setNoDelay(true);
      let held = '';
      socket.on('data', (chunk) => {
        held += chunk.toString('latin1');
        const end = held.indexOf('\r\n\r\n');
        if (end < 0 || held.length < end + 4 + contentLength(held)) return;
        requests += 1;
        if (!held.startsWith('HTTP/1.1 200')) failed += 1;
        held = '';
        if (performance.now() < untilMs) socket.write(request);
        else socket.end();
      });
      socket.on('error', () => {
        failed += 1;
      });
      socket.on('close', () => resolve());
    });
  await Promise.all(Array.from({ length: connections }, one));
  return { requests, failed };
}

/** Every server here says how long its answers are. */
function contentLength(head: string): number {
  return Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
}
