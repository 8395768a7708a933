import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../ports/logger.ts';

/** What looks like a credential is never written, wherever it stands in a text. */
const SECRETS =
  /xox[a-z]-[\w-]+|xapp-[\w-]+|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|X-Amz-(?:Signature|Credential|Security-Token)=[^&\s"]+/g;

/** JSON lines on stdout, or wherever a test wants them. */
export function createPinoLogger(level: string, destination?: DestinationStream): Logger {
  const sink = destination ?? pino.destination({ sync: true });
  return pino(
    { level, base: { app: 'titanic' }, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => sink.write(line.replace(SECRETS, '[secret]')) },
  );
}

/** Lines are written in blocks of this many bytes, and at least this often, milliseconds. */
const BLOCK_BYTES = 8_192;
const FLUSH_EVERY_MS = 500;

/** For a process that writes a line per request: without waiting for each. Whoever ends the process flushes. */
export function createBufferedLogger(level: string): { readonly log: Logger; flush(): void } {
  const sink = pino.destination({ sync: false, minLength: BLOCK_BYTES, periodicFlush: FLUSH_EVERY_MS });
  return { log: createPinoLogger(level, sink), flush: () => sink.flushSync() };
}
