import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a local stand-in of AWS and notes which operations are asked for, as IAM calls them. */
export interface ListeningProxy {
  readonly url: string;
  /** Since the last time that this was asked. */
  heard(): readonly string[];
  close(): void;
}

/** What a service signs as, where IAM calls it something else. */
const IAM_NAMES: Readonly<{ [signed: string]: string }> = { monitoring: 'cloudwatch' };

export async function startListeningProxy(target: string): Promise<ListeningProxy> {
  let heard = new Set<string>();
  const server = createServer(async (incoming, reply) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const body = Buffer.concat(chunks);
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1];
    const named = String(incoming.headers['x-amz-target'] ?? '').split('.')[1];
    const operation = named ?? new URLSearchParams(body.toString('utf8')).get('Action') ?? incoming.url;
    if (service !== undefined) heard.add(`${IAM_NAMES[service] ?? service}:${operation}`);
    const { method, headers, url } = incoming;
    const onward = ask(new URL(url ?? '/', target), { method, headers }, (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    onward.on('error', () => reply.writeHead(502).end());
    onward.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    heard: () => {
      const since = [...heard].sort();
      heard = new Set();
      return since;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
