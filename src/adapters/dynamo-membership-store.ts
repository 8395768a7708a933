import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { MembershipStore } from '../ports/membership-store.ts';
import type { DynamoClients } from './aws-clients.ts';
import { awsFailure, failureWords } from './aws-errors.ts';

const shape = z.object({ users: z.array(z.string().max(50)).max(10_000), atMs: z.number() });

/** A rollback waits for this while Slack is away. Milliseconds. */
const WITHIN_MS = 3_000;

/** Memberships as items of the table, one for each group: a cache, which may be deleted without losing the record. */
export function createDynamoMembershipStore(deps: {
  readonly clients: DynamoClients;
  readonly table: string;
}): MembershipStore {
  const { clients, table } = deps;
  const keyOf = (usergroup: string) => ({ pk: { S: 'slack' }, sk: { S: `members#${usergroup}` } });
  const soon = () => ({ abortSignal: AbortSignal.timeout(WITHIN_MS) });
  return {
    async members(usergroup) {
      const command = new GetItemCommand({ TableName: table, Key: keyOf(usergroup), ConsistentRead: true });
      const { Item } = await worded('read', clients.repeatable.send(command, soon()));
      const parsed = shape.safeParse({ users: Item?.users?.L?.map((each) => each.S), atMs: Number(Item?.atMs?.N) });
      return parsed.success ? parsed.data : null;
    },
    async saveMembers(usergroup, { users, atMs }) {
      const Item = { ...keyOf(usergroup), users: { L: users.map((S) => ({ S })) }, atMs: { N: String(atMs) } };
      await worded('kept', clients.repeatable.send(new PutItemCommand({ TableName: table, Item }), soon()));
    },
  };
}

/** An SDK error has its request and reply attached, and may quote the latter. */
async function worded<T>(what: string, sent: Promise<T>): Promise<T> {
  try {
    return await sent;
  } catch (error) {
    throw new Error(`a membership could not be ${what}: ${failureWords(awsFailure(error))}`);
  }
}
