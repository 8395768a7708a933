import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDynamoTickStore } from '../../src/adapters/dynamo-tick-store.ts';
import { createPinoLogger } from '../../src/adapters/pino-logger.ts';
import { createSystemClock } from '../../src/adapters/system-clock.ts';
import { type AwsSide, composeAws } from '../../src/compose-aws.ts';
import { loadSettings } from '../../src/config.ts';
import type { TickStore } from '../../src/ports/tick-store.ts';
import { type Deletion, RESOURCE_KINDS } from '../../src/rollout/cleanup.ts';
import type { EndpointCall } from '../../src/rollout/events.ts';
import { initialState } from '../../src/rollout/state.ts';
import { mintWonApproval, mintWonDeletion, mintWonIntent, mintWonTrip } from '../../src/rollout/won-intent.ts';
import { awsErrorAnswer, type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';
import { candidate } from '../support/rollout-facts.ts';

const CANARY = 'CaNaRy';
const SECRETS = {
  AWS_ACCESS_KEY_ID: 'ASIACANARYCANARY1234',
  AWS_SECRET_ACCESS_KEY: `${CANARY}/secret+key/of/forty/characters0`,
  AWS_SESSION_TOKEN: `${CANARY}//session+token==`,
};
/** What comes back with each way of failing: the model's payload, or the request with its headers, as AWS repeats it. */
const PAYLOAD = `${CANARY} of a payload`;
const REPEATED =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and ' +
  "signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'POST\n/\n\n" +
  `x-amz-security-token:${SECRETS.AWS_SESSION_TOKEN}\n\nhost;x-amz-date'\n`;
const SERVED = { 'content-type': 'application/x-amz-json-1.1', 'x-leak': CANARY };

/** Each kind of error that a call can end with. */
const KINDS: Readonly<Record<string, ProxyMode>> = {
  'a wrong signature, repeated': awsErrorAnswer('InvalidSignatureException', REPEATED),
  'a wrong signature, in the words of others': awsErrorAnswer('SignatureDoesNotMatch', `${REPEATED} x`, 403),
  'a token that ran out': awsErrorAnswer(
    'ExpiredTokenException',
    `expired: X-Amz-Security-Token=${SECRETS.AWS_SESSION_TOKEN}`,
  ),
  'an unknown key': awsErrorAnswer('UnrecognizedClientException', `unknown ${SECRETS.AWS_ACCESS_KEY_ID}`),
  'no JSON': { kind: 'answer', status: 200, headers: SERVED, body: PAYLOAD },
  'a short body that is no JSON': { kind: 'answer', status: 200, headers: SERVED, body: CANARY },
  'other JSON': { kind: 'answer', status: 200, headers: SERVED, body: JSON.stringify({ leak: PAYLOAD }) },
  'a list': { kind: 'answer', status: 200, headers: SERVED, body: JSON.stringify([PAYLOAD]) },
  'a page': { kind: 'answer', status: 403, headers: { 'content-type': 'text/html' }, body: `<p>${PAYLOAD}</p>` },
  'a page of 502': { kind: 'answer', status: 502, headers: SERVED, body: PAYLOAD },
  'a 500 without words': { kind: 'answer', status: 500, headers: SERVED, body: JSON.stringify({ leak: PAYLOAD }) },
  'a model that fails': {
    kind: 'answer',
    status: 424,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'ModelError' },
    body: JSON.stringify({
      OriginalStatusCode: 500,
      OriginalMessage: PAYLOAD,
      Message: `Received server error (500) from primary with message "${PAYLOAD}".`,
    }),
  },
  'a cut connection': { kind: 'lose-reply' },
};

type Ports = Omit<AwsSide, 'clients'> & { readonly ticks: TickStore };
/** Complete by type: a port or a method that is added needs its line. */
type Calls = { readonly [P in keyof Ports]: { readonly [M in keyof Ports[P]]: () => unknown } };

