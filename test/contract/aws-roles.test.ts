import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAssumedRole } from '../../src/adapters/assumed-role.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerEndpoints } from '../../src/adapters/sagemaker-endpoints.ts';
import type { EndpointCall } from '../../src/rollout/events.ts';
import { mintWonIntent } from '../../src/rollout/won-intent.ts';
import { awsClientsFor, silentLogger } from '../support/aws-env.ts';
import { type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';

const PROD_ROLE = 'arn:aws:iam::123456789012:role/titanic-prod';

let sts: FaultyProxy;
let sagemaker: FaultyProxy;
let clients: AwsClients;

const xml = (status: number, body: string): ProxyMode => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});
const granted = (accessKeyId: string, expiration: string) =>
  xml(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
     <AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
     <Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
  );
const denied = xml(
  403,
  `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>
   <Message>User is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`,
);

beforeAll(async () => {
  sts = await startFaultyProxy();
  sagemaker = await startFaultyProxy();
  sagemaker.mode = () => ({ kind: 'answer', status: 200, body: '{}' });
  clients = awsClientsFor({ STS: sts.url, SAGEMAKER: sagemaker.url }, { prodRoleArn: PROD_ROLE });
});

afterAll(async () => {
  clients.destroy();
  await sts.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

describe('the role of an environment', () => {
  const endpoints = () =>
    createSageMakerEndpoints({
      clients: clients.sagemaker,
      cloudwatch: clients.cloudwatch,
      environmentOf: (name) => (name === 'p' ? 'prod' : 'staging'),
    });
  const send = (endpointName: string) => {
    const call: EndpointCall = { kind: 'delete', endpointName };
    return endpoints().send(call, mintWonIntent('survival', 1, call), new AbortController().signal, () => true);
  };

  it('refuses the call when it cannot be assumed, because then nothing was sent', async () => {
    sts.mode = () => denied;
    const reply = await send('p');
    expect(reply).toMatchObject({ kind: 'refused', retryable: true, reason: { code: 'access-denied' } });
    expect(JSON.stringify(reply)).toContain('sts:AssumeRole');
    expect(sagemaker.calls).toHaveLength(0);
  });

  it('is assumed once for all clients of its environment, and for no other', async () => {
    sts.calls.length = 0;
    sts.mode = () => granted('ASIAPROD', new Date(Date.now() + 3_600_000).toISOString());
    expect(await send('s')).toMatchObject({ kind: 'accepted' });
    expect(sts.calls).toHaveLength(0);
    await Promise.all([send('p'), send('p'), endpoints().describe('prod', 'p')]);
    expect(sts.calls.map(({ body }) => Object.fromEntries(new URLSearchParams(body)))).toMatchObject([
      { Action: 'AssumeRole', RoleArn: PROD_ROLE, RoleSessionName: 'titanic-prod' },
    ]);
  });
});

describe('assumed credentials', () => {
  it('are asked for again five minutes before they end, and used to the end while STS is away', async () => {
    const startMs = Date.UTC(2030, 0, 1);
    let nowMs = startMs;
    const role = createAssumedRole({
      sts: clients.sts,
      roleArn: PROD_ROLE,
      sessionName: 'titanic-prod',
      log: silentLogger,
      nowMs: () => nowMs,
    });
    const keyAt = async (minutes: number) => {
      nowMs = startMs + minutes * 60_000;
      return (await role()).accessKeyId;
    };
    sts.mode = () => granted('FIRST', '2030-01-01T01:00:00Z');
    expect(await keyAt(0)).toBe('FIRST');
    sts.mode = () => denied;
    expect(await keyAt(54)).toBe('FIRST');
    expect(await keyAt(56)).toBe('FIRST');
    sts.mode = () => granted('SECOND', '2030-01-01T02:00:00Z');
    expect(await keyAt(57)).toBe('SECOND');
    sts.mode = () => denied;
    await expect(keyAt(121)).rejects.toThrow(/sts:AssumeRole/);
  });
});
