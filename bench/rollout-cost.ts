/** What one rollout to prod costs in calls: AWS, DynamoDB and Slack, counted where they arrive. */
import { setTimeout as wait } from 'node:timers/promises';
import { ACTIONS } from '../blocks/ids.ts';
import { openRecord } from '../sandbox/demo/record.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';

const sandbox = await startSandbox({ speed: 60, logLevel: 'silent' });
await sandbox.startBot();
const { control } = sandbox.slack;
const record = openRecord(sandbox.dynamo.url, 'titanic-rollouts', 'survival');
const before = (await control.calls()).length;
await control.command({ user: 'U0OPERATOR', channel: 'C0TITANIC', text: 'deploy staging' });
for (let pressed = false; ; await wait(200)) {
  const state = await record.state();
  if (!pressed && state.rollouts[0]?.status === 'gate') {
    const [card] = (await control.channel({ channel: 'C0TITANIC' })).filter((m) =>
      JSON.stringify(m.blocks).includes(ACTIONS.promote),
    );
    if (card === undefined) continue;
    await control.click({
      user: 'U0ALICE',
      channel: 'C0TITANIC',
      ts: card.ts,
      actionId: ACTIONS.promote,
      confirm: 'yes',
    });
    pressed = true;
  }
  if (state.ended.length > 0) break;
}
await wait(4_000);
const entries = await record.entries();
const bytes = entries.map((e) => JSON.stringify(e).length);
// A standard write costs one unit for each KB begun; the cursor and snapshots come on top.
const units = bytes.reduce((sum, size) => sum + Math.ceil((size + 200) / 1_024), 0);
const calls = (await control.calls()).slice(before);
const byMethod = new Map<string, number>();
for (const call of calls) byMethod.set(call.method, (byMethod.get(call.method) ?? 0) + 1);
const changing = (await sandbox.sagemaker.control.journal()).filter(
  (j) => j.kind === 'call' && !/ModelPackage/.test(j.operation),
);
console.log(
  `entries ${entries.length}, bytes ${bytes.reduce((a, b) => a + b, 0)}, write units for entries about ${units}`,
);
console.log(`SageMaker changing calls ${changing.length}`);
console.log(`Slack calls ${calls.length}: ${[...byMethod].map(([m, n]) => `${m} ${n}`).join(', ')}`);
record.close();
await sandbox.close();
