import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import { SERVICE, TABLE } from './names.ts';
import type { StoredItem } from './wire.ts';

/** The service's log as it stands in the table: read without the bot, and given on unchecked, for others to check. */
export interface RecordFeed {
  after(seq: number): Promise<readonly StoredItem[]>;
  close(): void;
}

export function openRecordFeed(dynamoUrl: string): RecordFeed {
  const client = new DynamoDBClient({
    endpoint: dynamoUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  const store = createDynamoLogStore({ clients: { repeatable: client, once: client }, table: TABLE });
  return {
    after: async (seq) =>
      (await store.after(SERVICE, seq)).map(({ seq: at, body, hash, prevHash }) => ({ seq: at, body, hash, prevHash })),
    close: () => client.destroy(),
  };
}
