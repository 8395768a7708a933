import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Record } from '../../sandbox/demo/record.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import { openEntry } from '../../src/rollout/entry.ts';
import type { Entry } from '../../src/rollout/events.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { initialState } from '../../src/rollout/state.ts';

/** The log in the table, read without the bot: each entry once, so that it can be looked at often. */
export function followRecord(url: string, service: string): Record {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const store = createDynamoLogStore({ clients: { repeatable: client, once: client }, table: 'titanic-rollouts' });
  const seen: Entry[] = [];
  let state = initialState(service);

  async function read(): Promise<void> {
    for (const item of await store.after(service, state.seq)) {
      if (item.seq <= state.seq) continue; // Another read was faster.
      const entry = openEntry(item, state);
      if ('kind' in entry) throw new Error(`The record is ${entry.kind} at entry ${entry.seq}`);
      seen.push(entry);
      state = evolve(state, entry);
    }
  }

  return {
    async entries() {
      await read();
      return [...seen];
    },
    async state() {
      await read();
      return state;
    },
    cardIsNoted: async (id) => (await store.cursor(service))?.cards[id] !== undefined,
    close: () => client.destroy(),
  };
}
