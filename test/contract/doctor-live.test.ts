import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/start-sandbox.ts';
import type { Need } from '../../src/cli/doctor/need.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts';
import { titanicHere } from '../support/titanic-here.ts';

// A busy machine is slow to start all parts.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let sandbox: Sandbox;
let slack: FaultyProxy;

/** `answer`: what Slack says of blocks; null: what it finds itself. */
async function live(answer: object | null = null) {
  slack.mode = ({ operation }) =>
    answer === null || operation !== '/api/blocks.validate'
      ? { kind: 'pass' }
      : {
          kind: 'answer',
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(answer),
        };
  const env = { ...sandbox.env, SLACK_API_URL: `${slack.url}/api/` };
  const { code, out } = await titanicHere(['doctor', '--live', '--json'], env);
  const { needs } = JSON.parse(out) as { needs: Need[] };
  return { code, messages: needs.filter(({ name }) => name.endsWith('messages')) };
}

beforeAll(async () => {
  sandbox = await startSandbox();
  await sandbox.slack.control.setRateLimits({ enabled: false });
  slack = await startFaultyProxy(sandbox.slack.url);
});

afterAll(async () => {
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
    expect(made.filter((each) => each === '/api/blocks.validate')).toHaveLength(4);
    expect(made.filter((each) => /chat\.|files\.|views\./.test(each))).toEqual([]);
  });

  it.each([
    [
      { ok: false, error: 'invalid_blocks', response_metadata: { messages: ['[ERROR] too long'] } },
      /refuses help: .*too long/,
    ],
    [{ ok: false, error: 'internal_error' }, /does not say whether it takes help \(internal_error\)/],
  ])('names what Slack does not take, or does not judge', async (answer, words) => {
    const { code, messages } = await live(answer);
    expect(messages.map(({ status }) => status)).toEqual(['problem', 'problem']);
    expect(messages[0]?.detail).toMatch(words);
    expect(code).toBe(1);
  });
});
