import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Pointer, PointerStore } from '../ports/pointer-store.ts';
import type { DynamoClients } from './aws-clients.ts';
import { awsFailure, failureWords } from './aws-errors.ts';
import { pointerFrom, pointerItem, pointerKey } from './pointer-item.ts';

/** A rollback waits for this. Milliseconds. */
const WITHIN_MS = 3_000;

/**
 * Only a later entry's flip takes the place of one. The same entry may write again what it wrote, because a reply may
 * have been lost, and never anything else.
 */
const IS_LATER = 'attribute_not_exists(pk) OR seq < :seq OR (seq = :seq AND endpoint = :endpoint AND config = :config)';

/** The pointer as one item of each service, written by PutItem alone. */
export function createDynamoPointerStore(deps: {
  readonly clients: DynamoClients;
  readonly table: string;
}): PointerStore {
  const { clients, table: TableName } = deps;
  const soon = () => ({ abortSignal: AbortSignal.timeout(WITHIN_MS) });

  async function read(service: string): Promise<Pointer | null> {
    const command = new GetItemCommand({ TableName, Key: pointerKey(service), ConsistentRead: true });
    const { Item } = await clients.repeatable.send(command, soon()).catch((error: unknown) => {
      throw new Error(`the pointer could not be read: ${failureWords(awsFailure(error))}`);
    });
    return Item === undefined ? null : pointerFrom(Item);
  }

  return {
    pointer: read,
    async flip(service, pointer) {
      const command = new PutItemCommand({
        TableName,
        Item: pointerItem(service, pointer),
        ConditionExpression: IS_LATER,
        ExpressionAttributeValues: {
          ':seq': { N: String(pointer.seq) },
          ':endpoint': { S: pointer.endpointName },
          ':config': { S: pointer.configName },
        },
      });
      try {
        await clients.once.send(command, soon());
        return { kind: 'stands' };
      } catch (error) {
        const failure = awsFailure(error);
        if (failure.name !== 'ConditionalCheckFailedException') return { kind: 'unclear', why: failureWords(failure) };
      }
      // Which one, for whoever reads the outcome; that this one does not count is certain already.
      return { kind: 'overtaken', by: await read(service).catch(() => null) };
    },
  };
}
