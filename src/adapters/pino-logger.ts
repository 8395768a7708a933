import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../ports/logger.ts';

/** What looks like a credential is never written, wherever it stands in a text. */
const SECRETS =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|X-Amz-(?:Signature|Credential|Security-Token)=[^&\s"]+/g;

/** Variables whose values a log never shows, whoever put them there. */
const SECRET_VARIABLES = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
];

/** What must not be written, as far as the environment holds it. */
export function secretsOf(env: Readonly<Record<string, string | undefined>>): readonly (string | undefined)[] {
  return SECRET_VARIABLES.map((name) => env[name]?.trim());
}

/** A value of fewer characters stands in any text. */
const SHORTEST_SECRET = 8;

/** JSON lines on stdout, or wherever a test wants them. `secrets` are values that are never written either. */
export function createPinoLogger(
  level: string,
  destination?: DestinationStream,
  secrets: readonly (string | undefined)[] = [],
): Logger {
  const sink = destination ?? pino.destination({ sync: true });
  // As they stand in a line of JSON.
  const values = secrets.flatMap((secret) =>
    secret !== undefined && secret.length >= SHORTEST_SECRET ? [JSON.stringify(secret).slice(1, -1)] : [],
  );
  const without = (line: string) => values.reduce((text, value) => text.replaceAll(value, '[secret]'), line);
  return pino(
    { level, base: { app: 'titanic' }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => sink.write(without(line.replace(SECRETS, '[secret]'))) },
  );
}

/** Lines are written in blocks of this many bytes, and at least this often, milliseconds. */
const BLOCK_BYTES = 8_192;
const FLUSH_EVERY_MS = 500;

/** For a process that writes a line per request: without waiting for each. Whoever ends the process flushes. */
export function createBufferedLogger(
  level: string,
  secrets: readonly (string | undefined)[] = [],
): { readonly log: Logger; flush(): void } {
  const sink = pino.destination({ sync: false, minLength: BLOCK_BYTES, periodicFlush: FLUSH_EVERY_MS });
  return { log: createPinoLogger(level, sink, secrets), flush: () => sink.flushSync() };
}
