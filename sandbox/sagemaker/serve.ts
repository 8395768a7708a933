/** The emulator as a process of its own: `node sandbox/sagemaker/serve.ts --port 4566 --speed 60 --state FILE --seed`. */
import { parseArgs } from 'node:util';
import { seedSurvival } from './seed-survival.ts';
import { startSageMaker } from './start-sagemaker.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    speed: { type: 'string', default: '60' },
    state: { type: 'string' },
    seed: { type: 'boolean', default: false },
  },
});

const running = await startSageMaker({
  port: Number(values.port),
  speed: Number(values.speed),
  ...(values.state === undefined ? {} : { statePath: values.state }),
});
if (values.seed) await seedSurvival(running);
// One line that a parent process can wait for.
console.log(JSON.stringify({ url: running.url, pid: process.pid }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void running.close());
