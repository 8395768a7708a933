import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { VerificationStore } from '../ports/verification-store.ts';
import type { DynamoClients } from './aws-clients.ts';
import { awsFailure, failureWords } from './aws-errors.ts';
import { keyOf } from './dynamo-items.ts';

const count = z.number().int().min(0);
const counts = z.object({ ok: count, different: count, unknown: count });
const shape = z.object({
  at: z.iso.datetime(),
  environments: z.object({ staging: counts, prod: counts }),
  service: counts,
});

/** Nobody waits for it longer. Milliseconds. */
const WITHIN_MS = 3_000;
const SORT_KEY = 'verified';

/** The last verification as one item of each service: a cache, which may be deleted without losing the record. */
export function createDynamoVerificationStore(deps: {
  readonly clients: DynamoClients;
  readonly table: string;
}): VerificationStore {
  const { clients, table } = deps;
  const soon = () => ({ abortSignal: AbortSignal.timeout(WITHIN_MS) });
  return {
    async lastVerification(service) {
      const Key = keyOf(service, SORT_KEY);
      const { Item } = await worded(
        'read',
        clients.repeatable.send(new GetItemCommand({ TableName: table, Key }), soon()),
      );
      const text = Item?.seen?.S;
      return text === undefined ? null : read(text);
    },
    async saveVerification(service, seen) {
      const Item = { ...keyOf(service, SORT_KEY), seen: { S: JSON.stringify(seen) } };
      await worded('kept', clients.repeatable.send(new PutItemCommand({ TableName: table, Item }), soon()));
    },
  };
}

/** What another release wrote, or somebody changed, says nothing. */
function read(text: string) {
  try {
    const parsed = shape.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function worded<T>(what: string, sent: Promise<T>): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    throw new Error(`a verification could not be ${what}: ${failureWords(awsFailure(error))}`);
  }
}
