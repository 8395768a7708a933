import { parseEnv } from 'node:util';
import { loadConfig } from '../../config.ts';
import { Unavailable } from '../context.ts';
import type { Prompts } from '../prompts.ts';
import type { Setting } from './config-text.ts';
import { withVariables } from './env-text.ts';
import { type Session, setIn } from './session.ts';

const HEAD = '# Made by titanic setup. It holds secrets: it is for you alone, and not for a repository.\n';
const SECRET_MODE = 0o600;
const SHARED_MODE = 0o644;

/** A file as it is to be. */
export interface Made {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
  /** What differs from the file that is there, by name and never by value. Empty: nothing. */
  readonly changes: readonly string[];
  readonly exists: boolean;
}

export type Outcome = 'written' | 'unchanged' | 'kept';

/** Both files, checked by the parser that the bot starts with. Throws where that would refuse them. */
export function makeFiles(session: Session, variables: Readonly<Record<string, string>>, settings: readonly Setting[]) {
  const { context, options, envText, configText, configPath, fromEnvFile } = session;
  const changed = Object.entries(variables).filter(([name, value]) => fromEnvFile[name] !== value);
  const before = context.modeOf(options.envFile);
  const open = before !== null && (before & 0o077) !== 0 ? ['permissions: others on this machine can read it'] : [];
  const env: Made = {
    path: options.envFile,
    text: changed.length === 0 ? (envText ?? HEAD) : withVariables(envText ?? HEAD, Object.fromEntries(changed)),
    mode: SECRET_MODE,
    changes: [...changed.map(([name]) => name), ...open],
    exists: envText !== null,
  };
  const made = session.config.with(settings);
  const config: Made = {
    path: configPath,
    text: made.text,
    mode: context.modeOf(configPath) ?? SHARED_MODE,
    changes: made.changed,
    exists: configText !== null,
  };
  const read = loadConfig({
    // As `node --env-file` does: what the environment says already, counts.
    env: { ...parseEnv(env.text), ...setIn(context.env), TITANIC_CONFIG: configPath },
    readFile: () => config.text,
  });
  if (!read.ok) throw new Unavailable(`Nothing was written. ${read.message}`);
  return [env, config] as const;
}

/**
 * Says where a bot that is started from here would not find what is written: the SDK and `node --env-file` let the
 * environment win, even with nothing in it.
 */
export function noteWhatWins({ context, options, notes }: Session, variables: Readonly<Record<string, string>>): void {
  const others = Object.entries(variables).filter(([name, value]) => (context.env[name] ?? value) !== value);
  if (others.length === 0) return;
  const names = others.map(([name]) => name).join(', ');
  notes.push(
    `The environment here says otherwise than ${options.envFile}, and wins where the bot is started: unset ${names}.`,
  );
}

/** Writes what is new. A file that is there is replaced only if that is said, beforehand or now. */
export async function writeFile(session: Session, made: Made, prompts: Prompts | null): Promise<Outcome> {
  const { context, options } = session;
  const { path, text, mode, changes, exists } = made;
  if (changes.length === 0) return 'unchanged';
  if (!exists) {
    orUnavailable(path, () => context.writeNewFile(path, text, mode));
    return 'written';
  }
  if (options.force !== true) {
    const line = await prompts?.ask(`Change ${path} (${changes.join(', ')})? [y/N]: `);
    if (!/^y(es)?$/i.test(line?.trim() ?? '')) return 'kept';
  }
  orUnavailable(path, () => context.replaceFile(path, text, mode));
  return 'written';
}

function orUnavailable(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`${path} could not be written: ${why}. Mend that, and run titanic setup again.`);
  }
}
