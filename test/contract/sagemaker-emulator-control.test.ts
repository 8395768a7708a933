import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSageMakerControl } from '../../sandbox/sagemaker/control-client.ts';
import { SURVIVAL_GROUP, seedSurvival } from '../../sandbox/sagemaker/seed-survival.ts';
import { ask, durations, makeConfig, makeEndpoint, refusalOf, type Setup, setUp } from './sagemaker-emulator-setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
});
afterEach(() => setup.close());

describe('the journal', () => {
  test('has each call that changes something, with what was there before, and each change of status', async () => {
    await makeEndpoint(setup);
    const seen = (await setup.running.control.journal()).at(-1)?.seq ?? 0;
    const before = await setup.sagemaker.describeEndpoint({ EndpointName: 'prod' });
    const update = { EndpointName: 'prod', EndpointConfigName: 'v2' };
    const { $metadata } = await setup.sagemaker.updateEndpoint(update);
    const again = await refusalOf(setup.sagemaker.updateEndpoint(update));
    setup.pass(durations.updateMs + 5000);
    const entries = await setup.running.control.journal(seen);
    expect(entries).toMatchObject([
      {
        kind: 'call',
        seq: seen + 1,
        by: 'api',
        operation: 'UpdateEndpoint',
        outcome: 'accepted',
        endpoint: 'prod',
        parameters: update,
        requestId: $metadata.requestId,
        accessKeyId: 'AKIASANDBOX',
        userAgent: expect.stringContaining('aws-sdk-js'),
        before: { status: 'InService', configName: 'v1', lastModifiedMs: before.LastModifiedTime?.getTime() },
      },
      { kind: 'transition', endpoint: 'prod', from: 'InService', to: 'Updating', configName: 'v1', asAsked: true },
      {
        kind: 'call',
        outcome: 'refused',
        requestId: again.requestId,
        error: { code: 'ValidationException', message: again.message },
        before: { status: 'Updating', configName: 'v1', pendingConfigName: 'v2' },
      },
      {
        kind: 'transition',
        endpoint: 'prod',
        from: 'Updating',
        to: 'InService',
        configName: 'v2',
        asAsked: true,
        // When it happened, not when somebody looked.
        atMs: setup.nowMs() - 5000,
      },
    ]);
  });

  test('tells a rollback, a failure, an end and a change in the console from what was asked for', async () => {
    await makeEndpoint(setup);
    const { control } = setup.running;
    await control.setFault({ kind: 'silentRollback', count: 1, reason: 'bad' });
    await setup.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v2' });
    setup.pass(durations.updateMs);
    await control.console('UpdateEndpoint', { EndpointName: 'prod', EndpointConfigName: 'v2' });
    setup.pass(durations.updateMs);
    await setup.sagemaker.deleteEndpoint({ EndpointName: 'prod' });
    setup.pass(durations.deleteMs);
    const journal = await control.journal();
    expect(journal.filter((entry) => entry.kind === 'transition').slice(3)).toMatchObject([
      { to: 'InService', configName: 'v1', asAsked: false, reason: 'bad', by: 'api' },
      { to: 'Updating', by: 'console' },
      { to: 'InService', configName: 'v2', asAsked: true, by: 'console' },
      { to: 'Deleting', by: 'api' },
      { from: 'Deleting', to: 'gone' },
    ]);
    expect(journal.filter((entry) => entry.kind === 'call' && entry.by === 'console')).toHaveLength(1);
  });

  test('leaves out what only looks', async () => {
    await setup.sagemaker.listModels({});
    expect(await setup.running.control.journal()).toEqual([]);
  });
});

