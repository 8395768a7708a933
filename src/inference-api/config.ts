/** The service's configuration: environment variables, read once into a frozen object, or one error that lists all faults. */
import { z } from 'zod';
import { nearestWord } from '../nearest-word.ts';
import { PASSENGERS_MAX } from './passenger.ts';

const PREFIX = 'INFERENCE_API_';
/** SageMaker takes no more in one invocation. */
const BODY_MAX_BYTES = 6_291_456;
/** A thousand passengers are about 60 kB; what is larger keeps the one thread busy for nothing. */
const BODY_BYTES = 262_144;

/** A flip has to take effect within a second: this, and one reading. */
const POINTER_EVERY_MS = 500;

const whole = (from: number, to: number, fallback: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`)
    .default(fallback);

const secureUrl = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://login.example.com/' })
  .refine((value) => /^https:|^http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])([:/]|$)/.test(value), {
    error: 'must begin with https://',
  });

const variables = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: whole(0, 65_535, 8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  INFERENCE_API_ENDPOINT: z
    .string()
    .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, 'is no name of an endpoint')
    .optional(),
  INFERENCE_API_POINTER_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'is no name of a table')
    .optional(),
  INFERENCE_API_POINTER_SERVICE: z
    .string()
    .regex(/^[a-z0-9](-*[a-z0-9])*$/, 'is no name of a service; it stands in titanic.yml')
    .optional(),
  INFERENCE_API_POINTER_EVERY_MS: whole(50, 10_000, POINTER_EVERY_MS),
  INFERENCE_API_AUTH: z.enum(['api-keys', 'oidc', 'open-to-everybody'], {
    error: 'must be api-keys, oidc or open-to-everybody',
  }),
  INFERENCE_API_KEYS_FILE: z.string().optional(),
  INFERENCE_API_KEYS_SECRET: z.string().optional(),
  INFERENCE_API_KEYS_RELOAD_SECONDS: whole(1, 3_600, 60),
  INFERENCE_API_OIDC_ISSUER: secureUrl.optional(),
  INFERENCE_API_OIDC_AUDIENCE: z.string().optional(),
  INFERENCE_API_OIDC_JWKS_URL: secureUrl.optional(),
  INFERENCE_API_OIDC_PER_MINUTE: whole(1, 1_000_000, 600),
  INFERENCE_API_CORS_ORIGINS: z
    .string()
    .default('')
    .transform((value) => value.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])))
    .refine((all) => all.every((one) => URL.canParse(one) && new URL(one).origin === one), {
      error: 'must be origins such as https://app.example.com, with commas between; * is not taken',
    }),
  INFERENCE_API_MAX_BODY_BYTES: whole(1_024, BODY_MAX_BYTES, BODY_BYTES),
  INFERENCE_API_MAX_IN_FLIGHT: whole(1, 4_096, 256),
  INFERENCE_API_MODEL_TIMEOUT_SECONDS: whole(1, 3_600, 65),
  INFERENCE_API_REQUEST_TIMEOUT_SECONDS: whole(2, 3_600, 70),
  INFERENCE_API_ALB_IDLE_SECONDS: whole(3, 4_000, 75),
  INFERENCE_API_REFRESH_SECONDS: whole(1, 300, 10),
  INFERENCE_API_DRAIN_SECONDS: whole(0, 110, 15),
});

type Variables = z.infer<typeof variables>;

/** Every variable and its default, where it has one that is a number. */
export const VARIABLES: ReadonlyMap<string, number | undefined> = new Map(
  Object.entries(variables.shape).map(([name, schema]) => {
    const read = schema.safeParse(undefined);
    return [name, read.success && typeof read.data === 'number' ? read.data : undefined];
  }),
);

export type AuthConfig =
  | { readonly kind: 'api-keys'; readonly from: KeyPlace; readonly reloadEveryMs: number }
  | {
      readonly kind: 'oidc';
      readonly issuer: string;
      readonly audience: string;
      readonly jwksUrl: string | undefined;
      readonly perMinute: number;
    }
  | { readonly kind: 'open-to-everybody' };

/** Where questions go. */
export type ServesConfig =
  | { readonly kind: 'endpoint'; readonly endpointName: string }
  | { readonly kind: 'pointer'; readonly table: string; readonly service: string; readonly everyMs: number };

export type KeyPlace = { readonly file: string } | { readonly secretId: string };

/** Durations in milliseconds. */
export interface InferenceConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: Variables['LOG_LEVEL'];
  readonly serves: ServesConfig;
  readonly auth: AuthConfig;
  readonly corsOrigins: readonly string[];
  readonly limits: { readonly bodyBytes: number; readonly inFlight: number; readonly passengers: number };
  /** Each shorter than the next: the model's, the request's, the load balancer's, and how long we keep connections. */
  readonly timeouts: {
    readonly modelMs: number;
    readonly requestMs: number;
    readonly keepAliveMs: number;
    readonly headersMs: number;
    readonly drainMs: number;
  };
  readonly refreshEveryMs: number;
}

export type ConfigRead =
  | { readonly ok: true; readonly config: InferenceConfig }
  | { readonly ok: false; readonly message: string };

/** Kept longer than the load balancer keeps them, or it sends a request into a connection we are closing (a 502). */
const KEEP_ALIVE_MARGIN_MS = 5_000;

/** Reads the environment. Nothing set counts as not set; no value is repeated in a fault. */
export function readInferenceConfig(env: Readonly<Record<string, string | undefined>>): ConfigRead {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const read = variables.safeParse(given);
  const faults = [
    ...unknownNames(Object.keys(given)),
    ...(read.success ? [] : read.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`)),
    ...relations(given),
  ];
  if (!read.success || faults.length > 0) {
    return { ok: false, message: `The configuration has faults:\n${faults.map((one) => `  ${one}`).join('\n')}` };
  }
  return { ok: true, config: deepFreeze(configOf(read.data)) };
}

