/**
 * `npm run test:infra`: the Terraform, what its policies allow, and the images. Each part says in one line what was
 * seen; what is not installed is skipped in one line.
 *
 *     npm run test:infra                     all
 *     npm run test:infra -- calls            some: calls, terraform, moto, pictures, images
 *     npm run test:infra -- --write          writes the recorded calls and rendered policies, for a commit
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { tryImages } from './image/try-images.ts';
import { withPictures } from './picture/draw.ts';
import { DENIED } from './policies/denied.ts';
import { conditionMutants } from './policies/mutants.ts';
import { NAMED_CALLS, servingPlan } from './policies/named-calls.ts';
import { recordCalls } from './record/record-calls.ts';
import type { IamRequest } from './record/iam-request.ts';
import { applyPlanDestroy, heardFromServingPlan } from './terraform/applied.ts';
import { startMoto } from './terraform/moto.ts';
import { MOTO_FORGETS } from './terraform/moto-gaps.ts';
import { playOperatorKeys } from './terraform/operator-keys.ts';
import { testAll, unformatted, validateAll } from './terraform/rendered.ts';
import { whatIsMissing } from './terraform/terraform.ts';

const words = process.argv.slice(2);
const write = words.includes('--write');
const wanted = words.filter((word) => !word.startsWith('--'));
let failures = 0;

function say(outcome: 'ok' | 'failed' | 'skipped', sentence: string): void {
  if (outcome === 'failed') failures += 1;
  console.log(`${outcome.padEnd(8)}${sentence}`);
}

/** Says what was expected to be nothing, or that it was. */
function none(found: readonly string[], fine: string, wrong: string): void {
  if (found.length === 0) say('ok', fine);
  else say('failed', `${wrong}:\n${found.map((one) => `          ${one}`).join('\n')}`);
}

/** A committed file has to be what was just found out; `--write` makes it so. */
function compare(name: string, found: string, what: string): void {
  const path = fileURLToPath(new URL(`policies/${name}`, import.meta.url));
  if (write) writeFileSync(path, found);
  // Formatting is the formatter's matter.
  const same = JSON.stringify(JSON.parse(readFileSync(path, 'utf8'))) === JSON.stringify(JSON.parse(found));
  if (same) say('ok', what);
  else say('failed', `${name} is not what was found; look at the difference after: npm run test:infra -- --write`);
}

async function calls(): Promise<void> {
  const recorded: readonly IamRequest[] = await recordCalls(() => {});
  compare('calls.generated.json', `${JSON.stringify(recorded, null, 2)}\n`, `${recorded.length} calls as recorded`);
  const denied = `${DENIED.length} cases denied, ${conditionMutants().length} conditions each needed`;
  say('ok', `judged by npm test: ${recorded.length + NAMED_CALLS.length} calls allowed, ${denied}`);
}

function pictures(): void {
  const path = fileURLToPath(new URL('../../infra/README.md', import.meta.url));
  const text = readFileSync(path, 'utf8');
  const drawn = withPictures(text);
  if (write) writeFileSync(path, drawn);
  none(
    write || drawn === text ? [] : [path],
    'the pictures of infra/README.md are current',
    'to be drawn anew with --write',
  );
}

function terraform(): void {
  none(unformatted(), 'terraform fmt', 'not formatted');
  say('ok', `terraform validate: the root and its modules’ examples (${validateAll()})`);
  const { passed, policies } = testAll();
  say('ok', `terraform test: ${passed} runs`);
  compare('policies.generated.json', `${policies}\n`, 'the committed policies are the rendered ones');
}

async function moto(): Promise<void> {
  const running = await startMoto();
  if (running === null) return say('skipped', 'apply, plan and destroy: moto_server is not installed');
  try {
    const { made, differences, healed, lost, left } = await applyPlanDestroy(running);
    const gaps = Object.values(MOTO_FORGETS).flat().length;
    none(
      differences,
      `${made} resources applied; a second plan changes nothing but ${gaps} known gaps of moto`,
      'a second plan would change',
    );
    none(healed, 'each known gap of moto is still one', 'no longer a gap of moto, so take it off the list');
    none(lost, 'terraform destroy leaves the model, config and endpoint that titanic made', 'terraform destroy took');
    none(left, 'terraform destroy leaves nothing of its own', 'left after terraform destroy');
    none(
      await playOperatorKeys(running),
      'the operator’s keys: made, exchanged, retired, never three',
      'operator-keys.ts',
    );
    const may = new Set(servingPlan.map(({ action }) => action));
    const heard = (await heardFromServingPlan(running)).filter((action) => action !== 'sts:GetCallerIdentity');
    none(
      heard.filter((action) => !may.has(action)),
      `terraform plan of serving reads ${heard.length} things, all with the operator’s rights`,
      'the operator may not',
    );
    none(
      [...may].filter((action) => !heard.includes(action)),
      'and needs each of them',
      'not needed by a plan',
    );
  } finally {
    await running.close();
  }
}

/** No engine is used even where there is one: what differs, the base image and the isolation, is said. */
async function images(): Promise<void> {
  for (const { target, problem, says } of await tryImages()) {
    if (problem === null) say('ok', says);
    else say('failed', `${target}: ${problem}`);
  }
  say('skipped', 'the base image and its isolation: only docker build tries them');
}

const missing = whatIsMissing();
const parts: readonly (readonly [string, () => void | Promise<void>])[] = [
  ['calls', calls],
  ...(missing === null
    ? ([
        ['terraform', terraform],
        ['moto', moto],
      ] as const)
    : []),
  ['pictures', pictures],
  ['images', images],
];
for (const [name, part] of parts) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  try {
    await part();
  } catch (error) {
    say('failed', `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (missing !== null) say('skipped', `fmt, validate, test, plan: ${missing}`);
process.exitCode = failures === 0 ? 0 : 1;
