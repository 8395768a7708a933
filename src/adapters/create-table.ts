import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../ports/clock.ts';
import { awsFailure, failureWords } from './aws-errors.ts';

export interface CreateTableDeps {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Pick<Clock, 'sleep'>;
}

// How often and how long a new table is waited for.
const POLL_MS = 500;
const MOST_POLLS = 120;

/** `fine`: there, active, with our keys. Never throws. */
export type TableCheck = { readonly kind: 'fine' } | { readonly kind: 'problem'; readonly why: string };

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

/** Whether the bot can use the table, for readiness: one read. */
export async function checkTable(client: DynamoDBClient, table: string): Promise<TableCheck> {
  try {
    const described = await describeTable(client, table);
    if (described === null) return { kind: 'problem', why: `the table ${table} does not exist` };
    const problem = keyProblem(described) ?? statusProblem(described);
    return problem === null ? { kind: 'fine' } : { kind: 'problem', why: `the table ${table}: ${problem}` };
  } catch (error) {
    return { kind: 'problem', why: `the table ${table} cannot be reached: ${failureWords(awsFailure(error))}` };
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

async function describeTable(client: DynamoDBClient, table: string): Promise<TableDescription | null> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: table }))).Table ?? null;
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
