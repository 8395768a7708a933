import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadSettings } from '../../src/config.ts';
import { serviceSchema } from '../../src/config-schema.ts';
import { digest } from '../../src/evidence/canonical.ts';
import { PROTOCOL_TIMES } from '../../src/rollout/input.ts';
import { resourceName } from '../../src/rollout/names.ts';
import { alarmsOf, waitsOf } from '../../src/rollout/strategy.ts';
import { serviceRuntime } from '../../src/service-runtime.ts';

const EXAMPLE = parse(readFileSync('titanic.yml', 'utf8'));
const SCHEMA = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('titanic.schema.json', 'utf8')));

/** The example with these keys in its `prod`, written as YAML; of ten instances, unless they say otherwise. */
function fileWith(prod: string, changes: object = {}): object {
  const [service] = EXAMPLE.services;
  const keys = parse(`{ ${prod} }`);
  const capacity = keys.serverless === undefined ? { instanceType: 'ml.m5.large', instanceCount: 10 } : {};
  return { ...EXAMPLE, services: [{ ...service, ...changes, prod: { ...capacity, ...keys } }] };
}

function load(file: object) {
  return loadSettings({ env: {}, readFile: () => stringify(file) });
}

function settings(file: object) {
  const loaded = load(file);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.settings;
}

const strategy = (prod: string) => settings(fileWith(prod)).services[0]?.prod.strategy;

function faults(file: object): readonly string[] {
  const loaded = load(file);
  if (loaded.ok) throw new Error('accepted');
  return loaded.faults.map(({ where, message }) => `${where.replace('titanic.yml, services[0].', '')}: ${message}`);
}

const DEFAULT_ANALYSIS = { autoRollbackSeconds: 60, snoozeSeconds: 600, minimumRequests: 100 };
const DEFAULT_ALARMS = { errorPercent: 1, p95Ms: 300, named: [], namedWithoutData: 'wait' };

