import { describe, expect, test } from 'vitest';
import type { InvokeOutcome, InvokeRequest } from '../../../src/inference-api/runtime/outcome.ts';
import { createRetryingInvoke } from '../../../src/inference-api/runtime/retry.ts';
import type { Target } from '../../../src/inference-api/serving/serving.ts';
import { traceOf } from '../../../src/inference-api/trace.ts';

const refusal = (name: string, status: number): InvokeOutcome => ({
  kind: 'refused',
  refusal: {
    name,
    status,
    message: '',
    requestId: undefined,
    originalStatusCode: undefined,
    originalMessage: undefined,
  },
});
const ANSWER: InvokeOutcome = { kind: 'answer', body: '', contentType: '', variant: undefined };
const target = (endpointName: string): Target => ({
  endpointName,
  current: () => undefined,
  versionOf: () => undefined,
});
const BLUE = target('prod-blue');
const GREEN = target('prod-green');
const THROTTLED = refusal('ThrottlingException', 400);

function asking(...outcomes: InvokeOutcome[]) {
  const timeouts: number[] = [];
  const asked: string[] = [];
  let nowMs = 0;
  const invoke = createRetryingInvoke({
    client: {
      async invoke(endpointName: string, request: InvokeRequest) {
        asked.push(endpointName);
        timeouts.push(request.timeoutMs);
        nowMs += 100;
        return outcomes.length > 1 ? (outcomes.shift() ?? ANSWER) : (outcomes[0] ?? ANSWER);
      },
      async close() {},
    },
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    random: () => 0.5,
    onRetry: () => {},
  });
  const ask = (deadlineMs = 70_000, to: () => Target = () => BLUE) =>
    invoke(
      to,
      {
        contentType: 'text/csv',
        body: '',
        inferenceId: 'i',
        traceparent: '',
        tracestate: undefined,
        timeoutMs: 65_000,
      },
      deadlineMs,
    );
  return { ask, timeouts, asked };
}

describe('a second attempt', () => {
  test.each<[string, InvokeOutcome, number]>([
    ['throttled', THROTTLED, 2],
    ['not ready', refusal('ModelNotReadyException', 429), 2],
    ['never sent', { kind: 'broken', message: 'ECONNREFUSED', sent: false }, 2],
    ['perhaps sent', { kind: 'broken', message: 'ECONNRESET', sent: true }, 1],
    ['timed out', { kind: 'timeout', limitMs: 1, sent: true }, 1],
    ['an internal failure', refusal('InternalFailure', 500), 1],
    ['a failing model', refusal('ModelError', 424), 1],
    ['a refusal for good', refusal('ValidationError', 400), 1],
    ['an answer', ANSWER, 1],
  ])('follows only where nothing can have been done: %s', async (_, outcome, attempts) => {
    const { ask, timeouts } = asking(outcome);
    expect(await ask()).toEqual({ target: BLUE, outcome, attempts });
    expect(timeouts).toHaveLength(attempts);
  });

  test('goes where prod is by then, and is counted there', async () => {
    const { ask, asked } = asking(THROTTLED, ANSWER);
    let flipped = false;
    const prod = () => {
      const now = flipped ? GREEN : BLUE;
      flipped = true;
      return now;
    };
    expect(await ask(70_000, prod)).toEqual({ target: GREEN, outcome: ANSWER, attempts: 2 });
    expect(asked).toEqual(['prod-blue', 'prod-green']);
  });

  test('has only what is left of the request, and is left out where nothing is', async () => {
    const some = asking(THROTTLED);
    await some.ask(1_000);
    expect(some.timeouts).toEqual([65_000, 800]);
    const none = asking(THROTTLED);
    expect(await none.ask(150)).toMatchObject({ attempts: 1 });
  });

  test('is not made any more when most requests fail, and again when they succeed', async () => {
    const { ask } = asking(
      ...Array.from({ length: 61 }, () => THROTTLED),
      ...Array.from({ length: 20 }, () => ANSWER),
      THROTTLED,
    );
    let second = 0;
    for (let request = 0; request < 41; request += 1) second += (await ask()).attempts - 1;
    expect(second).toBe(20);
    for (let request = 0; request < 20; request += 1) await ask();
    expect(await ask()).toMatchObject({ attempts: 2 });
  });
});

describe('the trace of a request', () => {
  const ID = '0af7651916cd43dd8448eb211c80319c';
  const SPAN = 'b7ad6b7169203331';

  test('is continued with a span of our own and the flag that we understand', () => {
    const { traceId, traceparent, tracestate } = traceOf(`00-${ID}-${SPAN}-03`, 'a=1,b=2');
    expect([traceId, tracestate]).toEqual([ID, 'a=1,b=2']);
    expect(traceparent).toMatch(new RegExp(`^00-${ID}-[0-9a-f]{16}-01$`));
    expect(traceparent).not.toContain(SPAN);
  });

  test('is continued from a later version that has more behind it', () => {
    expect(traceOf(`cc-${ID}-${SPAN}-00-what-else`, undefined).traceId).toBe(ID);
  });

  test.each([
    undefined,
    '',
    `00-${ID}-${SPAN}`,
    `00-${ID}-${SPAN}-01-more`,
    `ff-${ID}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${ID}-${'0'.repeat(16)}-01`,
    `00-${ID.toUpperCase()}-${SPAN}-01`,
  ])('is begun anew, without the state of another, for %j', (header) => {
    const { traceparent, traceId, tracestate } = traceOf(header, 'a=1');
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(traceId).not.toBe(ID);
    expect(tracestate).toBeUndefined();
  });

  test('drops a state that is too long or not printable, and keeps the trace', () => {
    for (const state of ['a'.repeat(513), 'a=\u0007']) {
      expect(traceOf(`00-${ID}-${SPAN}-01`, state)).toMatchObject({ traceId: ID, tracestate: undefined });
    }
  });
});
