import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { COMPILED_CODE } from '../../sandbox/compiled-code.ts';
import { openRecord, type Record } from '../../sandbox/demo/record.ts';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { type Said, titanicHere } from '../support/titanic-here.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const CONFIG = fileURLToPath(new URL('../support/titanic.journey.yml', import.meta.url));
const SPEED = 2_000;

// Processes start slowly on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const STEP_WITHIN_MS = 40_000;
/** No bot is waited for. */
const HERE = ['--take-over-after', '0'];

let sandbox: Sandbox;
let record: Record;
let folder: string;

/** The real command, as a process of its own. */
function running(words: readonly string[], env: Readonly<{ [name: string]: string }> = {}): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...words], {
      env: { ...sandbox.env, ...COMPILED_CODE, ...env },
      cwd: folder,
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

/** The same in this process, which is quicker. */
function titanic(words: readonly string[], env: Readonly<{ [name: string]: string }> = {}): Promise<Said> {
  return titanicHere(words, { ...sandbox.env, ...env });
}

async function until(holds: (state: ServiceState) => boolean): Promise<ServiceState> {
  const end = Date.now() + STEP_WITHIN_MS;
  while (Date.now() < end) {
    const state = await record.state();
    if (holds(state)) return state;
    await wait(50);
  }
  throw new Error(`Not within ${STEP_WITHIN_MS / 1_000} s: ${holds}`);
}

beforeAll(async () => {
  sandbox = await startSandbox({ speed: SPEED, configPath: CONFIG });
  record = openRecord(sandbox.dynamo.url, 'titanic-rollouts', 'survival');
  folder = mkdtempSync(join(tmpdir(), 'titanic-cli-'));
});

afterAll(async () => {
  record.close();
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

describe('the titanic command without a running bot', () => {
  it('finds everything there, and changes nothing', async () => {
    const doctor = await running(['doctor', '--json']);
    const table = await titanic(['create-table']);
    const status = await titanic(['status', '--json']);
    expect(doctor.code).toBe(0);
    expect(JSON.parse(doctor.out)).toMatchObject({ fine: true });
    expect(table).toEqual({ code: 0, out: 'The table titanic-rollouts is there already.\n', err: '' });
    expect(JSON.parse(status.out).services[0]).toMatchObject({ service: 'survival', entries: 0, rollouts: [] });
  });

  it('says what is missing', async () => {
    const config = await titanic(['doctor', '--json'], { TITANIC_CONFIG: 'nowhere.yml' });
    const table = await titanic(['status'], { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' });
    const credentials = await titanic(['deploy'], { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' });
    expect([config.code, JSON.parse(config.out).needs[0].name]).toEqual([1, 'configuration']);
    expect([table.code, table.err]).toEqual([1, expect.stringContaining('the record cannot be read')]);
    expect([credentials.code, credentials.err]).toEqual([1, expect.stringContaining('does not say who you are')]);
    expect((await record.state()).seq).toBe(0);
  });

  it('deploys to staging by itself, waits for the gate and cannot open it', async () => {
    const deployed = await running([
      'deploy',
      '--model',
      '1',
      '--requested-by',
      'U0BOTH',
      '--wait',
      ...HERE,
      '--',
      'the',
      'first',
    ]);
    expect(deployed).toMatchObject({ code: 0, err: expect.stringContaining('this process carries it out') });
    expect(deployed.out).toMatch(/smoke tests of staging passed: 60 requests.*\n.*the gate is open/);
    expect(deployed.out).not.toContain('\u001b');
    const [rollout] = (await record.state()).rollouts;
    expect(rollout).toMatchObject({ status: 'gate', requester: 'U0BOTH', note: 'the first', quorum: 1 });

    // Its card is one of those that Slack is asked about.
    const live = await titanic(['doctor', '--live', '--json']);
    const { needs } = JSON.parse(live.out) as { needs: { name: string; detail: string }[] };
    expect([live.code, needs.find(({ name }) => name === 'survival: messages')?.detail]).toEqual([
      0,
      'Slack takes status, history, models, card survival-1',
    ]);

    const promoted = await titanic(['promote', '--json']);
    const asked = await titanic(['promote', 'survival-1', '--request']);
    expect([promoted.code, JSON.parse(promoted.out)]).toMatchObject([
      1,
      { done: false, reason: { code: 'not-an-approver' } },
    ]);
    expect(asked).toMatchObject({ code: 0, out: expect.stringContaining('C0TITANIC') });
    const refused = (await record.entries()).find((e) => e.events.some((v) => v.type === 'CommandRefused'));
    expect(refused?.actor).toEqual({
      kind: 'pipeline',
      id: 'arn:aws:iam::123456789012:user/titanic-sandbox',
      via: 'cli',
    });
  });

  it('needs one more approval where nobody is named as requester, and rolls back', async () => {
    const deployed = await running(['deploy', 'staging', '--wait', '--json', ...HERE]);
    expect(deployed.code).toBe(0);
    expect(JSON.parse(deployed.out)).toMatchObject({
      done: true,
      rollout: { version: 3, status: 'gate', approvals: { need: 2 } },
    });
    const back = await running(['rollback', 'staging', '--wait', ...HERE, '--', 'worse', 'than', 'before']);
    expect(back).toMatchObject({ code: 0, out: expect.stringMatching(/staging is back at version 1\.\n$/) });
    const again = await titanic(['rollback', '--json', '--', 'nothing is there']);
    expect([again.code, JSON.parse(again.out).reason.code]).toEqual([1, 'nothing-to-go-back-to']);
  });

  it('exports evidence that verifies, until one byte of it is changed', async () => {
    const file = join(folder, 'survival-1.json');
    const exported = await running(['evidence', 'export', 'survival-1', '--out', file]);
    expect(exported).toMatchObject({ code: 0, out: expect.stringContaining('titanic verify') });
    const bytes = readFileSync(file, 'utf8');
    const changed = join(folder, 'changed.json');
    writeFileSync(changed, bytes.replace('U0BOTH', 'U0BOSS'));
    const whole = await running(['verify', file], {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
    });
    const live = await titanic(['verify', file, '--live', '--json']);
    const broken = await titanic(['verify', changed]);
    const over = await titanic(['evidence', 'export', 'survival-1', '--out', file]);
    const markdown = await titanic(['evidence', 'export', 'survival-1', '--markdown']);
    const none = await titanic(['evidence', 'export', 'survival-999']);
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('Whole: survival-1') });
    expect([live.code, JSON.parse(live.out).findings]).toEqual([0, []]);
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('Not whole')]);
    expect([over.code, readFileSync(file, 'utf8')]).toEqual([1, bytes]);
    expect(markdown.out).toContain('# Evidence of survival');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('There is no rollout')]);
  });

  it('proves that what runs is what the record says, and lists what was', async () => {
    const verified = await titanic(['verify', '--live']);
    const history = await titanic(['history', '5', '--json']);
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/\d+ checks, all ok\.\n$/) });
    expect(JSON.parse(history.out).history).toHaveLength(3);
    const costs = await titanic(['cost']);
    expect(costs.code).toBe(0);
    expect(costs.out.split('\n').slice(0, 4)).toEqual([
      'SERVICE   ENVIRONMENT  RUNS             PER HOUR   PER MONTH',
      'survival  staging      ml.m5.large × 1  0.115 USD  83.95 USD',
      'survival  prod         nothing          –          –',
      'In all: 0.115 USD an hour, 83.95 USD a month of 730 hours.',
    ]);
    expect(costs.out).toContain('Prices: AWS Price List, usage type USE1-Host:ml.m5.large (2026-07-30), us-east-1.');
    const advice = await titanic(['recommend']);
    expect(advice).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^survival\n {2}staging {2}ml\.m5\.large × 1: not enough data\n/),
    });
    expect(advice.out).toContain('  prod     no recommendation: nothing runs\n');
    await sandbox.sagemaker.control.console('DeleteEndpoint', { EndpointName: 'titanic-survival-staging' });
    await wait(300);
    const gone = await titanic(['verify', '--live', '--json']);
    const wrong = JSON.parse(gone.out).services[0].checks.filter((c: { status: string }) => c.status !== 'ok');
    expect([gone.code, wrong[0]]).toMatchObject([1, { name: 'endpoint', environment: 'staging', status: 'different' }]);
  });
});