describe('what AWS answers, and what it is asked with', { timeout: 60_000 }, () => {
  let proxy: FaultyProxy;
  let aws: AwsSide;
  let calls: Calls;
  let logged = '';
  const keep = (line: string) => {
    logged += line;
  };
  beforeAll(async () => {
    proxy = await startFaultyProxy();
    for (const [name, value] of Object.entries({ ...SECRETS, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: proxy.url })) {
      vi.stubEnv(name, value);
    }
    const read = loadSettings({
      env: { TITANIC_CONFIG: 'test/support/titanic.journey.yml', AWS_ENDPOINT_URL: proxy.url },
      readFile: (path) => readFileSync(path, 'utf8').replace('"1,female,29"', `"${PAYLOAD}"`),
    });
    if (!read.ok) throw new Error(read.message);
    const [service] = read.settings.services;
    if (service === undefined) throw new Error('no service');
    // One for each kind, because a smoke run takes a while: they run together, and the address says what comes back.
    const services = Object.keys(KINDS).map((_, n) => ({
      ...service,
      name: `kind-${n}`,
      staging: { ...service.staging, endpointName: `titanic-kind-${n}-staging` },
    }));
    // Without the values: what hides them in the log must not be what keeps them out of everything else.
    const log = createPinoLogger('trace', { write: keep });
    aws = composeAws({ ...read.settings, services }, createSystemClock(), log);
    calls = callsOf({
      ...aws,
      ticks: createDynamoTickStore({ clients: aws.clients.dynamo, table: 'titanic-rollouts' }),
    });
  });
  afterAll(async () => {
    aws.clients.destroy();
    await proxy.close();
    vi.unstubAllEnvs();
  });

  it.each(Object.keys(KINDS))('is in no result and in no error: %s', async (kind) => {
    proxy.mode = () => KINDS[kind] ?? { kind: 'pass' };
    const said = await Promise.all(
      Object.entries(calls)
        .filter(([port]) => port !== 'smoke')
        .flatMap(([port, methods]) =>
          Object.entries(methods).map(async ([method, call]) => `${port}.${method} ${await wordsOf(call)}`),
        ),
    );
    expect(said.length).toBeGreaterThan(25);
    for (const words of [...said, logged]) expect(words).not.toMatch(/CaNaRy|ASIACANARY/);
  });

  it('is in no report of a smoke run, whichever of these comes back', async () => {
    const kinds = Object.values(KINDS);
    proxy.mode = ({ operation }) => kinds[Number(/kind-(\d+)-/.exec(operation)?.[1])] ?? { kind: 'lose-reply' };
    const run = (_: unknown, n: number) => wordsOf(() => aws.smoke.run(`kind-${n}`, 'staging', 'gate', () => true));
    const said = await Promise.all(kinds.map(run));
    expect(said.filter((words) => words.includes('verdict'))).toHaveLength(kinds.length);
    for (const words of [...said, logged]) expect(words).not.toMatch(/CaNaRy|ASIACANARY/);
    expect(proxy.calls.some(({ body }) => body === PAYLOAD)).toBe(true);
  });

  it('was really asked for: the proxy saw these keys, and calls to each service', () => {
    const services = new Set(proxy.calls.map(({ operation }) => operation.replace(/[.\d].*/, '')));
    expect([...services].sort()).toEqual([
      '/endpoints/titanic-kind-',
      'DynamoDB_',
      'GraniteServiceVersion',
      'SageMaker',
    ]);
    expect(new Set(proxy.calls.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([SECRETS.AWS_ACCESS_KEY_ID]));
  });
});

/** What becomes of it, as it would be recorded, shown or logged. */
async function wordsOf(call: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await call()) ?? 'nothing';
  } catch (error) {
    // As everything logs what it caught.
    return `${String(error)} ${error instanceof Error ? error.message : ''}`;
  }
}

