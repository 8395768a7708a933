import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** DynamoDB over the wire, in this process. */
export interface Dynalite {
  readonly endpoint: string;
  /** For the constructor of any DynamoDB client. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** For a process or `vi.stubEnv`: what makes the SDK find it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

interface DynaliteOptions {
  /** Where to keep the tables; absent: in memory. */
  readonly path?: string;
}

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (
  options: Readonly<Record<string, string | number>>,
) => Server;

/** Starts one on a free port of 127.0.0.1; tables are active at once. */
export async function startDynalite({ path }: DynaliteOptions = {}): Promise<Dynalite> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, ...(path === undefined ? {} : { path }) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    clientConfig: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}
