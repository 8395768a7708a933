import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import { openEntry } from '../../src/rollout/entry.ts';
import type { Entry, Event, EventOf } from '../../src/rollout/events.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { initialState, type ServiceState } from '../../src/rollout/state.ts';

/** The log as it stands in the table, read without the bot; every read checks the whole chain. */
export interface Record {
  entries(): Promise<readonly Entry[]>;
  state(): Promise<ServiceState>;
  /** Whether it is noted where the card of something stands; until then a crash may leave a second one. */
  cardIsNoted(id: string): Promise<boolean>;
  close(): void;
}

export function openRecord(url: string, table: string, service: string): Record {
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const store = createDynamoLogStore({ clients: { repeatable: client, once: client }, table });

  async function entries(): Promise<readonly Entry[]> {
    const found: Entry[] = [];
    let last = { seq: 0, hash: '' };
    for (const item of await store.after(service, 0)) {
      const entry = openEntry(item, last);
      if ('kind' in entry) throw new Error(`The record is ${entry.kind} at entry ${entry.seq}`);
      found.push(entry);
      last = entry;
    }
    return found;
  }

  return {
    entries,
    state: async () => (await entries()).reduce(evolve, initialState(service)),
    cardIsNoted: async (id) => (await store.cursor(service))?.cards[id] !== undefined,
    close: () => client.destroy(),
  };
}

/** Every event of a type, with the entry it stands in. */
export function eventsOf<T extends Event['type']>(
  entries: readonly Entry[],
  type: T,
): readonly { readonly entry: Entry; readonly event: EventOf<T> }[] {
  return entries.flatMap((entry) => entry.events.flatMap((event) => (isOf(event, type) ? [{ entry, event }] : [])));
}

function isOf<T extends Event['type']>(event: Event, type: T): event is EventOf<T> {
  return event.type === type;
}
