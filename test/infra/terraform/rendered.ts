import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { INFRA, initialised, SOURCE } from './terraform.ts';

/** Formatting of every file; answers the files that differ. */
export function unformatted(): readonly string[] {
  const done = spawnSync('terraform', ['fmt', '-check', '-recursive'], {
    cwd: SOURCE,
    encoding: 'utf8',
    env: process.env,
  });
  return done.stdout.split('\n').filter((line) => line !== '');
}

/** Validates the root and every example; throws with what is wrong. Answers how many were valid. */
export function validateAll(): number {
  const modules = join(INFRA, 'modules');
  const examples = readdirSync(modules).map((name) => join(modules, name, 'examples', 'basic'));
  const missing = examples.filter((folder) => !existsSync(join(folder, 'main.tf')));
  if (missing.length > 0) throw new Error(`without an example: ${missing.join(', ')}`);
  for (const folder of [INFRA, ...examples]) {
    const terraform = initialised(folder);
    try {
      terraform.run(['validate', '-no-color']);
    } finally {
      terraform.close();
    }
  }
  return examples.length + 1;
}

interface Line {
  readonly type: string;
  readonly '@message': string;
  readonly '@testrun'?: string;
  readonly test_plan?: { readonly output_changes?: { readonly policies?: { readonly after: Record<string, string> } } };
  readonly test_summary?: { readonly passed: number; readonly failed: number; readonly errored: number };
}

const RENDERING = 'tests/policies.tftest.hcl';

/** Runs infra/tests; throws with the failures. Answers how many passed, and the policies as they were rendered. */
export function testAll(): { readonly passed: number; readonly policies: string } {
  const terraform = initialised(INFRA);
  try {
    const { code, out } = terraform.run(['test', '-json'], [0, 1]);
    const lines = linesOf(out);
    const summary = lines.find(({ type }) => type === 'test_summary')?.test_summary;
    const wrong = lines.filter(({ type }) => type === 'diagnostic').map((line) => line['@message']);
    if (code !== 0 || summary === undefined) throw new Error(wrong.join('\n'));
    const shown = linesOf(terraform.run(['test', '-json', '-verbose', `-filter=${RENDERING}`]).out);
    const plan = shown.find((line) => line.type === 'test_plan' && line['@testrun'] === 'rendered');
    const policies = plan?.test_plan?.output_changes?.policies?.after;
    if (policies === undefined) throw new Error(`the run "rendered" of ${RENDERING} shows no policies`);
    return { passed: summary.passed, policies: written(policies) };
  } finally {
    terraform.close();
  }
}

function linesOf(out: string): readonly Line[] {
  return out.split('\n').flatMap((line): Line[] => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

/** As the committed file has it. */
function written(policies: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(policies).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted.map(([name, json]) => [name, JSON.parse(json) as unknown])), null, 2);
}
