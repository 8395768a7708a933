/** The bot: configuration → compose → start; drains on SIGTERM. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { tellLastWords } from './adapters/last-words.ts';
import { createPinoLogger, secretsOf } from './adapters/pino-logger.ts';
import { compose } from './compose.ts';
import { loadConfig } from './config.ts';
import { readTimes } from './test-times.ts';

/** How long a stop may take before the process ends anyway. */
const STOP_WITHIN_MS = 40_000;

const loaded = loadConfig({ env: process.env, readFile: (path) => readFileSync(path, 'utf8') });
if (!loaded.ok) {
  console.error(loaded.message);
  process.exit(1);
}
const read = readTimes(process.env);
if (!read.ok) {
  console.error(read.message);
  process.exit(1);
}
const log = createPinoLogger(loaded.config.environment.logLevel, undefined, secretsOf(process.env));
tellLastWords(log, () => process.exit(1));
const titanic = await compose(loaded.config, log, read.times);

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'titanic is stopping');
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    titanic.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error: String(error) }, 'titanic could not stop cleanly');
        process.exit(1);
      },
    );
  });
}

try {
  await titanic.start();
} catch (error) {
  log.error({ error: error instanceof Error ? error.message : String(error) }, 'titanic could not start');
  process.exit(1);
}
