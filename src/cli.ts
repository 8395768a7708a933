#!/usr/bin/env node
/** The `titanic` command. */
import process from 'node:process';
import { createPinoLogger, secretsOf } from './adapters/pino-logger.ts';
import { localFiles } from './cli/local-files.ts';
import { runCli } from './cli/main.ts';
import { createPrompts } from './cli/prompts.ts';
import { createTerminal } from './cli/terminal.ts';

const { env, stdin, stdout, stderr } = process;
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second time there is no waiting for what is under way.
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  });
}

// What the bot logs of each entry is said by the command itself; an environment made for the bot changes nothing here.
const level = env.LOG_LEVEL === undefined || env.LOG_LEVEL === '' || env.LOG_LEVEL === 'info' ? 'warn' : env.LOG_LEVEL;
const code = await runCli(process.argv.slice(2), {
  terminal: createTerminal(stdout, stderr, env),
  env,
  ...localFiles,
  interactive: stdin.isTTY === true && stderr.isTTY === true,
  prompts: () => createPrompts(stdin, stderr),
  // Standard output is for answers alone.
  log: createPinoLogger(level, { write: (line) => void stderr.write(line) }, secretsOf(env)),
  stop: stop.signal,
});
// A pipe takes what was written before the process ends.
stdout.write('', () => process.exit(code));
