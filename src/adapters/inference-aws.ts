import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type {
  IdentitySource,
  PointerReader,
  RuntimeAddress,
  ServedModelReader,
  TextSource,
} from '../inference-api/ports.ts';
import { createIdentity, readRuntimeAddress } from './inference-identity.ts';
import { createPointerReader, type PointerPlace } from './inference-pointer.ts';
import { createServedModelReader } from './inference-served-model.ts';
import { createOwnIdentity } from './own-identity.ts';

/** All that the inference API has of AWS. Found as the SDK finds it; keys that are exchanged in a file are taken over. */
export interface InferenceAws {
  readonly identity: IdentitySource;
  /** Of one endpoint. */
  reader(endpointName: string): ServedModelReader;
  pointer(place: PointerPlace): PointerReader;
  address(): Promise<RuntimeAddress>;
  /** The text of a secret in Secrets Manager, by name or ARN. */
  secret(secretId: string): TextSource;
  destroy(): void;
}

// How long one attempt of a read may take, and how many there are. Milliseconds.
const patience = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
const ATTEMPTS = 3;

export interface InferenceAwsOptions {
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
  /** How long credentials without an end are kept. Milliseconds; absent: as long as is good. */
  readonly credentialsKeptMs?: number | undefined;
}

export function createInferenceAws({ nowMs, credentialsKeptMs }: InferenceAwsOptions): InferenceAws {
  const credentials = createOwnIdentity({ keptMs: credentialsKeptMs });
  // Signs and addresses; it never sends an invocation itself.
  const runtime = new SageMakerRuntimeClient({ credentials, requestHandler: patience });
  const sagemaker = new SageMakerClient({ credentials, maxAttempts: ATTEMPTS, requestHandler: patience });
  let secrets: SecretsManagerClient | undefined;
  let dynamo: DynamoDBClient | undefined;

  return {
    identity: createIdentity(() => runtime.config.credentials(), nowMs),
    reader: (endpointName) => createServedModelReader(sagemaker, endpointName),
    pointer(place) {
      // What failed is asked again at the next reading, which is soon; a second attempt would only make it late.
      dynamo ??= new DynamoDBClient({ credentials, maxAttempts: 1, requestHandler: patience });
      return createPointerReader(dynamo, place);
    },
    address: () => readRuntimeAddress(runtime),
    secret: (secretId) => ({
      name: `the secret ${secretId}`,
      async read() {
        secrets ??= new SecretsManagerClient({ credentials, maxAttempts: ATTEMPTS, requestHandler: patience });
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
        if (SecretString === undefined) throw new Error('it holds no text');
        return SecretString;
      },
    }),
    destroy: () => {
      for (const client of [runtime, sagemaker, secrets, dynamo]) client?.destroy();
    },
  };
}