describe('over HTTP', () => {
  test('the control interface does the same as in process', async () => {
    const remote = createSageMakerControl(setup.running.url);
    await seedSurvival({ control: remote });
    await makeEndpoint(setup);
    await ask(setup, 'prod');
    const fault = await remote.setFault({ kind: 'throttle', operation: 'ListModels', count: 3 });
    expect(await remote.faults()).toEqual([fault]);
    expect(await remote.clearFaults({ id: fault.id })).toBe(1);
    await remote.console('UpdateEndpoint', { EndpointName: 'prod', EndpointConfigName: 'v2' });
    await remote.setSpeed(10);
    setup.pass(durations.updateMs / 10);
    await remote.systemUpdate('prod');
    const state = await remote.state();
    expect(state).toMatchObject({
      nowMs: setup.nowMs(),
      speed: 10,
      faults: [],
      invocations: { 'prod/v1/AllTraffic': 1 },
      endpoints: [{ EndpointName: 'prod', EndpointStatus: 'SystemUpdating', EndpointConfigName: 'v2' }],
    });
    expect(state.modelPackages.map((item) => item.ModelPackageVersion)).toEqual([1, 2, 3, 4]);
    expect(await remote.journal()).toEqual(JSON.parse(JSON.stringify(await setup.running.control.journal())));
  });

  test('refusals come back as errors', async () => {
    const remote = createSageMakerControl(setup.running.url);
    await expect(remote.console('DeleteEndpoint', { EndpointName: 'prod' })).rejects.toMatchObject({
      name: 'ControlRefused',
      code: 'ValidationException',
      message: expect.stringContaining('Could not find endpoint'),
    });
    await expect(remote.setSpeed(0)).rejects.toMatchObject({ code: 'BadRequest' });
    // @ts-expect-error: what TypeScript would not let through has to be refused on the wire.
    await expect(remote.setFault({ kind: 'iceberg' })).rejects.toMatchObject({ code: 'BadRequest' });
  });

  test('only loopback hosts, and of posts only JSON, are let in', async () => {
    const answer = (headers: Record<string, string>, method = 'GET', path = '/_control/state') =>
      new Promise<number | undefined>((resolve, reject) => {
        const { port } = setup.running;
        request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await answer({ host: 'sandbox.example:80' })).toBe(403);
    expect(await answer({ host: 'localhost:1234' })).toBe(200);
    expect(await answer({ 'content-type': 'text/plain' }, 'POST', '/_control/faults')).toBe(415);
    expect(await answer({}, 'GET', '/_control/nothing')).toBe(404);
  });
});

describe('a state on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'titanic-sagemaker-'));
  const statePath = join(folder, 'deeper', 'sagemaker.json');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('lets a restarted emulator go on: everything is there, and endpoints moved on meanwhile', async () => {
    const first = await setUp({ statePath });
    await seedSurvival(first.running);
    await makeEndpoint(first);
    await first.running.control.setSpeed(2);
    await first.running.control.setFault({ kind: 'slowModel', ms: 1, count: 5 });
    await makeConfig(first, 'v3');
    await first.sagemaker.updateEndpoint({ EndpointName: 'prod', EndpointConfigName: 'v3' });
    const journal = await first.running.control.journal();
    const { faults } = await first.running.control.state();
    await first.close();
    expect(readdirSync(join(folder, 'deeper')).toSorted()).toEqual(['sagemaker.json', 'sagemaker.json.journal.jsonl']);

    const later = first.nowMs() + durations.updateMs / 2;
    const second = await setUp({ statePath, speed: 99, now: () => later });
    expect(await second.sagemaker.describeEndpoint({ EndpointName: 'prod' })).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v3',
    });
    expect(await ask(second, 'prod')).toMatch(/^0\.8/);
    const state = await second.running.control.state();
    expect(state.speed).toBe(2);
    expect(state.faults.map((fault) => fault.id)).toEqual(faults.map((fault) => fault.id));
    const restored = await second.running.control.journal();
    expect(restored.slice(0, journal.length)).toEqual(JSON.parse(JSON.stringify(journal)));
    expect(restored.at(-1)).toMatchObject({ kind: 'transition', to: 'InService', atMs: later });
    await seedSurvival(second.running);
    const { ModelPackageSummaryList } = await second.sagemaker.listModelPackages({
      ModelPackageGroupName: SURVIVAL_GROUP,
    });
    expect(ModelPackageSummaryList).toHaveLength(4);
    await second.close();
  });
});