function unknownNames(names: readonly string[]): string[] {
  const known = Object.keys(variables.shape);
  return names
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .map((name) => {
      const near = nearestWord(name, known);
      return `${name}: is not known${near === undefined ? '' : `; ${near}?`}`;
    });
}

/** What single values cannot say. Looked at even where others are faulty, so that all faults come at once. */
function relations(given: Readonly<Record<string, unknown>>): string[] {
  const has = (name: string) => given[name] !== undefined;
  const number = (name: keyof Variables, fallback: number) => Number(given[name] ?? fallback);
  const faults = servingFaults(has);
  const keys = ['INFERENCE_API_KEYS_FILE', 'INFERENCE_API_KEYS_SECRET'].filter(has);
  const oidc = ['INFERENCE_API_OIDC_ISSUER', 'INFERENCE_API_OIDC_AUDIENCE'].filter(has);
  const auth = given.INFERENCE_API_AUTH;
  if (auth === 'api-keys' && keys.length !== 1) {
    faults.push('INFERENCE_API_AUTH: api-keys needs one of INFERENCE_API_KEYS_FILE and INFERENCE_API_KEYS_SECRET');
  }
  if (auth === 'oidc' && oidc.length !== 2) {
    faults.push('INFERENCE_API_AUTH: oidc needs INFERENCE_API_OIDC_ISSUER and INFERENCE_API_OIDC_AUDIENCE');
  }
  // Credentials that nothing checks look like protection.
  if (auth !== 'api-keys' && keys.length > 0)
    faults.push(`${keys[0]}: has no effect unless INFERENCE_API_AUTH is api-keys`);
  if (auth !== 'oidc' && oidc.length > 0) faults.push(`${oidc[0]}: has no effect unless INFERENCE_API_AUTH is oidc`);
  const order = [
    number('INFERENCE_API_MODEL_TIMEOUT_SECONDS', 65),
    number('INFERENCE_API_REQUEST_TIMEOUT_SECONDS', 70),
    number('INFERENCE_API_ALB_IDLE_SECONDS', 75),
  ] as const;
  if (order[0] >= order[1] || order[1] >= order[2]) {
    faults.push(
      'INFERENCE_API_MODEL_TIMEOUT_SECONDS, INFERENCE_API_REQUEST_TIMEOUT_SECONDS, INFERENCE_API_ALB_IDLE_SECONDS: ' +
        'each must be less than the next, or the load balancer gives up before this service does',
    );
  }
  return faults;
}

