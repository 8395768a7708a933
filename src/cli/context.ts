import { loadSettings } from '../config.ts';
import type { Settings } from '../config-types.ts';
import type { Variables } from '../environment.ts';
import type { Logger } from '../ports/logger.ts';
import type { Composed } from './compose-cli.ts';
import type { Prompts } from './prompts.ts';
import type { Terminal } from './terminal.ts';

/** 0: done. 1: refused, failed, or something differs. 2: the command itself was not understood. */
export type ExitCode = 0 | 1 | 2;

/** What every command may use. */
export interface Context {
  readonly terminal: Terminal;
  readonly env: Variables;
  readonly readFile: (path: string) => string;
  /** Never over a file that is there. */
  readonly writeNewFile: (path: string, text: string, mode?: number) => void;
  /** The whole file at once, with these permissions, in place of the one that is there. */
  readonly replaceFile: (path: string, text: string, mode: number) => void;
  /** Permissions of a file; null: it is not there. */
  readonly modeOf: (path: string) => number | null;
  readonly appendFile: (path: string, text: string) => void;
  /** Somebody sits at a terminal. */
  readonly interactive: boolean;
  /** Begins to ask on standard input. */
  readonly prompts: () => Prompts;
  readonly log: Logger;
  /** Aborted when somebody wants to stop waiting. */
  readonly stop: AbortSignal;
}

/** The command cannot be carried out as it was given. */
export class Misuse extends Error {
  readonly code = 'MISUSE';
}

/** Something that the command needs is not there; the message says what to do. */
export class Unavailable extends Error {
  readonly code = 'UNAVAILABLE';
}

export function readSettings(context: Pick<Context, 'env' | 'readFile'>): Settings {
  const loaded = loadSettings({ env: context.env, readFile: context.readFile });
  if (!loaded.ok) throw new Unavailable(loaded.message);
  return loaded.settings;
}

/**
 * Composes what a command needs, and closes it whatever happens. What only looks or appends does so as whoever AWS says
 * it is; the roles of the environments are taken on only where the command may carry something out itself.
 */
export async function withComposed<T>(
  context: Context,
  use: (composed: Composed) => Promise<T>,
  { carriesOut }: { readonly carriesOut: boolean } = { carriesOut: false },
): Promise<T> {
  const settings = readSettings(context);
  // Loaded only here: help and the verification of a file need nothing of AWS or Slack, and are quick without.
  const { composeCli } = await import('./compose-cli.ts');
  const composed = composeCli(carriesOut ? settings : withoutRoles(settings), context.env, context.log);
  try {
    return await use(composed);
  } finally {
    await composed.engine.stop();
    composed.close();
  }
}

function withoutRoles(settings: Settings): Settings {
  const { stagingRoleArn: _, prodRoleArn: __, ...aws } = settings.aws;
  return { ...settings, aws };
}

/** The service, where a command has to name it; null: there is only this one. */
export function serviceToName(settings: Settings, service: string): string | null {
  return settings.services.length > 1 ? service : null;
}

/** The service that is meant: the one named, or the only one there is. */
export function chooseService(settings: Settings, named: string | undefined): string {
  const names = settings.services.map(({ name }) => name);
  const found = named === undefined ? (names.length === 1 ? names[0] : undefined) : names.find((n) => n === named);
  if (found !== undefined) return found;
  const list = names.join(', ');
  throw new Misuse(
    named === undefined
      ? `Several services are configured: name one with --service (${list}).`
      : `There is no service ${named} in the configuration. There is: ${list}.`,
  );
}

/** The services that are meant: the one named, or all. */
export function servicesMeant(settings: Settings, named: string | undefined): readonly string[] {
  return named === undefined ? settings.services.map(({ name }) => name) : [chooseService(settings, named)];
}
