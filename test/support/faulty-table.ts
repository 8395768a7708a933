import { vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createTable } from '../../src/adapters/create-table.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { awsClientsFor } from './aws-env.ts';
import { startDynalite } from './dynalite.ts';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';

/** titanic's table in dynalite, and the product's own clients, which reach it through a proxy that can go wrong. */
export interface FaultyTable {
  readonly table: string;
  readonly proxy: FaultyProxy;
  readonly clients: AwsClients;
  close(): Promise<void>;
}

export async function startFaultyTable(): Promise<FaultyTable> {
  const table = 'titanic-rollouts';
  const dynalite = await startDynalite();
  const proxy = await startFaultyProxy(dynalite.endpoint);
  const clients = awsClientsFor({ DYNAMODB: proxy.url });
  await createTable({ client: clients.dynamo.repeatable, table, clock: createSystemClock() });
  return {
    table,
    proxy,
    clients,
    async close() {
      clients.destroy();
      await proxy.close();
      await dynalite.close();
      vi.unstubAllEnvs();
    },
  };
}
