import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { POLL_TIMES } from '../../src/rollout/engine-deps.ts';
import { PROTOCOL_TIMES } from '../../src/rollout/input.ts';
import { readTimes } from '../../src/test-times.ts';

const HERE = {
  SLACK_API_URL: 'http://127.0.0.1:1/api/',
  AWS_ENDPOINT_URL: 'http://localhost:2',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
};
const shorter = (given: object) => ({ ...HERE, TITANIC_TEST_TIMES: JSON.stringify(given) });

describe('the times of the protocol', () => {
  it('are the real ones where nothing is said', () => {
    for (const env of [{}, HERE, { TITANIC_TEST_TIMES: '' }]) {
      expect(readTimes(env)).toEqual({
        ok: true,
        times: {
          protocol: PROTOCOL_TIMES,
          poll: POLL_TIMES,
          smokeLongestMs: undefined,
          postsPerMinute: undefined,
          lingerMs: undefined,
        },
      });
    }
  });

  it('are shortened one by one for a bot whose Slack and AWS are on this machine', () => {
    const read = readTimes(shorter({ openIntentMs: 5_000, underWayMs: 200, cardGapMs: 100 }));
    expect(read).toMatchObject({
      ok: true,
      times: {
        protocol: { ...PROTOCOL_TIMES, openIntentMs: 5_000 },
        poll: { ...POLL_TIMES, underWayMs: 200, cardGapMs: 100 },
      },
    });
  });

  it.each([
    ['a real Slack', { SLACK_API_URL: undefined }, 'SLACK_API_URL'],
    ['another Slack elsewhere', { SLACK_API_URL: 'https://slack.example.com/api/' }, 'SLACK_API_URL'],
    ['a real AWS', { AWS_ENDPOINT_URL: undefined }, 'AWS_ENDPOINT_URL'],
    [
      'a real table beside it',
      { AWS_ENDPOINT_URL_DYNAMODB: 'https://dynamodb.eu-central-1.amazonaws.com' },
      'AWS_ENDPOINT_URL_DYNAMODB',
    ],
    ['an address that is none', { AWS_ENDPOINT_URL: '127.0.0.1' }, 'AWS_ENDPOINT_URL'],
  ])('are refused with %s', (_, changed, named) => {
    const read = readTimes({ ...shorter({ openIntentMs: 5_000 }), ...changed });
    expect(read).toMatchObject({ ok: false });
    expect(read.ok ? '' : read.message).toContain(`${named} must be a loopback address`);
  });

  it.each([
    ['says so', 'true'],
    ['leaves it to the profile', undefined],
  ])('are refused where the SDK may not use those addresses because the environment %s', (_, ignored) => {
    const read = readTimes({ ...shorter({ openIntentMs: 5_000 }), AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignored });
    expect(read.ok ? '' : read.message).toContain('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS must be false');
  });

  it.each([['not JSON'], ['{"openIntentMs":0}'], ['{"openIntentMs":1.5}'], ['{"describeLagMs":1}'], ['[]']])(
    'are refused when malformed: %s',
    (written) => {
      const read = readTimes({ ...HERE, TITANIC_TEST_TIMES: written });
      expect(read.ok ? '' : read.message).toMatch(/^titanic cannot start: TITANIC_TEST_TIMES is malformed: /);
    },
  );

  it('end the start of the bot itself, with a message, when anything real could be reached', () => {
    const env = {
      PATH: process.env.PATH ?? '',
      SLACK_BOT_TOKEN: 'xoxb-1-2-abc',
      SLACK_APP_TOKEN: 'xapp-1-2-abc',
      TITANIC_CONFIG: 'titanic.yml',
      TITANIC_TEST_TIMES: '{"openIntentMs":5000}',
    };
    const { status, stderr } = spawnSync(process.execPath, ['src/main.ts'], { env, encoding: 'utf8', timeout: 15_000 });
    expect(stderr.trim()).toBe(
      'titanic cannot start: TITANIC_TEST_TIMES is for tests on this machine only, and SLACK_API_URL, AWS_ENDPOINT_URL must be a loopback address; unset TITANIC_TEST_TIMES.',
    );
    expect(status).toBe(1);
  });
});
