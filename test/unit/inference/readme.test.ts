import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { VARIABLES } from '../../../src/inference-api/config.ts';

const README = readFileSync('src/inference-api/README.md', 'utf8');

test('the README names exactly the variables that there are, with their defaults', () => {
  const rows = README.split('\n').flatMap((line) => {
    const [, names = '', fallback = ''] = line.split('|').map((cell) => cell.trim());
    return [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => [name, fallback] as const);
  });
  expect(rows.map(([name]) => name).sort()).toEqual([...VARIABLES.keys()].sort());
  for (const [name, fallback] of rows) {
    const known = VARIABLES.get(name);
    if (typeof known === 'number' && name.startsWith('INFERENCE_API_')) expect(fallback, name).toBe(String(known));
  }
});
