import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { readInferenceConfig } from '../../src/inference-api/config.ts';
import { readTimes } from '../../src/test-times.ts';

const CANARY = 'CaNaRy-secret';
const FILE = readFileSync('titanic.yml', 'utf8');
/** With faults of its own, and quickly read. */
const NO_SERVICES = 'services: []';
const ENV = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
/** What somebody could have pasted: bare, among other words, in quotes, in an address. */
const PASTED = [
  CANARY,
  `${CANARY} and more`,
  `"${CANARY}"`,
  `https://user:${CANARY}@slack.example/api/`,
  `{"a":"${CANARY}"}`,
];

type Node = null | string | number | boolean | readonly Node[] | { readonly [key: string]: Node };

/** The file with each of its values, and each of its groups, replaced by the canary, one at a time. */
function* spoilt(node: Node, by: string): Generator<Node> {
  yield by;
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    for (const other of spoilt(value, by)) {
      yield Array.isArray(node) ? node.map((each, n) => (String(n) === key ? other : each)) : { ...node, [key]: other };
    }
  }
}

const said = (env: Record<string, string>, file = FILE) => {
  const read = loadConfig({ env: { ...ENV, ...env }, readFile: () => file });
  return read.ok ? '' : read.message;
};

describe('a fault in the configuration', () => {
  it('is told without the value, whichever variable it stands in', () => {
    const names = readFileSync('src/environment.ts', 'utf8').matchAll(/(?:read|secret)\(\s*'([A-Z_]+)'/g);
    const variables = new Set([...names].map(([, name]) => name ?? ''));
    expect(variables.size).toBeGreaterThan(7);
    for (const variable of variables) {
      for (const pasted of PASTED) expect(said({ [variable]: pasted }, NO_SERVICES)).not.toContain(CANARY);
    }
    expect(said({ SLACK_BOT_TOKEN: CANARY }, NO_SERVICES)).toContain('SLACK_BOT_TOKEN: is malformed');
  });

  it('is told without the value, wherever in titanic.yml it stands', () => {
    let faults = 0;
    for (const file of spoilt(parse(FILE), `{"a":"${CANARY}"}`)) {
      const message = said({}, stringify(file));
      if (message !== '') faults += 1;
      expect(message).not.toContain(CANARY);
    }
    expect(faults).toBeGreaterThan(25);
  });

  it('is told without what stands there, where the file is no YAML at all', () => {
    for (const broken of [
      `a: [${CANARY}`,
      `${CANARY}: : x`,
      `a: "${CANARY}`,
      `a: &x ${CANARY}\nb: *${CANARY}`,
      `\t${CANARY}`,
      `a: 1\na: ${CANARY}`,
    ]) {
      expect(said({}, broken)).not.toContain(CANARY);
      expect(said({}, broken)).not.toBe('');
    }
  });

  it('of the times for tests is told without them', () => {
    const here = { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' };
    for (const pasted of [...PASTED, `{"freshMs":"${CANARY}"}`]) {
      const read = readTimes({
        ...here,
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        SLACK_API_URL: 'http://127.0.0.1:1',
        TITANIC_TEST_TIMES: pasted,
      });
      expect(read.ok ? '' : read.message).toMatch(/TITANIC_TEST_TIMES is malformed/);
      expect(read.ok ? '' : read.message).not.toContain(CANARY);
    }
  });

  it('of the inference API is told without the value', () => {
    const names = readFileSync('src/inference-api/config.ts', 'utf8').matchAll(/'([A-Z][A-Z_]{3,})'/g);
    const variables = new Set([...names].map(([, name]) => name ?? ''));
    expect(variables.size).toBeGreaterThan(8);
    for (const variable of variables) {
      for (const pasted of PASTED) {
        const read = readInferenceConfig({ INFERENCE_API_ENDPOINT: 'titanic-survival-prod', [variable]: pasted });
        expect(read.ok ? '' : read.message).not.toContain(CANARY);
      }
    }
  });
});