describe('the titanic command with a running bot', () => {
  it('records what the bot carries out, and follows it to prod', async () => {
    const following = running(['deploy', '--model', '1', '--requested-by', 'U0BOTH', '--wait', 'end']);
    await until((s) => s.rollouts.length > 0);
    await sandbox.startBot();
    await until((s) => s.rollouts[0]?.status === 'gate');
    await sandbox.slack.control.command({ user: 'U0ALICE', channel: 'C0TITANIC', text: 'promote' });
    const followed = await following;
    expect(followed).toMatchObject({ code: 0, err: '' });
    expect(followed.out).toMatch(
      /approved by U0ALICE.*\n[\s\S]*promoted: Version 1 went to prod and passed its check there\.\n$/,
    );
    expect((await titanic(['verify', '--live'])).code).toBe(0);
  });

  it('prints a plan, and deletes exactly that, live endpoints too, only with its phrase', async () => {
    const harmless = await titanic(['cleanup', '--json']);
    expect([harmless.code, JSON.parse(harmless.out).plan.phrase]).toEqual([0, null]);
    const shown = await titanic(['cleanup', '--target', 'all', '--json']);
    const { phrase, items } = JSON.parse(shown.out).plan;
    expect(items.every((item: { action: string }) => item.action === 'delete')).toBe(true);
    const without = await titanic(['cleanup', '--target', 'all', '--apply']);
    const wrong = await titanic(['cleanup', '--target', 'all', '--apply', '--confirm', 'delete all 000000']);
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('repeat the phrase that the plan prints')]);
    expect(without.out).toContain(`--apply --confirm "${phrase}"`);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('is not what the plan showed')]);
    const applied = await running(['cleanup', '--target', 'all', '--apply', '--confirm', phrase, ...HERE]);
    expect(applied).toMatchObject({ code: 0, out: expect.stringMatching(/Everything that was planned is deleted/) });
    const after = await titanic(['cleanup', '--target', 'all', '--json']);
    const again = await titanic(['cleanup', '--target', 'all', '--apply']);
    expect(JSON.parse(after.out).plan.items).toEqual([]);
    expect(again.code).toBe(0);
    expect((await titanic(['verify', '--live'])).code).toBe(0);
  });

  it('names as requester only whom Slack knows, and asks for one more approval where Slack cannot be asked', async () => {
    const guest = await titanic(['deploy', '--requested-by', 'U0GUEST', '--json']);
    const nobody = await titanic(['deploy', '--requested-by', 'U0NOBODY']);
    expect([guest.code, JSON.parse(guest.out).reason.code]).toEqual([1, 'requester-unknown']);
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining('cannot be named as requester')]);
    const blind = await titanic(['deploy', '--requested-by', 'U0BOTH'], { SLACK_BOT_TOKEN: '' });
    expect(blind).toMatchObject({ code: 0, err: expect.stringContaining('one more approval is needed') });
    const [rollout] = (await record.state()).rollouts;
    expect(rollout).toMatchObject({ requester: 'U0BOTH', quorum: 2 });
    const models = await titanic(['models', '2', '--json']);
    expect(JSON.parse(models.out).models).toMatchObject([
      { version: 4, approval: 'PendingManualApproval', runs: [] },
      { version: 3, approval: 'Approved', metrics: expect.objectContaining({ accuracy: expect.any(String) }) },
    ]);
  });
});