describe('a strategy of prod', () => {
  test.each([
    [
      'strategy: { kind: canary, size: 10, bakeMinutes: 10 }, keepPreviousMinutes: 60',
      { traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 }, keepPreviousSeconds: 3600 },
    ],
    [
      'strategy: { kind: linear, step: 20, intervalMinutes: 5 }',
      { traffic: { kind: 'linear', percent: 20, intervalSeconds: 300 }, keepPreviousSeconds: 0 },
    ],
    [
      'strategy: { kind: rolling, batch: 50, intervalMinutes: 2 }',
      { traffic: { kind: 'rolling', percent: 50, intervalSeconds: 120 }, keepPreviousSeconds: 0 },
    ],
    [
      'strategy: { kind: all-at-once }, keepPreviousMinutes: 5, guardrails: required',
      { traffic: { kind: 'all-at-once' }, keepPreviousSeconds: 300, required: true },
    ],
  ])('%s', (written, expected) => {
    expect(SCHEMA(fileWith(written))).toBe(true);
    expect(strategy(written)).toEqual({
      maximumSeconds: 7200,
      alarms: DEFAULT_ALARMS,
      analysis: DEFAULT_ANALYSIS,
      required: false,
      ...expected,
    });
  });

  test('has numbers every ten seconds only where that is asked for, and they are part of the seal', () => {
    const written = (more: string) => `strategy: { kind: canary, size: 10, bakeMinutes: 10${more} }`;
    const often = ', enhancedMetrics: true';
    expect(SCHEMA(fileWith(written(often)))).toBe(true);
    expect(strategy(written(often))?.alarms).toEqual({ ...DEFAULT_ALARMS, everySeconds: 10 });
    expect(strategy(written(', enhancedMetrics: false'))).toEqual(strategy(written('')));
    expect(digest(strategy(written(often)))).not.toBe(digest(strategy(written(''))));
    expect(faults(fileWith(written(', enhancedMetrics: 10')))).toEqual([
      'prod.strategy.enhancedMetrics: must be true or false',
    ]);
  });

  test('as docs/guarded-deployments.md writes it, is accepted', () => {
    const written = /```yaml\n([^`]*)```/.exec(readFileSync('docs/guarded-deployments.md', 'utf8'))?.[1] ?? '';
    const [{ prod }] = parse(written).services;
    const [service] = EXAMPLE.services;
    expect(settings({ ...EXAMPLE, services: [{ ...service, prod }] }).services[0]?.prod.strategy).toMatchObject({
      traffic: { kind: 'canary', percent: 10, bakeSeconds: 600 },
      alarms: { ...DEFAULT_ALARMS, p95Ms: 200, named: ['basket-value'] },
      required: true,
    });
  });

  test.each([
    ['off', null],
    ['at once', 0],
    ['after 90s', 90],
    ['after 5m', 300],
    ['after 60m', 3600],
  ])('autoRollback: %s', (written, autoRollbackSeconds) => {
    const analysis = `analysis: { autoRollback: ${written}, snoozeMinutes: 5, minimumRequests: 500 }`;
    const prod = `strategy: { kind: canary, size: 10, bakeMinutes: 10, ${analysis} }`;
    expect(SCHEMA(fileWith(prod))).toBe(true);
    const expected = { autoRollbackSeconds, snoozeSeconds: 300, minimumRequests: 500 };
    expect(strategy(prod)?.analysis).toEqual(expected);
  });

  test.each(['after 61m', 'after 0s', '60s', 'after a while', '60'])('autoRollback: %s is refused', (written) => {
    const prod = `strategy: { kind: canary, size: 10, bakeMinutes: 10, analysis: { autoRollback: ${written} } }`;
    expect(faults(fileWith(prod))).toEqual([
      'prod.strategy.analysis.autoRollback: must be off, at once, or such as after 60s or after 5m, an hour at most',
    ]);
  });

  test('is all-at-once where only the old fleet is to be kept', () => {
    expect(strategy('keepPreviousMinutes: 5')).toEqual(
      strategy('strategy: { kind: all-at-once }, keepPreviousMinutes: 5'),
    );
  });

  test('may wait parts of a minute, in whole seconds', () => {
    expect(
      strategy('strategy: { kind: canary, size: 50, bakeMinutes: 0.05 }, keepPreviousMinutes: 0.026'),
    ).toMatchObject({
      traffic: { bakeSeconds: 3 },
      keepPreviousSeconds: 2,
    });
  });

  test('has the alarms that are written, and those that are off have no limit', () => {
    const alarms =
      'alarms: { errorPercent: off, p95Ms: 120.5, named: [basket value, queue/depth], namedWithoutData: start }';
    expect(strategy(`strategy: { kind: canary, size: 10, bakeMinutes: 10, ${alarms} }`)?.alarms).toEqual({
      errorPercent: null,
      p95Ms: 120.5,
      named: ['basket value', 'queue/depth'],
      namedWithoutData: 'start',
    });
    expect(strategy('strategy: { kind: all-at-once, alarms: { p95Ms: off } }, keepPreviousMinutes: 5')?.alarms).toEqual(
      {
        ...DEFAULT_ALARMS,
        p95Ms: null,
      },
    );
  });

  test('ends with the deadline of prod, and at the latest when SageMaker ends every change', () => {
    expect(strategy('keepPreviousMinutes: 5, deadlineMinutes: 15')?.maximumSeconds).toBe(900);
    expect(strategy('keepPreviousMinutes: 5, deadlineMinutes: 1440')?.maximumSeconds).toBe(28_800);
  });

  test('shapes the plan of prod and of nothing else', () => {
    const [plain, guarded] = ['', 'keepPreviousMinutes: 5'].map((prod) => {
      const configured = settings(fileWith(prod));
      const [service] = configured.services;
      if (service === undefined) throw new Error('no service');
      return serviceRuntime(configured, service, PROTOCOL_TIMES).plans;
    });
    expect(plain?.prod).not.toHaveProperty('strategy');
    expect(guarded?.prod).toEqual({ ...plain?.prod, strategy: strategy('keepPreviousMinutes: 5') });
    expect(guarded?.staging).toEqual(plain?.staging);
    expect(digest(guarded?.prod)).not.toBe(digest(plain?.prod));
  });

  test.each(['', 'keepPreviousMinutes: 0', 'guardrails: wanted'])('is not there with { %s }', (written) => {
    expect(settings(fileWith(written)).services[0]?.prod).not.toHaveProperty('strategy');
  });

  test('has room for its alarms in the longest name that a config can have', () => {
    const name = 'x'.repeat(63 - 'titanic--staging-v123456-r1234567890'.length);
    expect(load(fileWith('keepPreviousMinutes: 5', { name })).ok).toBe(true);
    expect(load(fileWith('keepPreviousMinutes: 5', { name: `${name}x` })).ok).toBe(false);
    const config = resourceName(name, 'titanic-', 'prod', 123_456, `${name}-1234567890`);
    for (const alarm of alarmsOf(config, strategy('keepPreviousMinutes: 5')?.alarms ?? expect.fail())) {
      expect(alarm.length).toBeLessThanOrEqual(255);
    }
  });
});

const CANARY = 'kind: canary, size: 10, bakeMinutes: 10';
const names = (count: number) => Array.from({ length: count }, (_, n) => `a${n}`).join(', ');

describe('a fault in a strategy is told once, with what to do', () => {
  test.each([
    ['strategy: canary', 'prod.strategy: must be a group of keys, such as { kind: canary, size: 10, bakeMinutes: 10 }'],
    ['strategy: { kind: blue }', 'prod.strategy.kind: must be all-at-once, canary, linear or rolling'],
    ['strategy: { size: 10 }', 'prod.strategy.kind: must be all-at-once, canary, linear or rolling'],
    [
      'strategy: { kind: canary, bakeMinutes: 1 }',
      'prod.strategy.size: is missing; it must be a whole number of percent from 1 to 50',
    ],
    [
      'strategy: { kind: canary, size: 51, bakeMinutes: 1 }',
      'prod.strategy.size: must be a whole number of percent from 1 to 50',
    ],
    [
      'strategy: { kind: linear, step: 9, intervalMinutes: 1 }',
      'prod.strategy.step: must be a whole number of percent from 10 to 50',
    ],
    [
      'strategy: { kind: rolling, batch: 4, intervalMinutes: 1 }',
      'prod.strategy.batch: must be a whole number of percent from 5 to 50',
    ],
    [
      'strategy: { kind: canary, size: 10 }',
      'prod.strategy.bakeMinutes: is missing; it must be a number of minutes from 0 to 60',
    ],
    [
      'strategy: { kind: canary, size: 10, intervalMinutes: 3, bakeMinutes: 3 }',
      'prod.strategy: has an unknown key "intervalMinutes"; known are kind, size, bakeMinutes, alarms, analysis, enhancedMetrics',
    ],
    ['keepPreviousMinutes: 61', 'prod.keepPreviousMinutes: must be a number of minutes from 0 to 60'],
    ['keepPreviousMinutes: 60m', 'prod.keepPreviousMinutes: must be a number of minutes from 0 to 60'],
    ['keepPreviousMinutes: -1', 'prod.keepPreviousMinutes: must be a number of minutes from 0 to 60'],
    ['guardrails: yes', 'prod.guardrails: must be required or wanted'],
    [
      `strategy: { ${CANARY}, alarms: { errorPercent: 100 } }`,
      'prod.strategy.alarms.errorPercent: must be a percentage from 0 to below 100, or off',
    ],
    [
      `strategy: { ${CANARY}, alarms: { errorPercent: null } }`,
      'prod.strategy.alarms.errorPercent: is missing; it must be a percentage from 0 to below 100, or off',
    ],
    [
      `strategy: { ${CANARY}, alarms: { p95Ms: 0 } }`,
      'prod.strategy.alarms.p95Ms: must be a number of milliseconds above 0, up to 60,000, or off',
    ],
    [
      `strategy: { ${CANARY}, alarms: { p99Ms: 10 } }`,
      'prod.strategy.alarms: has an unknown key "p99Ms"; did you mean p95Ms?',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: basket } }`,
      'prod.strategy.alarms.named: must be a list of names of alarms',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: ["arn:aws:cloudwatch:eu-central-1:123456789012:alarm:basket"] } }`,
      'prod.strategy.alarms.named[0]: must be the name of a CloudWatch alarm, not its ARN',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: [${'x'.repeat(256)}] } }`,
      'prod.strategy.alarms.named[0]: must be at most 255 characters',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: [${names(10)}] } }`,
      'prod.strategy.alarms.named: must be at most 9 alarms',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: [${names(8)}] } }`,
      'prod.strategy.alarms.named: makes 11 alarms with the 3 of titanic, and SageMaker watches at most 10; name 7 or fewer',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: [a, a] } }`,
      'prod.strategy.alarms.named: names an alarm twice; name it once',
    ],
    [
      `strategy: { ${CANARY}, alarms: { named: [titanic-survival-prod-v1-r2-kill-switch] } }`,
      'prod.strategy.alarms.named: names an alarm like those that titanic makes itself for each rollout; remove it',
    ],
    [
      `strategy: { ${CANARY}, alarms: { namedWithoutData: ignore } }`,
      'prod.strategy.alarms.namedWithoutData: must be start or wait',
    ],
    [
      `instanceCount: 3, strategy: { ${CANARY} }`,
      'prod.strategy.size: is 10 % of 3 instances, which is less than one; make it 34 or more, or raise instanceCount',
    ],
    [
      'instanceCount: 9, strategy: { kind: linear, step: 10, intervalMinutes: 1 }',
      'prod.strategy.step: is 10 % of 9 instances, which is less than one; make it 12 or more, or raise instanceCount',
    ],
    [
      'instanceCount: 2, strategy: { kind: rolling, batch: 49, intervalMinutes: 1 }',
      'prod.strategy.batch: is 49 % of 2 instances, which is less than one; make it 50 or more, or raise instanceCount',
    ],
    [
      'instanceCount: 1, strategy: { kind: canary, size: 50, bakeMinutes: 1 }',
      'prod.strategy.kind: is canary, which needs 2 instances or more; raise instanceCount, or take all-at-once with keepPreviousMinutes',
    ],
    [
      'strategy: { kind: rolling, batch: 50, intervalMinutes: 1 }, keepPreviousMinutes: 5',
      'prod.keepPreviousMinutes: cannot stand with rolling, which leaves no old fleet to keep; remove it, or take canary or linear',
    ],
    [
      'serverless: { memoryMb: 2048, maxConcurrency: 5 }, keepPreviousMinutes: 5',
      'prod.keepPreviousMinutes: cannot stand with serverless, of which SageMaker guards no change; remove it',
    ],
    [
      `serverless: { memoryMb: 2048, maxConcurrency: 5 }, strategy: { ${CANARY} }`,
      'prod.strategy: cannot stand with serverless, of which SageMaker guards no change; remove it',
    ],
    [
      'guardrails: required',
      'prod.guardrails: is required, but nothing is guarded; give strategy or keepPreviousMinutes, or leave it out',
    ],
    [
      'instanceType: ml.inf1.xlarge, guardrails: required, keepPreviousMinutes: 5',
      'prod.guardrails: cannot be required on ml.inf1, where SageMaker changes all at once and watches nothing; take another instance type, or write wanted',
    ],
    [
      'guardrails: required, keepPreviousMinutes: 5, strategy: { kind: all-at-once, alarms: { errorPercent: off, p95Ms: off } }',
      'prod.guardrails: is required, but every alarm is off; give strategy.alarms one, or write wanted',
    ],
    [
      'strategy: { kind: all-at-once }',
      'prod.strategy: leaves the alarms no time to notice anything; raise its minutes, or set keepPreviousMinutes',
    ],
    [
      'strategy: { kind: canary, size: 10, bakeMinutes: 0 }',
      'prod.strategy: leaves the alarms no time to notice anything; raise its minutes, or set keepPreviousMinutes',
    ],
    [
      `strategy: { ${CANARY} }, keepPreviousMinutes: 60, deadlineMinutes: 79`,
      'prod.deadlineMinutes: is 79, but the strategy waits 70 minutes in all, and the new fleet needs time to start; make it 80 or more',
    ],
    [
      'strategy: { kind: linear, step: 10, intervalMinutes: 12 }',
      'prod.deadlineMinutes: is 120, but the strategy waits 120 minutes in all, and the new fleet needs time to start; make it 130 or more',
    ],
    [
      'strategy: { kind: linear, step: 10, intervalMinutes: 48 }, deadlineMinutes: 1440',
      'prod.strategy: waits 480 minutes in all, and SageMaker ends every change after 480; come to 470 or less by shorter intervals or larger steps',
    ],
  ])('%s', (written, fault) => {
    expect(faults(fileWith(written))).toEqual([fault]);
  });

  test('whatever stands in place of a value is answered in our words', () => {
    const { prod } = serviceSchema.shape;
    for (const kind of ['all-at-once', 'canary', 'linear', 'rolling']) {
      const alarms = { errorPercent: 1, p95Ms: 1, named: ['a'], namedWithoutData: 'wait' };
      const shift = { kind, size: 10, bakeMinutes: 1, step: 10, batch: 10, intervalMinutes: 1, alarms };
      const whole = JSON.stringify({ strategy: shift, keepPreviousMinutes: 1, guardrails: 'wanted' });
      for (const wrong of [null, 'x', -1.5, 1e9, [], {}, true]) {
        for (let turn = 0, visited = -1; visited + 1 >= turn; turn += 1) {
          visited = -1;
          const written = JSON.parse(whole, (_, value) => {
            visited += 1;
            return visited === turn ? wrong : value;
          });
          const messages = prod.safeParse(written).error?.issues.map(({ message }) => message) ?? [];
          expect(messages.join('\n')).not.toMatch(/Invalid|expected|received|Too (small|big)|Unrecognized/);
        }
      }
    }
  });

  test('in staging it is a key that nobody knows', () => {
    const staging = { instanceType: 'ml.m5.large', instanceCount: 2, keepPreviousMinutes: 5 };
    expect(faults(fileWith('', { staging }))).toEqual([
      expect.stringMatching(/^staging: has an unknown key "keepPreviousMinutes"/),
    ]);
  });
});

describe('what may just be', () => {
  test.each([
    'instanceCount: 2, strategy: { kind: canary, size: 50, bakeMinutes: 1 }',
    'instanceCount: 3, strategy: { kind: linear, step: 34, intervalMinutes: 1 }',
    'instanceCount: 1, keepPreviousMinutes: 60',
    'instanceType: ml.inf1.xlarge, keepPreviousMinutes: 5',
    `strategy: { ${CANARY} }, keepPreviousMinutes: 60, deadlineMinutes: 80`,
    'strategy: { kind: linear, step: 10, intervalMinutes: 47 }, deadlineMinutes: 480',
    `strategy: { ${CANARY}, alarms: { named: [${names(7)}] } }`,
    `strategy: { ${CANARY}, alarms: { errorPercent: off, p95Ms: off, named: [${names(9)}] } }`,
    `strategy: { ${CANARY}, alarms: { named: [titanic-survival-prod-vanity, titanic-errors] } }`,
  ])('%s', (written) => {
    const found = strategy(written) ?? expect.fail('no strategy');
    expect(found.maximumSeconds).toBeGreaterThanOrEqual(600);
    expect(found.maximumSeconds).toBeLessThanOrEqual(28_800);
    expect(found.maximumSeconds).toBeGreaterThan(waitsOf(found));
    expect(alarmsOf('titanic-survival-prod-v1-r1', found.alarms).length).toBeLessThanOrEqual(10);
  });
});
