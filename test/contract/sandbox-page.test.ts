import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEndpoints } from '../../sandbox/page/read-endpoints.ts';
import type { SlackSnapshot } from '../../sandbox/page/wire.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 240 });
});

afterAll(() => sandbox.close());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A request with exactly these headers; `fetch` would not send a Host or Origin of our own. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(`${sandbox.slack.url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asking.on('error', reject).end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const SPEED = JSON.stringify({ speed: 100 });

describe('who may use the page', () => {
  it('answers this machine', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self' 'sha256-[^']+'; /);
  });

  it('refuses a name that was pointed at this machine', async () => {
    expect((await ask('/', { host: 'elsewhere.example' })).status).toBe(403);
    expect((await ask('/page/api/record', { host: 'elsewhere.example' })).status).toBe(403);
  });

  it('refuses deeds that another page starts', async () => {
    const from = (headers: Record<string, string>) => ask('/page/api/speed', headers, 'POST', SPEED);
    expect((await from({ ...JSON_TYPE, origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await from({ ...JSON_TYPE, origin: 'null' })).status).toBe(403);
    expect((await from({ ...JSON_TYPE, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'empty' })).status).toBe(403);
    expect((await from({ 'content-type': 'text/plain' })).status).toBe(403);
    expect((await sandbox.sagemaker.control.state()).speed).toBe(240);
    expect((await from({ ...JSON_TYPE, origin: sandbox.slack.url })).status).toBe(200);
    expect((await sandbox.sagemaker.control.state()).speed).toBe(100);
  });
});

describe('what the page is given', () => {
  it('strips the types of its modules and keeps their lines', async () => {
    const module = await ask('/page/browser/model/store.ts');
    expect(module.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(module.body).not.toContain('interface Store');
    expect(module.body).toContain('export function createStore');
  });

  it('gives no file but its own', async () => {
    for (const path of [
      '/page/browser/../serve-page.ts',
      '/page/browser/tsconfig.json',
      '/page/vendor/zod.mjs',
      '/page/style/..%2f..%2fstart.ts',
    ])
      expect((await ask(path)).status, path).toBe(404);
  });

  it('shows a person what Slack shows them, and nobody else their answers', async () => {
    await sandbox.slack.control.say({ user: 'U0ALICE', channel: 'C0RANDOM', text: 'hello' });
    const seen = async (as: string) => JSON.parse((await ask(`/page/api/slack?as=${as}`)).body) as SlackSnapshot;
    const alice = await seen('U0ALICE');
    expect(alice.messages.map(({ text }) => text)).toEqual(['hello']);
    expect(alice.people.find(({ id }) => id === 'U0BOTH')?.roles).toEqual(['approver', 'operator']);
    expect((await seen('U0FOREIGN')).channels.map(({ name }) => name)).toEqual(['shared-with-partner']);
  });

  it('asks prod through the inference API, and passes on what that says', async () => {
    const answerTo = async (age: string) => {
      const passenger = JSON.stringify({ passengerClass: '1', sex: 'female', age });
      return JSON.parse((await ask('/page/api/ask-prod', JSON_TYPE, 'POST', passenger)).body);
    };
    expect(await answerTo('29')).toMatchObject({
      ok: false,
      version: null,
      reply: expect.stringMatching(/^No model serves/),
    });
    expect(await answerTo('old')).toMatchObject({ ok: false, reply: expect.stringContaining('age must be a number') });
  });

  it('says what is wrong with a deed', async () => {
    const deed = async (name: string, body: object) =>
      (await ask(`/page/api/${name}`, JSON_TYPE, 'POST', JSON.stringify(body))).status;
    expect(await deed('switch', { id: 'no-such', on: true })).toBe(404);
    expect(await deed('switch', { id: 'slowModel' })).toBe(400);
    expect(await deed('speed', { speed: 0 })).toBe(400);
    expect(await deed('nothing', {})).toBe(404);
  });
});

describe('what the page shows of a guarded update', () => {
  it('both fleets with their share, the end of the step, and the alarms of the new fleet', async () => {
    const { control } = sandbox.sagemaker;
    const { modelPackages } = await control.state();
    const name = 'titanic-survival-prod';
    const alarm = 'guarded-3-errors';
    for (const version of [1, 3]) {
      await control.console('CreateModel', {
        ModelName: `guarded-${version}`,
        ExecutionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
        PrimaryContainer: {
          ModelPackageName: String(
            modelPackages.find(({ ModelPackageVersion }) => ModelPackageVersion === version)?.ModelPackageArn,
          ),
        },
      });
      await control.console('CreateEndpointConfig', {
        EndpointConfigName: `guarded-${version}`,
        ProductionVariants: [
          {
            VariantName: 'AllTraffic',
            ModelName: `guarded-${version}`,
            InitialInstanceCount: 2,
            InstanceType: 'ml.m5.large',
          },
        ],
      });
    }
    await control.setSpeed(100_000);
    await control.console('CreateEndpoint', { EndpointName: name, EndpointConfigName: 'guarded-1' });
    await expect
      .poll(async () => (await control.state()).endpoints[0]?.EndpointStatus, { timeout: 10_000 })
      .toBe('InService');
    await control.console('PutMetricAlarm', {
      AlarmName: alarm,
      Namespace: 'Titanic',
      MetricName: 'RollBack',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    });
    await control.setSpeed(1_000);
    await control.console('UpdateEndpoint', {
      EndpointName: name,
      EndpointConfigName: 'guarded-3',
      DeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            WaitIntervalInSeconds: 3_600,
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
          },
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: alarm }] },
      },
    });
    const prod = async () => readEndpoints(await control.state()).find((endpoint) => endpoint.name === name);
    await expect.poll(async () => (await prod())?.pending?.fleets.length, { timeout: 10_000 }).toBe(2);
    expect((await prod())?.pending).toMatchObject({
      version: 3,
      words: expect.stringContaining('canary capacity of 1 instance(s)'),
      fleets: [
        { version: 1, percent: 50 },
        { version: 3, percent: 50 },
      ],
      alarms: [{ name: 'errors', state: 'INSUFFICIENT_DATA' }],
      stepEndsMs: expect.any(Number),
    });
  });
});
