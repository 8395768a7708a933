/** The inference API as a process: environment → compose → listen; drains on SIGTERM. */
import process from 'node:process';
import { tellLastWords } from '../adapters/last-words.ts';
import { createBufferedLogger, secretsOf } from '../adapters/pino-logger.ts';
import { composeInferenceApi } from './compose.ts';
import { readInferenceConfig } from './config.ts';

/** Ending what is in flight may take this long after draining, milliseconds; below what ECS waits at most (120 s). */
const CLOSE_WITHIN_MS = 75_000;

const read = readInferenceConfig(process.env);
if (!read.ok) {
  console.error(read.message);
  process.exit(1);
}
const { log, flush } = createBufferedLogger(read.config.logLevel, secretsOf(process.env));
const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function end(code: number): never {
  flush();
  process.exit(code);
}

tellLastWords(log, () => end(1));

try {
  const api = await composeInferenceApi(read.config, log);
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'the inference API is stopping');
      setTimeout(() => end(1), read.config.timeouts.drainMs + CLOSE_WITHIN_MS).unref();
      api.stop().then(
        () => end(0),
        (error: unknown) => {
          log.error({ error: wordsOf(error) }, 'the inference API could not stop cleanly');
          end(1);
        },
      );
    });
  }
  await api.start();
} catch (error) {
  log.error({ error: wordsOf(error) }, 'the inference API could not start');
  end(1);
}
