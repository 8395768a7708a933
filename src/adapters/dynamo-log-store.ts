import {
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { CursorStore, LogStore, StoredEntry } from '../ports/log-store.ts';
import type { DynamoClients } from './aws-clients.ts';
import { type AwsFailure, awsFailure, failureWords, isThrottled } from './aws-errors.ts';
import {
  cursorFrom,
  cursorItem,
  entryFrom,
  entryItem,
  type Item,
  keyOf,
  LAST_SORT_KEY,
  logSortKey,
  partitionKey,
  snapshotFrom,
  snapshotItem,
} from './dynamo-items.ts';

export interface DynamoLogStoreDeps {
  readonly clients: DynamoClients;
  readonly table: string;
}

/** DynamoDB takes items of 400 KB, names and the other attributes included. */
const BODY_LIMIT_BYTES = 390_000;
/** A page has 1 MB, so this is more log than any process could hold. */
const MOST_PAGES = 10_000;
/** All attempts of a read together, milliseconds. */
const READ_DEADLINE_MS = 20_000;

/**
 * Error replies that are a definite no to a write. Everything else (time-out, reset, 5xx, a reply that AWS did not
 * word) leaves open whether it was stored.
 */
const DEFINITE_REFUSALS = new Set([
  'ValidationException',
  'ResourceNotFoundException',
  'ItemCollectionSizeLimitExceededException',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
]);

/**
 * The log and the announcer's cursor in one DynamoDB table. Reads are strongly consistent, and retried by the SDK.
 * Conditional writes have a single attempt: after a retry, "throttled" or "already there" could not be told from what
 * became of an earlier attempt whose reply was lost, and the answer would be worth nothing.
 */
export function createDynamoLogStore({ clients, table }: DynamoLogStoreDeps): LogStore & CursorStore {
  const { repeatable, once } = clients;

  async function get(service: string, sortKey: string): Promise<Item | undefined> {
    const command = new GetItemCommand({ TableName: table, Key: keyOf(service, sortKey), ConsistentRead: true });
    const reply = await reading(() => repeatable.send(command, { abortSignal: AbortSignal.timeout(READ_DEADLINE_MS) }));
    return reply.Item;
  }

  /** Puts one item once. `failed` is what was thrown; the condition not being met is an answer of its own. */
  async function putOnce(input: Omit<PutItemCommandInput, 'TableName'>): Promise<'put' | 'condition' | AwsFailure> {
    try {
      await once.send(new PutItemCommand({ ...input, TableName: table }));
      return 'put';
    } catch (error) {
      const failure = awsFailure(error);
      return failure.name === 'ConditionalCheckFailedException' ? 'condition' : failure;
    }
  }

  return {
    after: async (service, seq, upTo) => {
      const entries: StoredEntry[] = [];
      let from: Item | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const command = new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :service AND sk BETWEEN :first AND :last',
          ExpressionAttributeValues: {
            ':service': { S: partitionKey(service) },
            ':first': { S: logSortKey(seq + 1) },
            ':last': { S: upTo === undefined ? LAST_SORT_KEY : logSortKey(upTo) },
          },
          ExclusiveStartKey: from,
        });
        const reply: QueryCommandOutput = await reading(() =>
          repeatable.send(command, { abortSignal: AbortSignal.timeout(READ_DEADLINE_MS) }),
        );
        for (const item of reply.Items ?? []) {
          const entry = entryFrom(item);
          if (entry !== null) entries.push(entry);
        }
        from = reply.LastEvaluatedKey;
        if (from === undefined) return entries;
      }
      throw new Error(`the log of ${service} has more than ${MOST_PAGES} pages`);
    },

    read: async (service, seq) => {
      const item = await get(service, logSortKey(seq));
      return item === undefined ? null : entryFrom(item);
    },

    append: async (service, entry) => {
      const bytes = Buffer.byteLength(entry.body);
      if (bytes > BODY_LIMIT_BYTES) return { kind: 'too-large', bytes, most: BODY_LIMIT_BYTES };
      const result = await putOnce({
        Item: entryItem(service, entry),
        ConditionExpression: 'attribute_not_exists(sk)',
      });
      if (result === 'put') return { kind: 'stored' };
      if (result === 'condition') return { kind: 'exists' };
      return isRefusal(result) ? { kind: 'refused', why: failureWords(result) } : { kind: 'unclear' };
    },

    snapshot: async (service) => snapshotFrom(await get(service, 'head')),

    saveSnapshot: async (service, snapshot) => {
      const result = await putOnce({
        Item: snapshotItem(service, snapshot),
        // Of two replicas the one that is behind must not set the snapshot back.
        ConditionExpression: 'attribute_not_exists(sk) OR seq < :seq OR shape <> :shape',
        ExpressionAttributeValues: { ':seq': { N: String(snapshot.seq) }, ':shape': { N: String(snapshot.shape) } },
      });
      if (typeof result === 'object') throw new Error(`the snapshot was not saved: ${failureWords(result)}`);
    },

    cursor: async (service) => cursorFrom(await get(service, 'announcer')),

    saveCursor: async (service, cursor, expectedVersion) => {
      const result = await putOnce({
        Item: cursorItem(service, cursor),
        ...(expectedVersion === null
          ? { ConditionExpression: 'attribute_not_exists(sk)' }
          : {
              ConditionExpression: 'version = :expected',
              ExpressionAttributeValues: { ':expected': { N: String(expectedVersion) } },
            }),
      });
      if (typeof result === 'object') throw new Error(`the cursor may not be saved: ${failureWords(result)}`);
      return result === 'put';
    },
  };
}

function isRefusal(failure: AwsFailure): boolean {
  const { name, status } = failure;
  return isThrottled(failure) || (status !== null && status >= 400 && status < 500 && DEFINITE_REFUSALS.has(name));
}

async function reading<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new Error(`the table could not be read: ${failureWords(awsFailure(error))}`, { cause: error });
  }
}
