import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.ts';
import { columns, createTerminal, type Stream } from '../../src/cli/terminal.ts';
import { silentLogger } from '../support/aws-env.ts';

const VERBS = [
  'status',
  'deploy',
  'promote',
  'rollback',
  'evidence export',
  'verify',
  'create-table',
  'doctor',
  'setup',
  'history',
  'models',
  'cost',
  'recommend',
  'cleanup',
];

function sheet(isTTY = false): Stream & { readonly written: string[] } {
  const written: string[] = [];
  return { written, isTTY, columns: 40, write: (text: string) => written.push(text) };
}

/** Whatever would go on to read its configuration stops there, because there is none. */
async function titanic(...words: string[]) {
  const out = sheet();
  const err = sheet();
  const code = await runCli(words, {
    terminal: createTerminal(out, err, {}),
    env: {},
    readFile: (path) => {
      throw Object.assign(new Error(`there is no ${path}`), { code: 'ENOENT' });
    },
    writeNewFile: () => {},
    appendFile: () => {},
    replaceFile: () => {},
    modeOf: () => null,
    interactive: false,
    prompts: () => ({ ask: () => Promise.resolve(null), close: () => {} }),
    log: silentLogger,
    stop: new AbortController().signal,
  });
  return { code, out: out.written.join(''), err: err.written.join('') };
}

describe('the words of the command line', () => {
  it.each(VERBS)('has help with an example for %s', async (verb) => {
    const { code, out } = await titanic(...verb.split(' '), '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Example:\n  titanic ${verb}`);
    expect(out).toContain('--json');
  });

  it.each([
    [['deploi'], 'Did you mean deploy'],
    [['deploy', 'prod'], 'Nothing is deployed to prod directly'],
    [['deploy', 'production'], 'Nothing is deployed to prod directly'],
    [['deploy', 'test'], 'no environment that can be deployed to'],
    [['deploy', '--model', 'newest'], 'is no version'],
    [['deploy', '--requested-by', '@alice'], 'Slack id'],
    [['deploy', '--requested-by', 'github:'], 'github: and a login'],
    [['deploy', '--requested-by', 'github:a b'], 'github: and a login'],
    [['deploy', '--take-over-after', 'later'], 'never, or seconds'],
    [['deploy', '--wait', 'prod'], 'gate, end'],
    [['deploy', '--timeout', 'soon'], 'minutes'],
    [['deploy', '--', 'x'.repeat(501)], 'longer than 500'],
    [['rollback'], 'Say why'],
    [['rollback', 'production', '--', 'why'], 'is no environment'],
    [['rollback', 'prod', '--to', 'x', '--', 'why'], 'is no version'],
    [['evidence', 'export'], 'missing required argument'],
    [['evidence', 'export', 'DROP TABLE'], 'is no rollout'],
    [['verify'], 'Name a file, or say --live'],
    [['history', '0'], 'is no number from 1'],
    [['status', '--', 'text'], 'takes no text'],
    [['status', '--nonsense'], 'unknown option'],
  ])('refuses %j as misuse', async (words, says) => {
    const { code, err } = await titanic(...words);
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  it('says that there is no configuration', async () => {
    expect(await titanic('status')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('titanic.yml: cannot be read (ENOENT)'),
    });
    expect(await titanic('verify', 'nowhere.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nowhere.json cannot be read'),
    });
  });
});

describe('the terminal', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('paints only where colours are wanted: %j %j', (isTTY, env, coloured) => {
    const terminal = createTerminal(sheet(isTTY), sheet(isTTY), env);
    expect(terminal.paint('red', 'x')).toBe(coloured ? '\u001b[31mx\u001b[0m' : 'x');
  });

  it('replaces its progress line on a terminal, and has none elsewhere', () => {
    const seen = sheet(true);
    const terminal = createTerminal(seen, seen, {});
    terminal.progress('y'.repeat(60));
    terminal.out('done');
    expect(seen.written.join('')).toBe(`\r\u001b[2K${'y'.repeat(38)}…\r\u001b[2Kdone\n`);
    const pipe = sheet();
    createTerminal(pipe, pipe, {}).progress('x');
    expect(pipe.written).toEqual([]);
  });

  it('lines columns up', () => {
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'long text'],
      ]),
    ).toBe('a    bb  c\naaa  b   long text');
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('for %s knows every verb, its options and their values', async (shell) => {
    const { code, out } = await titanic('completion', shell);
    expect(code).toBe(0);
    for (const word of [
      ...VERBS.map((verb) => verb.split(' ')[0] ?? ''),
      'requested-by',
      'leftovers staging prod all',
    ]) {
      expect(out).toContain(word);
    }
  });

  it('completes in a real bash', async () => {
    const { out } = await titanic('completion', 'bash');
    const asks = (words: readonly string[]) =>
      `COMP_WORDS=(${words.map((w) => `'${w}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _titanic; echo "\${COMPREPLY[*]}"`;
    const script = [
      out,
      asks(['titanic', 'roll']),
      asks(['titanic', 'rollback', 'st']),
      asks(['titanic', 'cleanup', '--target', '']),
      asks(['titanic', 'deploy', '--req']),
    ].join('\n');
    const { stdout, status, error } = spawnSync('bash', ['--norc'], { input: script, encoding: 'utf8' });
    if (error !== undefined) return; // No bash here: the words are checked above.
    expect([status, stdout.trim().split('\n')]).toEqual([
      0,
      ['rollback', 'staging', 'leftovers staging prod all', '--requested-by'],
    ]);
  });

  it('of an unknown shell is misuse', async () => {
    expect((await titanic('completion', 'tcsh')).code).toBe(2);
  });
});
