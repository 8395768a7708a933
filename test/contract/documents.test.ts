import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { USAGE } from '../../src/command-usage.ts';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts;
const documents = ['README.md', 'CONTRIBUTING.md'] as const;

/** Blocks between fences and words between backticks. */
function commandsIn(markdown: string): readonly string[] {
  const fenced = [...markdown.matchAll(/^```\n([\s\S]*?)^```/gm)].flatMap(([, block]) => block?.split('\n') ?? []);
  const inline = [...markdown.matchAll(/`(npm [^`]+)`/g)].map(([, words]) => words ?? '');
  return [...fenced, ...inline].flatMap((line) => line.split('&&')).map((line) => line.trim());
}

describe('what the documents say', () => {
  it.each(documents)('%s names only npm scripts that exist', (path) => {
    const named = commandsIn(read(path)).flatMap((line) => {
      const script = /^npm run ([\w:-]+)/.exec(line)?.[1] ?? (line === 'npm test' ? 'test' : undefined);
      return script === undefined ? [] : [script];
    });
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });

  it.each(documents)('%s links only to files that exist', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target ?? '');
    expect(links.filter((target) => !existsSync(new URL(target, root)))).toEqual([]);
  });

  it('the map of folders in CONTRIBUTING names only what is there', () => {
    const folders = [...read('CONTRIBUTING.md').matchAll(/^\| ((?:`[\w/.-]+`(?:, )?)+) \|/gm)]
      .flatMap(([, cell]) => cell?.split(', ') ?? [])
      .map((name) => name.replaceAll('`', ''));
    expect(folders.length).toBeGreaterThan(8);
    expect(folders.filter((name) => !existsSync(new URL(name, root)))).toEqual([]);
  });

  it('the words in the README are those that the parser knows', () => {
    const table = read('README.md').split('## Words')[1]?.split('\n## ')[0] ?? '';
    const first = table.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split(' | ')[0] ?? ''] : []));
    const words = first.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)/g)].map(([, word]) => word ?? ''));
    expect(words.length).toBeGreaterThan(10);
    expect(words.filter((word) => !(word in USAGE))).toEqual([]);
  });

  it('CI runs the README’s own commands', () => {
    const ci = read('.ci/run');
    for (const command of ['npm ci', 'npm test', 'npm run demo']) expect(ci).toContain(command);
  });
});
