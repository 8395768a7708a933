import type { Environment, LogLevel, SlackDelivery } from './config-types.ts';
import { Secret } from './secret.ts';

/** A variable that is missing or malformed; the message never repeats its value. */
export type VariableFault = { readonly variable: string; readonly message: string };

export type Variables = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 3000;
const LOG_LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Reads what the bot is told by its process environment. A variable set to nothing counts as not set. */
export function readEnvironment(
  env: Variables,
):
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly faults: readonly VariableFault[] } {
  const faults: VariableFault[] = [];
  const read = (variable: string) => env[variable]?.trim() || undefined;
  const fault = (variable: string, message: string) => faults.push({ variable, message });

  const secret = (variable: string, pattern: RegExp, says: string) => {
    const value = read(variable);
    if (value === undefined) fault(variable, `is missing; set it to ${says}`);
    else if (!pattern.test(value)) fault(variable, `is malformed; it must be ${says}`);
    return new Secret(value ?? '');
  };

  const botToken = secret('SLACK_BOT_TOKEN', /^xoxb-[\w-]+$/, "the app's bot token (xoxb-…)");
  const delivery: SlackDelivery =
    read('SLACK_APP_TOKEN') === undefined
      ? {
          kind: 'http',
          signingSecret: secret(
            'SLACK_SIGNING_SECRET',
            /^[\w-]{16,}$/,
            'the signing secret of the app (or set SLACK_APP_TOKEN to use Socket Mode instead of HTTP)',
          ),
        }
      : { kind: 'socket', appToken: secret('SLACK_APP_TOKEN', /^xapp-[\w-]+$/, 'an app-level token (xapp-…)') };

  const appId = read('SLACK_APP_ID');
  if (appId !== undefined && !/^A[A-Z0-9]{4,20}$/.test(appId)) {
    fault('SLACK_APP_ID', "is malformed; it must be the app's id (A…), or leave it out");
  }

  const apiUrl = read('SLACK_API_URL');
  const apiUrlFault = apiUrl === undefined ? undefined : faultOfApiUrl(apiUrl, read('SLACK_API_URL_TRUSTED') === '1');
  if (apiUrlFault !== undefined) fault('SLACK_API_URL', apiUrlFault);

  const port = Number(read('PORT') ?? DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    fault('PORT', `is malformed; it must be a whole number from 0 to 65535, or leave it out for ${DEFAULT_PORT}`);
  }

  const logLevel = LOG_LEVELS.find((level) => level === (read('LOG_LEVEL') ?? 'info'));
  if (logLevel === undefined) fault('LOG_LEVEL', `is unknown; it must be one of ${LOG_LEVELS.join(', ')}`);

  if (faults.length > 0 || logLevel === undefined) return { ok: false, faults };
  const slack = {
    botToken,
    delivery,
    ...(appId === undefined ? {} : { appId }),
    ...(apiUrl === undefined ? {} : { apiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
  };
  return { ok: true, environment: { slack, port, logLevel } };
}

/** The bot token goes to this address, so a foreign one must be meant. */
function faultOfApiUrl(value: string, trusted: boolean): string | undefined {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username || url.password || url.search) {
    return 'is malformed; it must be an address such as http://127.0.0.1:4000/api/, or leave it out';
  }
  if (trusted || isLoopback(url.hostname)) return undefined;
  return 'leads away from this machine, and the bot token would go there; leave it out, or set SLACK_API_URL_TRUSTED=1';
}

/** Whether a host name is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether the SDK would call a SageMaker of this machine: by the variable of that service, else by the common one. */
export function sageMakerIsHere(env: Variables): boolean {
  const ignored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.trim().toLowerCase() === 'true';
  return !ignored && leadsHere(env.AWS_ENDPOINT_URL_SAGEMAKER || env.AWS_ENDPOINT_URL);
}

/** Whether an address is one of this machine. */
export function leadsHere(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname);
}
