import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { STSClient } from '@aws-sdk/client-sts';
import type { CallMeasure } from '../ports/call-measure.ts';
import type { Logger } from '../ports/logger.ts';
import { ENVIRONMENTS, type Environment } from '../rollout/candidate.ts';
import { type AssumedRole, createAssumedRole } from './assumed-role.ts';
import { departureAgents, type MayLeave } from './departure-agents.ts';
import { measureAwsClient } from './measured-aws.ts';
import { createOwnIdentity, type OwnIdentity } from './own-identity.ts';

export interface AwsClientOptions {
  /** Assumed for everything that concerns staging's endpoints; absent: the process's own identity. */
  readonly stagingRoleArn?: string | undefined;
  readonly prodRoleArn?: string | undefined;
  /** How long credentials without an end are kept. Milliseconds; absent: as long as is good. */
  readonly credentialsKeptMs?: number | undefined;
  readonly log: Logger;
  readonly measure?: CallMeasure | undefined;
}

/** The SageMaker clients of one environment. They differ in what a lost reply may lead to. */
export interface SageMakerClients {
  /** For reads, and for creations whose repetition finds its own work: retried by the SDK. */
  readonly repeatable: SageMakerClient;
  /**
   * A client for one call that changes an endpoint: sent once, on a socket of its own that an abort destroys, and only
   * if it may still leave when that socket is connected. Whoever makes it destroys it.
   */
  readonly once: (mayLeave: MayLeave) => SageMakerClient;
}

/** The CloudWatch clients of one environment, as those of SageMaker. */
export interface CloudWatchClients {
  /** For reads, and for making an alarm: made twice it is the same. */
  readonly repeatable: CloudWatchClient;
  /** For one call that sets an alarm's state. Whoever makes it destroys it. */
  readonly once: (mayLeave: MayLeave) => CloudWatchClient;
}

export interface DynamoClients {
  readonly repeatable: DynamoDBClient;
  /** For conditional writes, whose single reply must be what became of them. */
  readonly once: DynamoDBClient;
}

export interface AwsClients {
  readonly dynamo: DynamoClients;
  /** The Model Registry, under the process's own identity. */
  readonly registry: SageMakerClient;
  /**
   * A client for one decision that is written there: repeated by the SDK, because its token makes that harmless, and
   * each time only if it may still leave when its socket is connected. Whoever makes it destroys it.
   */
  readonly registryWhile: (mayLeave: MayLeave) => SageMakerClient;
  readonly sagemaker: Readonly<Record<Environment, SageMakerClients>>;
  readonly cloudwatch: Readonly<Record<Environment, CloudWatchClients>>;
  readonly runtime: Readonly<Record<Environment, SageMakerRuntimeClient>>;
  readonly sts: STSClient;
  /** Closes all idle sockets. */
  destroy(): void;
}

// How long one attempt may take. Milliseconds.
const CONNECT_MS = 1_000;
const TABLE_REQUEST_MS = 5_000;
const READ_REQUEST_MS = 5_000;
const CALL_REQUEST_MS = 20_000;
const SWITCH_REQUEST_MS = 5_000;
const STS_REQUEST_MS = 5_000;
// A read, all attempts together, is given up by its caller; see `sagemaker-read.ts`.
const READ_ATTEMPTS = 5;
/** An open loop must never wait for a socket: what waits there would be measured as the model's latency. */
const INVOKE_SOCKETS = 2_048;

// Without `throwOnRequestTimeout` the SDK only warns and goes on waiting.
const patience = (requestTimeout: number) => ({
  connectionTimeout: CONNECT_MS,
  requestTimeout,
  throwOnRequestTimeout: true,
});

/**
 * The one place that makes AWS clients. Region, endpoints and the process's identity are found where the SDK finds them
 * (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL` …); the identity is looked for again while the process runs.
 */
