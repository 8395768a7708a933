import { readFileSync } from 'node:fs';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import type { Need } from '../../src/cli/doctor/need.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';
import { titanicHere } from '../support/titanic-here.ts';

// A busy machine is slow to start all parts.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let sandbox: Sandbox;
let slack: FaultyProxy;
let cloudwatch: CloudWatch;

type Answer = (body: string, nth: number) => { readonly status?: number; readonly said: object } | null;

/** `answer`: what Slack says of blocks; null: what it finds itself. */
async function live(answer: Answer = () => null, words: readonly string[] = ['--alarm-seconds', '0']) {
  let nth = 0;
  slack.mode = ({ operation, body }) => {
    if (operation !== '/api/blocks.validate') return { kind: 'pass' };
    nth += 1;
    const answered = answer(new URLSearchParams(body).get('blocks') ?? '', nth);
    if (answered === null) return { kind: 'pass' };
    const { status = 200, said } = answered;
    const headers = { 'content-type': 'application/json', 'retry-after': '1' };
    return { kind: 'answer', status, headers, body: JSON.stringify(said) };
  };
  const env = { ...sandbox.env, SLACK_API_URL: `${slack.url}/api/` };
  const { code, out, err } = await titanicHere(['doctor', '--live', '--json', ...words], env);
  const { needs } = JSON.parse(out) as { needs: Need[] };
  return {
    code,
    err,
    trial: needs.filter(({ name }) => name.startsWith('alarm trial')),
    messages: needs.filter(({ name }) => name.endsWith('messages')),
    samples: needs.filter(({ name }) => name.startsWith('samples')),
  };
}

const TOO_LONG = { ok: false, error: 'invalid_blocks', response_metadata: { messages: ['[ERROR] too long'] } };

beforeAll(async () => {
  sandbox = await startSandbox();
  await sandbox.slack.control.setRateLimits({ enabled: false });
  cloudwatch = new CloudWatch({
    endpoint: sandbox.sagemaker.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  slack = await startFaultyProxy(sandbox.slack.url);
});

afterAll(async () => {
  cloudwatch.destroy();
  await slack.close();
  await sandbox.close();
});

describe('titanic doctor --live', () => {
  it('asks Slack whether it takes what the bot shows, and posts none of it', async () => {
    const { code, messages } = await live();
    expect(messages.map(({ status, detail }) => `${status} ${detail}`)).toEqual([
      'ok Slack takes help',
      'ok Slack takes status, history, models',
    ]);
    expect(code).toBe(0);
    const made = slack.calls.map(({ operation }) => operation);
    expect(made.filter((each) => each === '/api/blocks.validate').length).toBeGreaterThan(100);
    expect(made.filter((each) => /chat\.|files\.|views\./.test(each))).toEqual([]);
  });

  it('asks about everything that titanic can show, though nothing is recorded yet', async () => {
    const { samples } = await live();
    expect(samples.map(({ name }) => name.replace('samples: ', ''))).toEqual([
      ...['a rollout', 'a rollback', 'a model package to approve', 'a rejected model in prod', 'a clean-up'],
      ...['lines in a thread', 'lists and other answers', 'home', 'the menu', 'called by name', 'forms', 'sentences'],
    ]);
    for (const { status, detail } of samples) expect(`${status} ${detail}`).toMatch(/^ok Slack takes all \d+$/);
    // As many as the gallery shows.
    const rollouts = readFileSync('docs/messages.md', 'utf8').split('\n## ')[1]?.match(/^### /gm);
    expect(samples[0]?.detail).toBe(`Slack takes all ${rollouts?.length}`);
  });

  it('names what Slack refuses, be it asked about alone or with others', async () => {
    const { code, samples } = await live((body) =>
      /survival:7 not found|Put it off/.test(body) ? { said: TOO_LONG } : null,
    );
    const refused = new Map(
      samples.filter(({ status }) => status === 'problem').map((need) => [need.name, need.detail]),
    );
    expect([...refused.keys()]).toEqual(['samples: a rollout', 'samples: sentences']);
    expect(refused.get('samples: a rollout')).toContain('going to prod, the new fleet is worse: [ERROR] too long');
    expect(refused.get('samples: sentences')).toContain('image-missing: [ERROR] too long');
    expect(code).toBe(1);
  });

  it('waits as long as Slack wants where it is asked too often, and goes on', async () => {
    const startedMs = performance.now();
    const { code, samples } = await live((_, nth) =>
      nth === 30 ? { status: 429, said: { ok: false, error: 'ratelimited' } } : null,
    );
    expect(performance.now() - startedMs).toBeGreaterThan(1_000);
    expect(samples.map(({ status }) => status)).toEqual(Array(12).fill('ok'));
    expect(code).toBe(0);
  });

  it('asks no more once Slack does not answer', async () => {
    const { samples } = await live((_, nth) => (nth > 6 ? { said: { ok: false, error: 'internal_error' } } : null));
    expect(samples.map(({ status }) => status)).toEqual(['problem', ...Array(11).fill('skipped')]);
    expect(samples[0]?.detail).toBe('Slack does not say whether it takes past its deadline (internal_error)');
  });

  it.each([
    [TOO_LONG, /refuses help: .*too long/],
    [{ ok: false, error: 'internal_error' }, /does not say whether it takes help \(internal_error\)/],
  ])('names what Slack does not take, or does not judge', async (said, words) => {
    const { code, messages } = await live(() => ({ said }));
    expect(messages.map(({ status }) => status)).toEqual(['problem', 'problem']);
    expect(messages[0]?.detail).toMatch(words);
    expect(code).toBe(1);
  });
});

describe('the alarm that titanic doctor --live tries', () => {
  it('is said before, tried as the bot would, and gone afterwards', async () => {
    const { code, err, trial } = await live(undefined, ['--alarm-seconds', '1']);
    const [name = ''] = /titanic-survival-prod-v0-r\d+-kill-switch/.exec(err) ?? [];
    expect(name).not.toBe('');
    expect(trial).toMatchObject([{ status: 'ok', detail: expect.stringMatching(/took effect after .* stayed for 1/) }]);
    const made = (await sandbox.sagemaker.control.journal()).filter((call) => JSON.stringify(call).includes(name));
    expect(made).not.toEqual([]);
    expect((await cloudwatch.describeAlarms({ AlarmNames: [name] })).MetricAlarms).toEqual([]);
    expect(code).toBe(0);
  });

  it('is found by a clean-up, should it be left', async () => {
    await cloudwatch.putMetricAlarm({
      AlarmName: 'titanic-survival-prod-v0-r5-kill-switch',
      ...{ Namespace: 'Titanic', MetricName: 'RollBack', Statistic: 'Maximum', Threshold: 1 },
      ...{ Period: 10, EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
      Tags: Object.entries({ project: 'titanic-sagemaker', tutorial_phase: '04' }).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    });
    const { out } = await titanicHere(['cleanup', '--json'], { ...sandbox.env });
    const { plan } = JSON.parse(out) as { plan: { items: { name: string; action: string }[] } };
    expect(plan.items.filter(({ name }) => name.includes('-v0-'))).toMatchObject([{ action: 'delete' }]);
  });

  it('is made nowhere where that is not wanted, or without --live', async () => {
    expect((await live()).trial).toEqual([]);
    const { err } = await titanicHere(['doctor', '--json'], { ...sandbox.env });
    expect(err).not.toContain('kill-switch');
  });
});
