/** Commands over two real WebSockets while Slack refreshes one after the other: how many are handled, and how often. */
import { typeOverRefreshes } from '../support/refreshed-sockets.ts';

const startedAt = performance.now();
const run = await typeOverRefreshes(1_000, 20);
console.log(
  `typed ${run.typed} over ${run.refreshes} refreshes in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ` +
    `acknowledged ${run.acknowledged}, handled ${run.once}, handled twice ${run.asked - run.once}, ` +
    `never fewer than ${run.fewestSockets} socket open`,
);
process.exit(run.once === run.typed && run.asked === run.once && run.acknowledged === run.typed ? 0 : 1);
