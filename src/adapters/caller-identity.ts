import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { known, type Reading, unknown } from '../rollout/observation.ts';
import { readOrUnknown } from './sagemaker-read.ts';

/** Who these credentials are, as AWS says: an ARN, which nobody can choose for themselves. */
export function readCallerIdentity(sts: STSClient): Promise<Reading<string>> {
  return readOrUnknown(async (options) => {
    const { Arn: arn } = await sts.send(new GetCallerIdentityCommand({}), options);
    return arn === undefined ? unknown('AWS named nobody') : known(arn);
  });
}
