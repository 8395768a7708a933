import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../blocks/ids.ts';
import { eventsOf } from '../../sandbox/demo/record.ts';
import { createDynamoLogStore } from '../../src/adapters/dynamo-log-store.ts';
import { canonical, sha256 } from '../../src/evidence/canonical.ts';
import { createChance } from '../simulation/chance.ts';
import { awsErrorAnswer, type FaultyProxy, type ProxyMode, startFaultyProxy } from '../support/faulty-proxy.ts';
import { type Journey, PROD, rolloutOf, STAGING, startJourney, WHO } from '../support/journey.ts';

const { olivia, alice, bea } = WHO;
const TABLE = 'titanic-rollouts';
const PASS: ProxyMode = { kind: 'pass' };
/** As DynamoDB words them for a table of provisioned capacity, and for one on demand. */
const THROTTLED = [
  awsErrorAnswer(
    'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
  ),
  awsErrorAnswer(
    'com.amazon.coral.availability#ThrottlingException',
    'Throughput exceeds the current capacity of your table or index.',
  ),
];
/** Nobody knows of these whether it was done; half of the time it was. */
const BROKEN: readonly ProxyMode[] = [
  awsErrorAnswer('InternalServerError', 'Internal server error', 500),
  { kind: 'answer', status: 503, body: '<html>Service Unavailable</html>', afterEffect: true },
  { kind: 'answer', status: 500, body: '', afterEffect: true },
  { kind: 'answer', status: 502, body: 'Bad Gateway' },
];