function callsOf(ports: Ports): Calls {
  const {
    store,
    memberships,
    registry,
    decisions,
    endpoints,
    alarms,
    fleets,
    running,
    usage,
    smoke,
    inventory,
    cleaner,
    ticks,
  } = ports;
  const name = 'titanic-survival-staging';
  const arn = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival/1';
  const entry = { seq: 1, body: PAYLOAD, hash: 'h', prevHash: '' };
  const cursor = { version: 1, claim: null, seq: 0, cards: {} };
  const call: EndpointCall = {
    kind: 'update',
    endpointName: name,
    configName: `${name}-v1`,
    retainVariantProperties: false,
  };
  const deletion: Deletion = { kind: 'model', name: 'titanic-old', arn, environment: 'staging' };
  const signal = new AbortController().signal;
  const decided = { packageArn: arn, status: 'Approved' } as const;
  const permission = mintWonApproval('survival', 1, decided);
  const trip = mintWonTrip('survival', 1, { environment: 'prod', alarm: 'c-kill-switch' });
  return {
    store: {
      after: () => store.after('survival', 0),
      read: () => store.read('survival', 1),
      append: () => store.append('survival', entry),
      snapshot: () => store.snapshot('survival'),
      saveSnapshot: () => store.saveSnapshot('survival', { seq: 1, hash: 'h', shape: 1, state: PAYLOAD }),
      cursor: () => store.cursor('survival'),
      saveCursor: () => store.saveCursor('survival', cursor, null),
    },
    memberships: {
      members: () => memberships.members('S0APPROVERS'),
      saveMembers: () => memberships.saveMembers('S0APPROVERS', { users: [], atMs: 0 }),
    },
    registry: {
      newestApproved: () => registry.newestApproved('titanic-survival'),
      byVersion: () => registry.byVersion('titanic-survival', 1),
      byArn: () => registry.byArn(arn),
      list: () => registry.list('titanic-survival', 5),
      versions: () => registry.versions('titanic-survival'),
    },
    decisions: {
      decide: () => decisions.decide({ permission, writer: 'w', description: 'd', signal, stillFresh: () => true }),
      setStage: () => decisions.setStage(arn, 'prod', 'words'),
    },
    endpoints: {
      describe: () => endpoints.describe('staging', name),
      chain: () => endpoints.chain('staging', `${name}-v1`),
      tags: () => endpoints.tags('staging', arn),
      prepare: () =>
        endpoints.prepare({
          environment: 'staging',
          candidate: candidate(1),
          configName: 'c',
          modelName: 'm',
          tags: {},
        }),
      send: () => endpoints.send(call, mintWonIntent('survival', 1, call), signal, () => true),
    },
    alarms: {
      prepare: () =>
        alarms.prepare({
          environment: 'prod',
          endpointName: name,
          configName: 'c',
          plan: { errorPercent: 1, p95Ms: 1, named: [], namedWithoutData: 'wait' },
          tags: {},
        }),
      read: () => alarms.read('prod', ['c-kill-switch']),
      trip: () => alarms.trip(trip, signal, () => true),
    },
    usage: { read: () => usage.read('prod', name, { fromMs: 0, toMs: 60_000 }) },
    running: { see: () => running.see('prod', name) },
    fleets: {
      compare: () =>
        fleets.compare('prod', {
          endpointName: name,
          configName: 'c',
          oldConfigName: 'b',
          since: '2026-03-02T09:00:00.000Z',
          slowMs: 1,
        }),
      requests: () => fleets.requests('staging', { endpointName: name, since: '2026-03-02T09:00:00.000Z' }),
    },
    // By a test of its own.
    smoke: { run: () => smoke.run('kind-0', 'staging', 'gate', () => true) },
    inventory: {
      list: () => inventory.list(),
      users: () => Promise.all(RESOURCE_KINDS.map((kind) => inventory.users(kind))),
      tags: () => inventory.tags('titanic-old', arn),
      remove: () =>
        inventory.remove('model', 'titanic-old', mintWonDeletion('survival', 1, [deletion]), signal, () => true),
    },
    cleaner: {
      plan: () => cleaner.plan(initialState('survival'), 'all'),
      foreign: () => cleaner.foreign('titanic-old', {}),
    },
    ticks: { claimTick: () => ticks.claimTick('survival', 'nightly-verify', 'now') },
  };
}
