import type { AwsClients } from './aws-clients.ts';

/** Where prod's endpoints are, as the SDK finds it (`AWS_REGION`, a profile); null: nothing says so. */
export async function readRegion({ sagemaker }: Pick<AwsClients, 'sagemaker'>): Promise<string | null> {
  try {
    return await sagemaker.prod.repeatable.config.region();
  } catch {
    // Whatever needs it for a call says so itself.
    return null;
  }
}
