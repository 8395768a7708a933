import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/** DynamoDB over the wire, in this process. */
export interface RunningDynamo {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

// The package has no types.
const dynalite = createRequire(import.meta.url)('dynalite') as (
  options: Readonly<Record<string, string | number>>,
) => Server;

/** Starts dynalite on 127.0.0.1; with a path its tables are kept there. Tables are active at once. */
export async function startDynamo(
  options: { readonly port?: number; readonly path?: string } = {},
): Promise<RunningDynamo> {
  const stored = options.path === undefined ? {} : { path: options.path };
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, ...stored });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
