import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** moto: a stand-in of AWS, good enough for Terraform. What it lacks is listed in infra/README.md. */
export interface Moto {
  readonly url: string;
  /** One call of a query protocol, signed by nobody; moto does not check. */
  query(service: string, parameters: Readonly<Record<string, string>>): Promise<string>;
  /** One call of a JSON protocol. */
  json(service: string, target: string, body: object): Promise<unknown>;
  close(): Promise<void>;
}

const READY_POLLS = 100;
const POLL_MS = 200;

/** null: moto is not installed. */
export async function startMoto(): Promise<Moto | null> {
  const port = await freePort();
  const server: ChildProcess = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const failed = new Promise<false>((resolve) => {
    server.once('error', () => resolve(false));
    server.once('exit', () => resolve(false));
  });
  const url = `http://127.0.0.1:${port}`;
  if (!(await Promise.race([failed, answers(url)]))) {
    server.kill();
    return null;
  }
  const send = async (service: string, headers: Record<string, string>, body: string): Promise<string> => {
    const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const answer = await fetch(url, { method: 'POST', headers: { authorization, ...headers }, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`moto: ${service} ${answer.status} ${text.slice(0, 300)}`);
    return text;
  };
  return {
    url,
    query: (service, parameters) =>
      send(
        service,
        { 'content-type': 'application/x-www-form-urlencoded' },
        new URLSearchParams(parameters).toString(),
      ),
    json: async (service, target, body) => {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
      return JSON.parse((await send(service, headers, JSON.stringify(body))) || '{}');
    },
    close: async () => {
      server.kill();
      await once(server, 'exit');
    },
  };
}

async function answers(url: string): Promise<boolean> {
  for (let poll = 0; poll < READY_POLLS; poll += 1) {
    const answer = await fetch(`${url}/moto-api/data.json`).catch(() => null);
    if (answer?.ok === true) return true;
    await wait(POLL_MS);
  }
  return false;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