describe('when the store is in trouble', { timeout: 120_000 }, () => {
  let journey: Journey;
  let proxy: FaultyProxy;
  const chance = createChance(1, 'store');
  beforeAll(async () => {
    journey = await startJourney({
      delivery: 'socket',
      tableThrough: async (url) => {
        proxy = await startFaultyProxy(url);
        return proxy.url;
      },
    });
  });
  afterAll(async () => {
    proxy.mode = () => PASS;
    await journey.close();
    await proxy.close();
  });

  /** A third of all calls meets one of these; answers how many did, and of how many. */
  async function aThird(faults: readonly ProxyMode[], during: () => Promise<void>): Promise<number> {
    const before = proxy.calls.length;
    let struck = 0;
    proxy.mode = () => {
      if (!chance.happens(0.33)) return PASS;
      struck += 1;
      return chance.pick(faults);
    };
    await during();
    proxy.mode = () => PASS;
    return struck / (proxy.calls.length - before);
  }

  async function toProd(words: string): Promise<string> {
    const id = await journey.toTheGate(olivia, words);
    await journey.promotes(alice, id);
    return id;
  }

  const readyz = async () => {
    const answer = await fetch(`${journey.sandbox.bot().url}/readyz`);
    return `${answer.status} ${(await answer.text()).trim()}`;
  };
  it('takes a rollout to prod while a third of all requests is throttled, with one call each', async () => {
    let id = '';
    const share = await aThird(THROTTLED, async () => {
      id = await toProd('deploy staging --model 1');
    });
    expect(share).toBeGreaterThan(0.2);
    expect((await journey.calls(STAGING)).map(({ operation }) => operation)).toEqual(['CreateEndpoint']);
    expect((await journey.calls(PROD)).map(({ operation }) => operation)).toEqual(['CreateEndpoint']);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    await journey.shows(id, '✅ promoted to prod');
    expect(await journey.cards(id)).toHaveLength(1);
  });

  it('does nothing twice while a third is answered by 5xx, half of these after they took effect', async () => {
    const mark = await journey.mark();
    let id = '';
    const share = await aThird(BROKEN, async () => {
      id = await toProd('deploy staging --model 3');
      await journey.types(bea, 'rollback -- error rate is up');
      await journey.until(
        'prod is back',
        (s) => s.environments.prod.rollback === null && s.environments.prod.holds.length > 0,
      );
    });
    expect(share).toBeGreaterThan(0.2);
    expect(await journey.calls(STAGING, mark)).toHaveLength(1);
    expect((await journey.calls(PROD, mark)).map(({ operation }) => operation)).toEqual([
      'UpdateEndpoint',
      'UpdateEndpoint',
    ]);
    expect(await journey.world.serving(PROD)).toMatchObject({ version: 1, status: 'InService' });
    const entries = await journey.record.entries();
    expect(eventsOf(entries, 'RolloutStarted')).toHaveLength(2);
    expect(eventsOf(entries, 'RollbackStarted')).toHaveLength(1);
    const intents = eventsOf(entries, 'CallIntended').map(({ entry }) => entry.seq);
    const decided = eventsOf(entries, 'CallDecided').map(({ event }) => event.intent);
    expect([...decided].sort()).toEqual([...intents].sort());
    const [back] = eventsOf(entries, 'RollbackStarted');
    await journey.shows(back?.event.rollbackId ?? '', 'back at version 1');
    for (const each of [id, back?.event.rollbackId ?? '']) expect(await journey.cards(each)).toHaveLength(1);
    await journey.types(olivia, 'unlock prod -- it was the store');
  });

  it('says so while every connection is refused, comes back by itself, and does once what was asked meanwhile', async () => {
    const mark = await journey.mark();
    const id = await journey.deploys(olivia, 'deploy staging --model 3');
    await journey.until('SageMaker is at work', (s) => s.environments.staging.deployment?.followed != null);
    await proxy.refuse();
    expect(await readyz()).toMatch(/^503 the table titanic-rollouts cannot be reached: .*ECONNREFUSED/);
    expect(await journey.types(alice, 'status')).toMatch(/The record cannot be read right now: .*ECONNREFUSED/);
    const locked = journey.types(bea, 'lock prod -- nobody can read');
    // Whoever waits longer than ten seconds is told so: test/long/store-away.ts.
    await wait(2_000);
    await proxy.accept();
    expect(await locked).toContain('prod is locked');
    await journey.until('the lock is recorded', (s) => s.environments.prod.holds.length === 1);
    await expect.poll(readyz, { timeout: 20_000 }).toBe('200 ready');
    await journey.until('the gate opens', (s) => rolloutOf(s, id)?.status === 'gate');
    expect(await journey.calls(STAGING, mark)).toHaveLength(1);
    const locks = eventsOf(await journey.record.entries(), 'HoldPlaced').filter(({ event }) => event.kind === 'lock');
    expect(locks).toHaveLength(1);
    await journey.types(bea, 'unlock prod -- read again');
  });

  it('stays passive behind an entry of a newer titanic, and says so to whoever asks', async () => {
    const client = new DynamoDBClient({
      endpoint: journey.sandbox.dynamo.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
    });
    const store = createDynamoLogStore({ clients: { repeatable: client, once: client }, table: TABLE });
    const mark = await journey.mark();
    const id = (await journey.record.state()).rollouts.at(-1)?.id ?? '';
    await journey.shows(id, 'waits for approval');
    const { seq, hash } = await journey.record.state();
    const last = (await journey.record.entries()).at(-1);
    const { hash: _, ...content } = last ?? { hash: '' };
    const body = canonical({
      ...content,
      seq: seq + 1,
      prevHash: hash,
      events: [{ type: 'RolloutBlessed', by: alice }],
    });
    await store.append('survival', { seq: seq + 1, body, hash: sha256(body), prevHash: hash });

    expect(await journey.presses(alice, ACTIONS.promote, id)).toContain('an entry of a newer titanic');
    expect(await journey.types(olivia, 'rollback')).toContain('an entry of a newer titanic');
    expect(await journey.types(alice, 'status')).toMatch(/a newer titanic wrote entry \d+; this replica stays passive/);
    await expect
      .poll(readyz, { timeout: 20_000 })
      .toMatch(/^200 ready, but a newer titanic wrote entry \d+ of survival/);
    expect((await store.after('survival', seq)).map((entry) => entry.seq)).toEqual([seq + 1]);
    expect(await journey.calls(PROD, mark)).toEqual([]);
    client.destroy();
  });
});
