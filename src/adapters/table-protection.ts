import { DescribeContinuousBackupsCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { known, type Reading } from '../rollout/observation.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** Whether something guards the record; `not-said`: this DynamoDB has no such thing, as a local one. */
export type Protection = Reading<'on' | 'off' | 'not-said'>;

/** Whether the record could be brought back, and whether the table can be deleted by mistake. Never throws. */
export async function readTableProtection(
  client: DynamoDBClient,
  table: string,
): Promise<{ readonly recovery: Protection; readonly deletion: Protection }> {
  const [recovery, deletion] = await Promise.all([
    readOrUnknown<'on' | 'off' | 'not-said'>(
      async (options) => {
        const { ContinuousBackupsDescription: backups } = await client.send(
          new DescribeContinuousBackupsCommand({ TableName: table }),
          options,
        );
        return known(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED' ? 'on' : 'off');
      },
      ({ name }) => (name === 'UnknownOperationException' ? known('not-said') : null),
    ),
    readOrUnknown<'on' | 'off' | 'not-said'>(async (options) => {
      const { Table: described } = await client.send(new DescribeTableCommand({ TableName: table }), options);
      if (described?.DeletionProtectionEnabled === undefined) return known('not-said');
      return known(described.DeletionProtectionEnabled ? 'on' : 'off');
    }),
  ]);
  return { recovery, deletion };
}
