/** The sandbox to play with: `npm run sandbox -- [--port N] [--speed N] [--fresh] [--http]`. Stays until Ctrl-C. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startSandbox } from './start-sandbox.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8750' },
    speed: { type: 'string', default: '60' },
    fresh: { type: 'boolean', default: false },
    http: { type: 'boolean', default: false },
  },
});
const port = Number(values.port);
const speed = Number(values.speed);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail('--port takes a number from 0 to 65535.');
if (!(speed > 0)) fail('--speed takes a number above 0; 60 means sixty times faster than at AWS.');

const sandbox = await startSandbox({
  dataDir: fileURLToPath(new URL('../.titanic-sandbox/', import.meta.url)),
  fresh: values.fresh,
  speed,
  port,
  delivery: values.http ? 'http' : 'socket',
}).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
await sandbox.startBot();
const inference = await sandbox.inferenceApi();

console.log(`titanic is running. Open ${sandbox.slack.url}/ and type /titanic help.`);
console.log(`The inference API in front of prod: ${inference.url}/docs, with the header X-API-Key: ${inference.key}`);
console.log('The command line, in another terminal in this folder: . .titanic-sandbox/env && npx titanic status');
console.log(
  "The bot's log, a JSON line for each entry of the record and for what goes wrong: .titanic-sandbox/bot.log",
);
console.log('Everything is kept in .titanic-sandbox/; --fresh begins anew. Ctrl-C stops it.');

let closing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) process.exit(1);
    closing = true;
    void sandbox.close().then(() => process.exit(0));
  });
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
