import { parseDocument } from 'yaml';
import { brokenRules } from './config-rules.ts';
import { fileSchema } from './config-schema.ts';
import type { Config, Settings } from './config-types.ts';
import type { Variables } from './environment.ts';
import { readEnvironment, sageMakerIsHere } from './environment.ts';
import { settingsOf } from './settings-of.ts';

export type {
  Approvers,
  AwsSettings,
  Capacity,
  Config,
  Environment,
  EnvironmentConfig,
  EnvironmentName,
  Expectation,
  Json,
  JsonObject,
  LogLevel,
  People,
  ServiceConfig,
  Settings,
  SlackDelivery,
  SlackSettings,
  SmokeCase,
  SmokeConfig,
  StagingConfig,
  Tags,
  Vpc,
} from './config-types.ts';
export { Secret } from './secret.ts';

const DEFAULT_PATH = 'titanic.yml';

export type ConfigSource = {
  readonly env: Variables;
  /** Throws where the file cannot be read, as `readFileSync` does. */
  readonly readFile: (path: string) => string;
};

/** One fault: where (`titanic.yml, smoke.requests` or `environment, PORT`), and what is wrong and what to do. */
export type ConfigFault = { readonly where: string; readonly message: string };

/** All faults together, and one message that lists them. No secret is in either. */
export type ConfigRefusal = { readonly ok: false; readonly message: string; readonly faults: readonly ConfigFault[] };

/** What the bot needs: `titanic.yml` and the environment. Called once, at the start. */
export function loadConfig(source: ConfigSource): { readonly ok: true; readonly config: Config } | ConfigRefusal {
  const environment = readEnvironment(source.env);
  const settings = readSettings(source);
  if (environment.ok && settings.ok) {
    return { ok: true, config: deepFreeze({ ...settings.settings, environment: environment.environment }) };
  }
  const variableFaults = environment.ok
    ? []
    : environment.faults.map(({ variable, message }) => ({ where: `environment, ${variable}`, message }));
  return refusal([...variableFaults, ...(settings.ok ? [] : settings.faults)]);
}

/** `titanic.yml` alone, for commands that do not speak to Slack. */
export function loadSettings(source: ConfigSource): { readonly ok: true; readonly settings: Settings } | ConfigRefusal {
  const read = readSettings(source);
  return read.ok ? { ok: true, settings: deepFreeze(read.settings) } : refusal(read.faults);
}

type Read<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly faults: readonly ConfigFault[] };

function readSettings({ env, readFile }: ConfigSource): Read<{ readonly settings: Settings }> {
  const path = env.TITANIC_CONFIG || DEFAULT_PATH;
  const read = readYaml(path, readFile);
  if (!read.ok) return read;
  const parsed = fileSchema.safeParse(read.value);
  const issues = parsed.success ? [] : parsed.error.issues;
  const faults = [
    ...issues.map((issue) => ({ path: pathOf(issue.path), message: issue.message })),
    ...brokenRules(read.value, issues, sageMakerIsHere(env)),
  ];
  if (parsed.success && faults.length === 0) return { ok: true, settings: settingsOf(parsed.data) };
  const where = (place: string) => (place === '' ? path : `${path}, ${place}`);
  return { ok: false, faults: faults.map((fault) => ({ where: where(fault.path), message: fault.message })) };
}

function readYaml(path: string, readFile: (path: string) => string): Read<{ readonly value: unknown }> {
  let source: string;
  try {
    source = readFile(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    const message = `cannot be read (${code}); create it, or set TITANIC_CONFIG to where it is`;
    return { ok: false, faults: [{ where: path, message }] };
  }
  const document = parseDocument(source, { prettyErrors: true });
  if (document.errors.length > 0) {
    // Only the first line of each: the others quote the file, in which somebody may have written a secret.
    const faults = document.errors.map(({ message }) => ({
      where: path,
      message: `is not YAML; mend it: ${message.split('\n', 1)[0]?.replace(/:$/, '')}`,
    }));
    return { ok: false, faults };
  }
  try {
    return { ok: true, value: document.toJS() };
  } catch {
    return { ok: false, faults: [{ where: path, message: 'uses too many or unknown YAML aliases; write them out' }] };
  }
}

function pathOf(parts: readonly PropertyKey[]): string {
  const written = parts.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return written.join('').replace(/^\./, '');
}

function refusal(faults: readonly ConfigFault[]): ConfigRefusal {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
  const lines = faults.map(({ where, message }) => `  - ${where}: ${message}`);
  return { ok: false, message: [`titanic cannot start: ${count} in its configuration.`, ...lines].join('\n'), faults };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
