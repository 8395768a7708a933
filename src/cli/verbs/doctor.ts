import { ENVIRONMENTS } from '../../rollout/candidate.ts';
import { sentence } from '../../rollout/reasons.ts';
import { plain, printJson } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import { type Context, type ExitCode, Unavailable, withComposed } from '../context.ts';
import { checkPerson } from '../requester.ts';
import { columns } from '../terminal.ts';

/** One thing that titanic needs. `skipped`: it cannot be looked at from here, and need not be. */
interface Need {
  readonly name: string;
  readonly status: 'ok' | 'problem' | 'skipped';
  readonly detail: string;
  readonly todo: string | null;
}

const COLOURS = { ok: 'green', problem: 'red', skipped: 'dim' } as const;

/** Everything that has to be there before the first rollout, and what to do where it is not. Changes nothing. */
export async function doctor(context: Context, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { terminal } = context;
  let needs: readonly Need[];
  try {
    needs = await withComposed(context, lookAtAll);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    needs = [problem('configuration', error.message, 'Mend the file; titanic.schema.json describes it.')];
  }
  const fine = needs.every(({ status }) => status !== 'problem');
  if (options.json === true) printJson(terminal, { fine, needs });
  else {
    const lines = columns(needs.map(({ status, name, detail }) => [status, name, detail.split('\n').join('\n      ')]));
    for (const [index, line] of lines.split(/\n(?! {6})/).entries()) {
      const need = needs[index];
      if (need === undefined) continue;
      const { status, todo } = need;
      terminal.out(`${terminal.paint(COLOURS[status], line.slice(0, status.length))}${line.slice(status.length)}`);
      if (todo !== null) terminal.out(`      ${todo}`);
    }
  }
  return fine ? 0 : 1;
}

function ok(name: string, detail: string): Need {
  return { name, status: 'ok', detail, todo: null };
}

function problem(name: string, detail: string, todo: string): Need {
  return { name, status: 'problem', detail, todo };
}

async function lookAtAll(composed: Composed): Promise<readonly Need[]> {
  const { settings } = composed;
  const count = settings.services.length;
  const parts = await Promise.all([
    credentials(composed),
    tableNeed(composed),
    ...settings.services.map((service) => serviceNeeds(composed, service)),
    slackNeeds(composed),
    githubNeeds(composed),
  ]);
  return [ok('configuration', `${count} service${count === 1 ? '' : 's'}`), ...parts.flat()];
}

async function credentials({ identity }: Composed): Promise<readonly Need[]> {
  const who = await identity();
  if (who.kind === 'known') return [ok('credentials', who.value)];
  const todo = 'Set AWS_PROFILE, or AWS_REGION and credentials; titanic finds them as the AWS CLI does.';
  return [problem('credentials', who.why, todo)];
}

async function tableNeed({ table, settings }: Composed): Promise<readonly Need[]> {
  const check = await table.check();
  if (check.kind === 'fine') return [ok('table', settings.aws.table)];
  return [problem('table', check.why, `${check.todo[0]?.toUpperCase()}${check.todo.slice(1)}.`)];
}

async function serviceNeeds(composed: Composed, service: Composed['settings']['services'][number]): Promise<Need[]> {
  const { registry, endpoints, engine } = composed;
  const { name, modelPackageGroup } = service;
  const [packages, record, ...seen] = await Promise.all([
    registry.list(modelPackageGroup, 1),
    engine.state(name),
    ...ENVIRONMENTS.map((environment) => endpoints.describe(environment, service[environment].endpointName)),
  ]);
  const permission = 'Compare the permissions of these credentials with infra/.';
  const needs: Need[] = [
    packages.kind === 'known'
      ? ok(`${name}: registry`, newestWords(modelPackageGroup, packages.value[0]?.version ?? null))
      : problem(`${name}: registry`, packages.why, `Is the group ${modelPackageGroup} there? ${permission}`),
    record.kind === 'known'
      ? ok(`${name}: record`, `${record.value.seq} entries`)
      : problem(`${name}: record`, record.why, 'titanic verify --live says what is wrong with it.'),
  ];
  for (const [index, environment] of ENVIRONMENTS.entries()) {
    const reading = seen[index];
    const what = `${name}: ${environment}`;
    const { endpointName } = service[environment];
    if (reading === undefined) continue;
    if (reading.kind === 'unknown') needs.push(problem(what, reading.why, permission));
    else needs.push(ok(what, `${endpointName}: ${reading.value?.status ?? 'not there yet'}`));
  }
  return needs;
}

function newestWords(group: string, version: number | null): string {
  return version === null ? `${group} has no version yet` : `${group}, newest version ${version}`;
}

/** Somebody whose Slack id is wrong could approve what runs in their own name. */
async function githubNeeds(composed: Composed): Promise<readonly Need[]> {
  const users = Object.entries(composed.settings.githubUsers);
  const needs: Need[] = [];
  // One after the other: Slack lets people be read only so often.
  for (const [login, person] of users) {
    const checked = await checkPerson(composed, person);
    const name = `github: ${login}`;
    if (checked.kind === 'fine') needs.push(ok(name, person));
    else if (checked.kind === 'unchecked') needs.push({ name, status: 'skipped', detail: checked.why, todo: null });
    else needs.push(problem(name, plain(sentence(checked.reason)), 'Mend github.users in titanic.yml.'));
  }
  return needs;
}

/** Only the bot needs Slack; the command line asks it just for the approvers. */
async function slackNeeds({ slack }: Composed): Promise<readonly Need[]> {
  if ('missing' in slack) {
    const detail = `${slack.missing}; only the bot needs it, and \`--wait\` where it has to bring something to prod itself`;
    return [{ name: 'slack', status: 'skipped', detail: detail.replaceAll('`', ''), todo: null }];
  }
  const warnings = await slack.startupCheck();
  if (warnings.length === 0) return [ok('slack', 'the channel and the groups can be read')];
  return warnings.map((warning) => problem('slack', warning, 'Mend it in Slack, or in titanic.yml under slack.'));
}
