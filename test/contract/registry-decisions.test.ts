import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningSageMaker, startSageMaker } from '../../sandbox/sagemaker/start-sagemaker.ts';
import type { AwsClients } from '../../src/adapters/aws-clients.ts';
import { createSageMakerDecisions } from '../../src/adapters/sagemaker-decisions.ts';
import { createSageMakerRegistry } from '../../src/adapters/sagemaker-registry.ts';
import type { RegistryDecisions } from '../../src/ports/registry-decisions.ts';
import { mintWonApproval } from '../../src/rollout/won-intent.ts';
import { awsClientsFor } from '../support/aws-env.ts';
import { awsErrorAnswer, type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';

const GROUP = 'titanic-survival';
const ARN = `arn:aws:sagemaker:us-east-1:123456789012:model-package/${GROUP}/1`;

let sagemaker: RunningSageMaker;
let proxy: FaultyProxy;
let clients: AwsClients;
let decisions: RegistryDecisions;

function decide(seq: number, status: 'Approved' | 'Rejected', stillFresh = () => true, writer = 'w1') {
  return decisions.decide({
    permission: mintWonApproval('survival', seq, { packageArn: ARN, status }),
    writer,
    description: 'Approved by U0ALICE in Slack',
    signal: new AbortController().signal,
    stillFresh,
  });
}

async function statusNow(): Promise<string | undefined> {
  const found = await createSageMakerRegistry(clients.registry).byArn(ARN);
  return found.kind === 'known' ? found.value?.approval : undefined;
}

/** Bodies of the calls that change a package. */
const told = () =>
  proxy.calls.filter((c) => c.operation.endsWith('.UpdateModelPackage')).map((c) => JSON.parse(c.body));

beforeAll(async () => {
  sagemaker = await startSageMaker();
  await sagemaker.control.console('CreateModelPackageGroup', { ModelPackageGroupName: GROUP });
  await sagemaker.control.console('CreateModelPackage', {
    ModelPackageGroupName: GROUP,
    ModelPackageDescription: 'trained in November',
    CustomerMetadataProperties: { accuracy: '0.81' },
    MetadataProperties: { CommitId: 'abc123', Repository: 'git@example.com:survival' },
    InferenceSpecification: {
      Containers: [{ Image: 'registry.example/survival:1' }],
      SupportedContentTypes: ['text/csv'],
    },
  });
  proxy = await startFaultyProxy(sagemaker.url);
  clients = awsClientsFor({ SAGEMAKER: proxy.url });
  decisions = createSageMakerDecisions(clients.registry, clients.registryWhile);
});

afterEach(() => {
  proxy.mode = () => ({ kind: 'pass' });
  proxy.calls.length = 0;
});

afterAll(async () => {
  clients.destroy();
  await proxy.close();
  await sagemaker.close();
  vi.unstubAllEnvs();
});

describe('writing to the Model Registry', () => {
  it('sends nothing that has become old', async () => {
    expect(await decide(1, 'Approved', () => false)).toMatchObject({ kind: 'not-sent' });
    expect(told()).toEqual([]);
    expect(await statusNow()).toBe('PendingManualApproval');
  });

  it('sends nothing that became old while it connected', async () => {
    // Fresh when it is asked first; the machine sleeps while the connection is being made.
    const answers = [true];
    expect(await decide(2, 'Approved', () => answers.shift() ?? false)).toEqual({
      kind: 'not-sent',
      why: 'too late to be sent',
    });
    expect(answers).toEqual([]);
    expect(told()).toEqual([]);
  });

  it('says that it is not clear when the reply was lost and it is too late to ask again', async () => {
    const answers = [true, true];
    proxy.mode = () => ({ kind: 'lose-reply' });
    expect(await decide(3, 'Approved', () => answers.shift() ?? false)).toMatchObject({
      kind: 'unclear',
    });
    expect(told()).toHaveLength(1);
  });

  it('names its intent otherwise in a record that began anew', async () => {
    proxy.mode = () => ({ kind: 'answer', status: 400, body: '{}' });
    await decide(7, 'Approved');
    await decide(7, 'Approved');
    await decide(7, 'Approved', () => true, 'w2');
    const tokens: string[] = told().map(({ ClientToken }) => ClientToken);
    expect(tokens).toHaveLength(3);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });

  it('sets the status once, however often the reply is lost, with who it was', async () => {
    let lost = 0;
    proxy.mode = ({ operation }) => {
      lost += operation.endsWith('.UpdateModelPackage') ? 1 : 0;
      return lost === 1 ? { kind: 'lose-reply' } : { kind: 'pass' };
    };
    expect(await decide(7, 'Approved')).toMatchObject({ kind: 'accepted' });
    const [first, second] = told();
    expect(first).toMatchObject({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'Approved by U0ALICE in Slack',
    });
    expect(first.ClientToken).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
    expect(second).toEqual(first);
    expect(await statusNow()).toBe('Approved');
    expect((await decide(8, 'Rejected')).kind).toBe('accepted');
    expect(told().at(-1).ClientToken).not.toBe(first.ClientToken);
    expect(await statusNow()).toBe('Rejected');
  });

  it('tells a definite refusal from no answer', async () => {
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'not authorized');
    expect(await decide(9, 'Approved')).toMatchObject({
      kind: 'refused',
      reason: { code: 'access-denied' },
      retryable: false,
    });
  });

  it('writes the life cycle without touching the approval, and never throws for it', async () => {
    expect(await decisions.setStage(ARN, 'staging', 'by survival-1 of titanic')).toBeNull();
    expect(told().at(-1)).toMatchObject({ ModelLifeCycle: { Stage: 'Staging', StageStatus: 'Deployed' } });
    expect(told().at(-1)).not.toHaveProperty('ModelApprovalStatus');
    expect(await statusNow()).toBe('Rejected');
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'not authorized');
    expect(await decisions.setStage(ARN, 'prod', '')).toMatchObject({ code: 'call-refused' });
  });

  it('is counted: what was answered, what was refused, and what had no answer', async () => {
    const counted: string[] = [];
    const measure = { called: (operation: string, outcome: string) => void counted.push(`${operation} ${outcome}`) };
    const watched = awsClientsFor({ SAGEMAKER: proxy.url }, { measure });
    const writing = createSageMakerDecisions(watched.registry, watched.registryWhile);
    await writing.setStage(ARN, 'staging', '');
    await writing.setStage(ARN.replace(/1$/, '99'), 'staging', '');
    proxy.mode = () => awsErrorAnswer('AccessDeniedException', 'not authorized');
    await writing.setStage(ARN, 'staging', '');
    watched.destroy();
    const name = 'sagemaker UpdateModelPackage';
    expect(counted).toEqual([`${name} ok`, `${name} ok`, `${name} refused`]);
  });

  it('reads what approvers are shown', async () => {
    const found = await createSageMakerRegistry(clients.registry).byArn(ARN);
    expect(found.kind === 'known' && found.value?.about).toMatchObject({
      commit: 'abc123',
      repository: 'git@example.com:survival',
      metrics: { accuracy: '0.81' },
    });
  });
});
