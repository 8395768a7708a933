import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../ports/clock.ts';
import type { TableCheck } from '../ports/readiness.ts';
import { adviceOn, awsFailure, failureWords } from './aws-errors.ts';

export interface CreateTableDeps {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** A check is for somebody who waits for it, a load balancer for example. Milliseconds. */
const CHECK_WITHIN_MS = 5_000;
// How often and how long a new table is waited for.
const POLL_MS = 500;
const MOST_POLLS = 120;

const MAKE_ONE = 'apply infra/, or for trying out: titanic create-table';

/**
 * What Terraform would create, for trying out: on-demand capacity, `pk` and `sk`, both strings. Does nothing where
 * the table is there with these keys; throws where it has others, or when AWS refuses.
 */
export async function createTable(deps: CreateTableDeps): Promise<'created' | 'there'> {
  const { client, table } = deps;
  const before = await describeTable(client, table);
  if (before !== null) {
    const problem = keyProblem(before);
    if (problem !== null) throw new Error(`the table ${table} is there, but ${problem}`);
  }
  const created = before === null && (await create(client, table));
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    const now = await describeTable(client, table);
    if (now?.TableStatus === 'ACTIVE' || now?.TableStatus === 'UPDATING') return created ? 'created' : 'there';
    await deps.clock.sleep(POLL_MS);
  }
  throw new Error(`the table ${table} was not active after ${(MOST_POLLS * POLL_MS) / 1_000} s`);
}

/** Whether the bot can use the table, for readiness: one read. Never throws. */
export async function checkTable(client: DynamoDBClient, table: string): Promise<TableCheck> {
  try {
    const described = await describeTable(client, table, AbortSignal.timeout(CHECK_WITHIN_MS));
    if (described === null) return { kind: 'problem', why: `the table ${table} does not exist`, todo: MAKE_ONE };
    const keys = keyProblem(described);
    // Keys cannot be changed, and somebody else may use what is there.
    if (keys !== null) {
      const todo = `name another table in aws.table, and make it: ${MAKE_ONE}`;
      return { kind: 'problem', why: `the table ${table}: ${keys}`, todo };
    }
    const status = statusProblem(described);
    if (status === null) return { kind: 'fine' };
    return { kind: 'problem', why: `the table ${table}: ${status}`, todo: 'wait until it is ACTIVE' };
  } catch (error) {
    const failure = awsFailure(error);
    const why = `the table ${table} cannot be reached: ${failureWords(failure)}`;
    return { kind: 'problem', why, todo: adviceOn(failure) };
  }
}

/** False when somebody else was faster. */
async function create(client: DynamoDBClient, table: string): Promise<boolean> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
    return true;
  } catch (error) {
    if (awsFailure(error).name === 'ResourceInUseException') return false;
    throw error;
  }
}

async function describeTable(
  client: DynamoDBClient,
  table: string,
  abortSignal?: AbortSignal,
): Promise<TableDescription | null> {
  try {
    const sent = client.send(
      new DescribeTableCommand({ TableName: table }),
      abortSignal === undefined ? {} : { abortSignal },
    );
    return (await sent).Table ?? null;
  } catch (error) {
    if (awsFailure(error).name === 'ResourceNotFoundException') return null;
    throw error;
  }
}

function keyProblem(table: TableDescription): string | null {
  const typeOf = (name: string | undefined) =>
    table.AttributeDefinitions?.find((attribute) => attribute.AttributeName === name)?.AttributeType;
  const keys = (table.KeySchema ?? []).map(
    (key) => `${key.AttributeName} (${key.KeyType}, ${typeOf(key.AttributeName)})`,
  );
  const wanted = ['pk (HASH, S)', 'sk (RANGE, S)'];
  if (keys.length === 2 && wanted.every((key) => keys.includes(key))) return null;
  return `its keys are ${keys.join(' and ')} in place of ${wanted.join(' and ')}`;
}

function statusProblem(table: TableDescription): string | null {
  const usable = table.TableStatus === 'ACTIVE' || table.TableStatus === 'UPDATING';
  return usable ? null : `it is ${table.TableStatus}`;
}
