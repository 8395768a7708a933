import { vi } from 'vitest';
import { type AwsClientOptions, type AwsClients, createAwsClients } from '../../src/adapters/aws-clients.ts';
import type { Logger } from '../../src/ports/logger.ts';

export const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * The product's own clients, found as in production: through the environment. They read it at their first call, so
 * it stays as set until `vi.unstubAllEnvs()`.
 */
export function awsClientsFor(
  urls: Readonly<Partial<Record<'CLOUDWATCH' | 'DYNAMODB' | 'SAGEMAKER' | 'SAGEMAKER_RUNTIME' | 'STS', string>>>,
  options: Omit<AwsClientOptions, 'log'> = {},
): AwsClients {
  for (const [service, url] of Object.entries(urls)) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, url);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIATEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  return createAwsClients({ ...options, log: silentLogger });
}
