/** A thousand repetitions of every kind that Slack and people make, against two replicas: one effect each. */
import { repeatEverything } from '../support/duplicates.ts';

const startedAt = performance.now();
const results = await repeatEverything(Number(process.argv[2] ?? 1_000));
for (const { kind, tries, delivered, acknowledged, once, others } of results) {
  console.log(
    `${kind.padEnd(50)} tried ${tries}, delivered ${delivered}, acknowledged ${acknowledged}, one effect ${once}`,
  );
  for (const other of others) console.log(`  ${other}`);
}
const sum = (of: 'tries' | 'delivered' | 'once') => results.reduce((total, result) => total + result[of], 0);
const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
console.log(`tried ${sum('tries')}, delivered ${sum('delivered')}, one effect each ${sum('once')}, in ${seconds} s`);
process.exit(sum('once') === sum('tries') ? 0 : 1);