const POINTER = ['INFERENCE_API_POINTER_TABLE', 'INFERENCE_API_POINTER_SERVICE'];

/** The endpoint, or what the pointer names: exactly one of them, and that one whole. */
function servingFaults(has: (name: string) => boolean): string[] {
  const named = has('INFERENCE_API_ENDPOINT');
  const pointer = POINTER.filter(has);
  const every = 'INFERENCE_API_POINTER_EVERY_MS';
  const noEffect = has(every) && pointer.length === 0 ? [`${every}: has no effect without a pointer`] : [];
  if (named && pointer.length > 0)
    return [`INFERENCE_API_ENDPOINT, ${pointer.join(', ')}: set either the endpoint or the pointer`, ...noEffect];
  const [missing] = POINTER.filter((name) => !has(name));
  if (pointer.length === 1) return [`${missing}: is missing; the pointer needs ${POINTER.join(' and ')}`, ...noEffect];
  if (named || pointer.length === 2) return noEffect;
  return [
    'INFERENCE_API_ENDPOINT: is missing; set it to the name of the endpoint, such as titanic-survival-prod, ' +
      `or ${POINTER.join(' and ')} where prod is blue/green`,
    ...noEffect,
  ];
}

function configOf(v: Variables): InferenceConfig {
  const albIdleMs = v.INFERENCE_API_ALB_IDLE_SECONDS * 1_000;
  return {
    host: v.HOST,
    port: v.PORT,
    logLevel: v.LOG_LEVEL,
    serves: servesOf(v),
    auth: authOf(v),
    corsOrigins: v.INFERENCE_API_CORS_ORIGINS,
    limits: {
      bodyBytes: v.INFERENCE_API_MAX_BODY_BYTES,
      inFlight: v.INFERENCE_API_MAX_IN_FLIGHT,
      passengers: PASSENGERS_MAX,
    },
    timeouts: {
      modelMs: v.INFERENCE_API_MODEL_TIMEOUT_SECONDS * 1_000,
      requestMs: v.INFERENCE_API_REQUEST_TIMEOUT_SECONDS * 1_000,
      keepAliveMs: albIdleMs + KEEP_ALIVE_MARGIN_MS,
      headersMs: albIdleMs + 2 * KEEP_ALIVE_MARGIN_MS,
      drainMs: v.INFERENCE_API_DRAIN_SECONDS * 1_000,
    },
    refreshEveryMs: v.INFERENCE_API_REFRESH_SECONDS * 1_000,
  };
}

/** The half-given is refused before. */
function servesOf(v: Variables): ServesConfig {
  const { INFERENCE_API_POINTER_TABLE: table, INFERENCE_API_POINTER_SERVICE: service } = v;
  if (table === undefined || service === undefined)
    return { kind: 'endpoint', endpointName: v.INFERENCE_API_ENDPOINT ?? '' };
  return { kind: 'pointer', table, service, everyMs: v.INFERENCE_API_POINTER_EVERY_MS };
}

function authOf(v: Variables): AuthConfig {
  switch (v.INFERENCE_API_AUTH) {
    case 'api-keys':
      return {
        kind: 'api-keys',
        from:
          v.INFERENCE_API_KEYS_FILE === undefined
            ? { secretId: v.INFERENCE_API_KEYS_SECRET ?? '' }
            : { file: v.INFERENCE_API_KEYS_FILE },
        reloadEveryMs: v.INFERENCE_API_KEYS_RELOAD_SECONDS * 1_000,
      };
    case 'oidc':
      return {
        kind: 'oidc',
        issuer: v.INFERENCE_API_OIDC_ISSUER ?? '',
        audience: v.INFERENCE_API_OIDC_AUDIENCE ?? '',
        jwksUrl: v.INFERENCE_API_OIDC_JWKS_URL,
        perMinute: v.INFERENCE_API_OIDC_PER_MINUTE,
      };
    case 'open-to-everybody':
      return { kind: 'open-to-everybody' };
    default:
      return v.INFERENCE_API_AUTH satisfies never;
  }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
