import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { readEnvironment, type Variables } from '../../environment.ts';
import { type Context, Unavailable } from '../context.ts';
import { type ConfigText, readConfigText } from './config-text.ts';
import type { Checked, Interview } from './interview.ts';

/** What `titanic setup` takes. */
export interface SetupOptions {
  readonly json?: boolean;
  readonly force?: boolean;
  readonly stdin?: boolean;
  readonly print?: boolean;
  readonly doctor?: boolean;
  readonly envFile: string;
  readonly infra: string;
  readonly delivery?: 'socket' | 'http';
  readonly url?: string;
  readonly channel?: string;
  readonly approvers?: string;
  readonly quorum?: string;
  readonly operators?: string;
  readonly region?: string;
  readonly awsProfile?: string;
  readonly table?: string;
  readonly executionRole?: string;
  readonly modelPackageGroup?: string;
  readonly service?: string;
  readonly instanceType?: string;
  readonly stagingInstances?: string;
  readonly prodInstances?: string;
  readonly smokeContentType?: string;
  readonly smokeBody?: string;
  readonly smokeMatch?: string;
}

/** One run of the set-up: what is there already, who is asked, and what is worth saying in the end. */
export interface Session {
  readonly context: Context;
  readonly options: SetupOptions;
  readonly interview: Interview;
  readonly configPath: string;
  readonly envText: string | null;
  readonly configText: string | null;
  readonly config: ConfigText;
  /** What `.env` says. */
  readonly fromEnvFile: Variables;
  readonly notes: string[];
}

export function openSession(context: Context, options: SetupOptions, interview: Interview): Session {
  const envText = textOf(context, options.envFile);
  const fromEnvFile = parseEnv(envText ?? '');
  const configPath = context.env.TITANIC_CONFIG || fromEnvFile.TITANIC_CONFIG || 'titanic.yml';
  const configText = textOf(context, configPath);
  const config = readConfigText(configText, configPath);
  return { context, options, interview, configPath, envText, configText, config, fromEnvFile, notes: [] };
}

/** A variable, from the environment or else from `.env`; nothing counts as not set. */
export function variable({ context, fromEnvFile }: Session, name: string): string | undefined {
  return context.env[name]?.trim() || fromEnvFile[name]?.trim() || undefined;
}

/** The variables that say something. */
export function setIn(env: Variables): Variables {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

/** A check by what `titanic.yml` may say. */
export function fits(schema: z.ZodType): (text: string) => Checked {
  return (value) => {
    const read = schema.safeParse(value);
    return read.success
      ? { ok: true, value }
      : { ok: false, why: `It ${read.error.issues[0]?.message ?? 'does not fit'}.` };
  };
}

/** A check by what the bot takes of its environment. */
export function fitsVariable(name: string): (text: string) => Checked {
  return (value) => {
    const others = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: name === 'SLACK_SIGNING_SECRET' ? '' : 'xapp-1' };
    const read = readEnvironment({ ...others, [name]: value });
    const fault = read.ok ? undefined : read.faults.find((one) => one.variable === name);
    return fault === undefined ? { ok: true, value } : { ok: false, why: `${name} ${fault.message}.` };
  };
}

function textOf({ readFile, modeOf }: Context, path: string): string | null {
  if (modeOf(path) === null) return null;
  try {
    return readFile(path);
  } catch (error) {
    throw new Unavailable(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
