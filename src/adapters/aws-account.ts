import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListModelPackageGroupsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { STSClient } from '@aws-sdk/client-sts';
import { known, type Reading } from '../rollout/observation.ts';
import { readCallerIdentity } from './caller-identity.ts';
import { createOwnIdentity } from './own-identity.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** What the credentials of whoever sets titanic up can see of their account. The bot has no such rights. */
export interface AccountSeen {
  /** As given or configured; null: none is. */
  readonly region: string | null;
  /** Twelve digits. */
  readonly account: Reading<string>;
  readonly tables: Reading<readonly string[]>;
  readonly packageGroups: Reading<readonly string[]>;
}

const ATTEMPTS = 2;
const PAGE_SIZE = 100;

/** Looks at the account, at the first hundred of each. Never throws. `region`: undefined is where the SDK finds one. */
export async function seeAccount(region: string | undefined): Promise<AccountSeen> {
  const options = {
    credentials: createOwnIdentity(),
    maxAttempts: ATTEMPTS,
    ...(region === undefined ? {} : { region }),
  };
  const sts = new STSClient(options);
  const dynamo = new DynamoDBClient(options);
  const sagemaker = new SageMakerClient(options);
  try {
    const found = await sts.config.region().catch(() => null);
    const [caller, tables, packageGroups] = await Promise.all([
      readCallerIdentity(sts),
      readOrUnknown<readonly string[]>(async (how) =>
        known((await dynamo.send(new ListTablesCommand({ Limit: PAGE_SIZE }), how)).TableNames ?? []),
      ),
      readOrUnknown<readonly string[]>(async (how) => {
        const command = new ListModelPackageGroupsCommand({ MaxResults: PAGE_SIZE });
        const { ModelPackageGroupSummaryList: all = [] } = await sagemaker.send(command, how);
        return known(all.flatMap(({ ModelPackageGroupName: name }) => (name === undefined ? [] : [name])));
      }),
    ]);
    const account = caller.kind === 'known' ? known(caller.value.split(':')[4] ?? '') : caller;
    return { region: found, account, tables, packageGroups };
  } finally {
    for (const client of [sts, dynamo, sagemaker]) client.destroy();
  }
}
