/** `npm run bench [-- NAME …]`: each benchmark as a process of its own, all of them where none is named. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';

const ALL = ['ack', 'rollout-cost', 'inference-api', 'inference-load'];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !ALL.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}; there are ${ALL.join(', ')}.`);
  process.exit(2);
}
for (const name of asked.length === 0 ? ALL : asked) {
  const path = new URL(`${name}.ts`, import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, [path], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
