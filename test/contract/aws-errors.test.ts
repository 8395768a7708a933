import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerEndpoints } from '../../src/adapters/sagemaker-endpoints.ts';
import type { Endpoints } from '../../src/ports/endpoints.ts';
import type { EndpointCall } from '../../src/rollout/events.ts';
import { quotedWords, reasonForFailure } from '../../src/rollout/failure-reasons.ts';
import type { ReasonCode } from '../../src/rollout/reasons.ts';
import { mintWonIntent } from '../../src/rollout/won-intent.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { awsErrorAnswer, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';

const ENDPOINT = 'arn:aws:sagemaker:us-east-1:123456789012:endpoint/titanic-survival-prod';
const QUOTA =
  "The account-level service limit 'ml.g6.48xlarge for endpoint usage' is 0 Instances, with current utilization of " +
  '0 Instances and a request delta of 1 Instances. Please use AWS Service Quotas to request an increase for this quota.';
const BAD_ROLE =
  'The execution role ARN "arn:aws:iam::123456789012:role/x" is invalid. Please ensure that the role exists and that ' +
  'its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com"';
const NO_DATA =
  'Could not access model data at s3://titanic-models/1/model.tar.gz. Please ensure that the role "x" exists and that ' +
  'its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".';
const PASS_ROLE =
  'User: arn:aws:sts::123456789012:assumed-role/bot/titanic-prod is not authorized to perform: iam:PassRole on resource: x';

let proxy: FaultyProxy;
let clients: AwsClients;
let endpoints: Endpoints;
const call: EndpointCall = { kind: 'update', endpointName: 'x', configName: 'y', retainVariantProperties: false };
const send = () => endpoints.send(call, mintWonIntent('survival', 1, call), new AbortController().signal, () => true);

beforeAll(async () => {
  proxy = await startFaultyProxy();
  clients = awsClientsFor({ SAGEMAKER: proxy.url });
  endpoints = createSageMakerEndpoints({
    clients: clients.sagemaker,
    cloudwatch: clients.cloudwatch,
    environmentOf: () => 'prod',
  });
});

afterAll(async () => {
  clients.destroy();
  await proxy.close();
  vi.unstubAllEnvs();
});

describe('an error reply over the wire', () => {
  it.each([
    ['ResourceLimitExceeded', QUOTA, 400, 'quota-exceeded', false],
    ['AccessDeniedException', PASS_ROLE, 400, 'access-denied', false],
    [
      'AccessDeniedException',
      'User is not authorized to perform: sagemaker:UpdateEndpoint',
      403,
      'access-denied',
      false,
    ],
    [
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      400,
      'access-denied',
      false,
    ],
    ['ExpiredTokenException', 'The security token included in the request is expired', 400, 'access-denied', true],
    ['ValidationException', BAD_ROLE, 400, 'role-invalid', false],
    ['ValidationException', NO_DATA, 400, 'model-data-missing', false],
    ['ValidationException', 'Could not find model data at s3://x/model.tar.gz.', 400, 'model-data-missing', false],
    ['ValidationException', 'Requested image 1.dkr.ecr/x:1 not found.', 400, 'image-missing', false],
    ['ValidationException', `Cannot update in-progress endpoint "${ENDPOINT}".`, 400, 'waits-for-sagemaker', true],
    ['ValidationException', 'Could not find endpoint configuration "arn".', 400, 'call-refused', true],
    ['ValidationException', `Could not find endpoint "${ENDPOINT}".`, 400, 'call-refused', true],
    ['ValidationException', `Cannot create already existing endpoint "${ENDPOINT}".`, 400, 'call-refused', true],
    ['ValidationException', "1 validation error detected: Value 'X' at 'y' failed", 400, 'call-refused', false],
    ['ConflictException', 'There was a conflict', 400, 'call-refused', true],
    ['ResourceInUse', 'Resource being accessed is in use', 400, 'call-refused', true],
    ['ThrottlingException', 'Rate exceeded', 400, 'waits-for-back-off', true],
    ['TooManyRequestsException', 'Too many', 429, 'waits-for-back-off', true],
  ] satisfies [string, string, number, ReasonCode, boolean][])('%s (%s) becomes its reason', async (...row) => {
    const [name, message, status, code, retryable] = row;
    proxy.mode = () => awsErrorAnswer(name, message, status);
    expect(await send()).toMatchObject({ kind: 'refused', requestId: 'request-1', reason: { code }, retryable });
  });

  it('is quoted in one short line without control characters', async () => {
    const message = `Bad \u001b[31mthing\r\n\u202e${'🚢'.repeat(400)}`;
    proxy.mode = () => awsErrorAnswer('ValidationException', message);
    const words = `Bad [31mthing ${'🚢'.repeat(299 - 'Bad [31mthing '.length)}…`;
    expect(await send()).toMatchObject({ reason: { code: 'call-refused', params: { words } } });
  });
});

describe("an endpoint's FailureReason", () => {
  it.each([
    [
      'The primary container for production variant AllTraffic did not pass the ping health check. Please check ' +
        'CloudWatch logs for this endpoint.',
      'health-check-failed',
    ],
    ['Failed to download model data for container. Please ensure that there is an object.', 'model-data-missing'],
    [
      'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.',
      'capacity-missing',
    ],
    ['Unable to locate at least 1 availability zone with the requested instance type.', 'capacity-missing'],
    [QUOTA, 'quota-exceeded'],
    ['The repository of your image x does not grant ecr:BatchGetImage to the execution role', 'image-missing'],
    ['CannotPullContainerError: manifest unknown', 'image-missing'],
    [BAD_ROLE, 'role-invalid'],
    ['Request to service failed. If failure persists after retry, contact support.', 'endpoint-failed'],
    ['', 'endpoint-failed'],
  ] satisfies [string, ReasonCode][])('"%s" becomes its reason', (words, code) => {
    expect(reasonForFailure(words)).toEqual({ code, params: { words: quotedWords(words) } });
  });

  it('takes another code where it names no cause', () => {
    expect(reasonForFailure('An alarm tripped', 'rolled-back-silently')).toEqual({
      code: 'rolled-back-silently',
      params: { words: 'An alarm tripped.' },
    });
  });
});
