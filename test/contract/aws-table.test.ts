import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { checkTable, createTable } from '../../src/adapters/create-table.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { type Dynalite, startDynalite } from '../support/dynalite.ts';

const clock = createSystemClock();
let dynalite: Dynalite;
let clients: AwsClients;

beforeAll(async () => {
  dynalite = await startDynalite();
  clients = awsClientsFor({ DYNAMODB: dynalite.endpoint });
});

afterAll(async () => {
  clients.destroy();
  await dynalite.close();
  vi.unstubAllEnvs();
});

describe('the table', () => {
  it('is made once, and left alone where it is there', async () => {
    const client = clients.dynamo.repeatable;
    expect(await checkTable(client, 'fresh')).toEqual({
      kind: 'problem',
      why: 'the table fresh does not exist',
      todo: 'apply infra/, or for trying out: titanic create-table',
    });
    expect(await createTable({ client, table: 'fresh', clock })).toBe('created');
    expect(await createTable({ client, table: 'fresh', clock })).toBe('there');
    expect(await checkTable(client, 'fresh')).toEqual({ kind: 'fine' });
  });

  it('may be made by two at once', async () => {
    const client = clients.dynamo.repeatable;
    const made = await Promise.all([1, 2].map(() => createTable({ client, table: 'raced', clock })));
    expect(made.sort()).toEqual(['created', 'there']);
  });

  it('is refused with its keys where these are not ours', async () => {
    const client = clients.dynamo.repeatable;
    await client.send(
      new CreateTableCommand({
        TableName: 'foreign',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const words = 'its keys are id (HASH, N) in place of pk (HASH, S) and sk (RANGE, S)';
    await expect(createTable({ client, table: 'foreign', clock })).rejects.toThrow(`foreign is there, but ${words}`);
    expect(await checkTable(client, 'foreign')).toMatchObject({
      kind: 'problem',
      why: expect.stringContaining(words),
      todo: expect.stringContaining('name another table in aws.table'),
    });
  });
});
