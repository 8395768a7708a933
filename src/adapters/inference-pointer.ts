import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { PointerReader } from '../inference-api/ports.ts';
import { pointerFrom, pointerKey } from './pointer-item.ts';

export interface PointerPlace {
  readonly table: string;
  readonly service: string;
  /** One reading may take this long, milliseconds. */
  readonly withinMs: number;
}

/** Reads the pointer, strongly consistent, and nothing else of the table. */
export function createPointerReader(client: DynamoDBClient, place: PointerPlace): PointerReader {
  const { table: TableName, service, withinMs } = place;
  return {
    async read() {
      const command = new GetItemCommand({ TableName, Key: pointerKey(service), ConsistentRead: true });
      const sent = client.send(command, { abortSignal: AbortSignal.timeout(withinMs) });
      const { Item } = await sent.catch((error: unknown) => {
        // Its name says what to look for; its words may quote what it was asked with.
        throw new Error(`the pointer could not be read: ${error instanceof Error ? error.name : 'no reply'}`);
      });
      return Item === undefined ? null : pointerFrom(Item);
    },
  };
}
