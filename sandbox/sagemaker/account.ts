export interface Account {
  readonly accountId: string;
  readonly region: string;
}

export type ResourceType = 'model-package-group' | 'model-package' | 'model' | 'endpoint-config' | 'endpoint';

/** The account the sandbox plays; the number is the one AWS's own examples use. */
export const sandboxAccount: Account = { accountId: '123456789012', region: 'us-east-1' };

/** SageMaker writes the name in lower case into the ARN. */
export function arnOf(account: Account, type: ResourceType, name: string): string {
  return `arn:aws:sagemaker:${account.region}:${account.accountId}:${type}/${name.toLowerCase()}`;
}

/** Who every caller is: the sandbox knows one identity. */
export function callerArn(account: Account): string {
  return `arn:aws:iam::${account.accountId}:user/titanic-sandbox`;
}
