import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { departureAgents, type MayLeave } from '../../src/adapters/departure-agents.ts';

/** TLS with a shared key: a real handshake without a certificate. */
const PSK = Buffer.alloc(32, 7);
const SECURE = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

const arrived: string[] = [];
const plain = createHttpServer(serve);
const secure = createHttpsServer({ ...SECURE, pskCallback: () => PSK }, serve);

function serve(request: IncomingMessage, response: { end(text: string): void }): void {
  arrived.push(request.url ?? '');
  response.end('done');
}

const listening = async (server: Server) => once(server.listen(0, '127.0.0.1'), 'listening');
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  await Promise.all([listening(plain), listening(secure)]);
});
afterAll(() => {
  plain.close();
  secure.close();
});

async function ask(kind: 'http' | 'https', mayLeave: MayLeave): Promise<string> {
  const { httpAgent, httpsAgent } = departureAgents(mayLeave);
  const common = { host: '127.0.0.1', path: `/${kind}`, method: 'POST' };
  const psk = { pskCallback: () => ({ psk: PSK, identity: 'test' }), checkServerIdentity: () => undefined };
  const secured = { ...common, ...SECURE, ...psk, port: portOf(secure), agent: httpsAgent };
  const outgoing =
    kind === 'http' ? httpRequest({ ...common, port: portOf(plain), agent: httpAgent }) : httpsRequest(secured);
  outgoing.end('a body');
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return (await incoming.toArray()).join('');
}

describe.each(['http', 'https'] as const)('a request over %s', (kind) => {
  it('leaves when it may, and is asked once, when its connection stands', async () => {
    let asked = 0;
    arrived.length = 0;
    const mayLeave = () => {
      asked++;
      return true;
    };
    expect(await ask(kind, mayLeave)).toBe('done');
    expect(asked).toBe(1);
    expect(arrived).toEqual([`/${kind}`]);
  });

  it('never leaves when it may not: not one byte, though the connection stands', async () => {
    arrived.length = 0;
    let bytes = 0;
    const server = kind === 'http' ? plain : secure;
    server.once(kind === 'http' ? 'connection' : 'secureConnection', (socket: NodeJS.ReadableStream) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
    });
    await expect(ask(kind, () => false)).rejects.toThrow(/was not sent/);
    // The next one is served, so whatever the first had written would have come.
    await ask(kind, () => true);
    expect(bytes).toBe(0);
    expect(arrived).toEqual([`/${kind}`]);
  });

  it('says why when there is no connection', async () => {
    const { httpAgent, httpsAgent } = departureAgents(() => true);
    const agent = kind === 'http' ? httpAgent : httpsAgent;
    const outgoing = (kind === 'http' ? httpRequest : httpsRequest)({ host: '127.0.0.1', port: 1, agent });
    outgoing.end();
    await expect(once(outgoing, 'response')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