export function createAwsClients(options: AwsClientOptions): AwsClients {
  const credentials = createOwnIdentity({ keptMs: options.credentialsKeptMs });
  const sts = new STSClient({ credentials, maxAttempts: 3, requestHandler: patience(STS_REQUEST_MS) });
  const identities: Record<Environment, AssumedRole | OwnIdentity> = {
    staging: assumed('staging', options.stagingRoleArn),
    prod: assumed('prod', options.prodRoleArn),
  };
  const dynamo = {
    repeatable: new DynamoDBClient({
      credentials,
      maxAttempts: READ_ATTEMPTS,
      requestHandler: patience(TABLE_REQUEST_MS),
    }),
    once: new DynamoDBClient({ credentials, maxAttempts: 1, requestHandler: patience(TABLE_REQUEST_MS) }),
  };
  const { measure } = options;
  const sagemaker = {
    staging: sageMakerClients(identities.staging, measure),
    prod: sageMakerClients(identities.prod, measure),
  };
  const cloudwatch = {
    staging: cloudWatchClients(identities.staging, measure),
    prod: cloudWatchClients(identities.prod, measure),
  };
  const runtime = { staging: runtimeClient(identities.staging), prod: runtimeClient(identities.prod) };
  const registry = new SageMakerClient({
    credentials,
    maxAttempts: READ_ATTEMPTS,
    requestHandler: patience(READ_REQUEST_MS),
  });

  function registryWhile(mayLeave: MayLeave): SageMakerClient {
    const client = new SageMakerClient({
      credentials,
      region: registry.config.region,
      maxAttempts: READ_ATTEMPTS,
      requestHandler: { ...patience(READ_REQUEST_MS), ...departureAgents(mayLeave) },
    });
    if (measure !== undefined) measureAwsClient(client, 'sagemaker', measure, () => performance.now());
    return client;
  }

  function assumed(environment: Environment, roleArn: string | undefined): AssumedRole | OwnIdentity {
    if (roleArn === undefined) return credentials;
    return createAssumedRole({ sts, roleArn, sessionName: `titanic-${environment}`, log: options.log });
  }

  if (measure !== undefined) {
    const nowMs = () => performance.now();
    for (const client of [dynamo.repeatable, dynamo.once]) measureAwsClient(client, 'dynamodb', measure, nowMs);
    measureAwsClient(sts, 'sts', measure, nowMs);
    measureAwsClient(registry, 'sagemaker', measure, nowMs);
    for (const name of ENVIRONMENTS) {
      measureAwsClient(sagemaker[name].repeatable, 'sagemaker', measure, nowMs);
      measureAwsClient(cloudwatch[name].repeatable, 'cloudwatch', measure, nowMs);
      measureAwsClient(runtime[name], 'sagemaker-runtime', measure, nowMs);
    }
  }

  return {
    dynamo,
    registry,
    registryWhile,
    sagemaker,
    cloudwatch,
    runtime,
    sts,
    destroy: () => {
      const ofEnvironments = ENVIRONMENTS.flatMap((name) => [
        sagemaker[name].repeatable,
        cloudwatch[name].repeatable,
        runtime[name],
      ]);
      for (const client of [dynamo.repeatable, dynamo.once, registry, sts, ...ofEnvironments]) client.destroy();
    },
  };
}

function sageMakerClients(credentials: AssumedRole | OwnIdentity, measure: CallMeasure | undefined): SageMakerClients {
  const repeatable = new SageMakerClient({
    credentials,
    maxAttempts: READ_ATTEMPTS,
    requestHandler: patience(READ_REQUEST_MS),
  });
  return {
    repeatable,
    once(mayLeave) {
      const client = new SageMakerClient({
        // As the other resolved it: the identity of a call must not be looked for anew.
        credentials: repeatable.config.credentials,
        region: repeatable.config.region,
        maxAttempts: 1,
        requestHandler: { ...patience(CALL_REQUEST_MS), ...departureAgents(mayLeave) },
      });
      if (measure !== undefined) measureAwsClient(client, 'sagemaker', measure, () => performance.now());
      return client;
    },
  };
}

function cloudWatchClients(
  credentials: AssumedRole | OwnIdentity,
  measure: CallMeasure | undefined,
): CloudWatchClients {
  const repeatable = new CloudWatchClient({
    credentials,
    maxAttempts: READ_ATTEMPTS,
    requestHandler: patience(READ_REQUEST_MS),
  });
  return {
    repeatable,
    once(mayLeave) {
      const client = new CloudWatchClient({
        credentials: repeatable.config.credentials,
        region: repeatable.config.region,
        maxAttempts: 1,
        requestHandler: { ...patience(SWITCH_REQUEST_MS), ...departureAgents(mayLeave) },
      });
      if (measure !== undefined) measureAwsClient(client, 'cloudwatch', measure, () => performance.now());
      return client;
    },
  };
}

function runtimeClient(credentials: AssumedRole | OwnIdentity): SageMakerRuntimeClient {
  const agent = { keepAlive: true, maxSockets: INVOKE_SOCKETS };
  return new SageMakerRuntimeClient({
    credentials,
    // A retry would hide the very failures that a smoke run counts. Its time limit is each request's own.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, httpAgent: agent, httpsAgent: agent },
  });
}
