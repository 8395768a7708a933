import type { Protection } from '../../adapters/table-protection.ts';
import type { Settings } from '../../config-types.ts';
import { ENVIRONMENTS } from '../../rollout/candidate.ts';
import type { Composed } from '../compose-cli.ts';
import { clockNeed } from './host-needs.ts';
import { asSentence, type Need, ok, problem, skipped } from './need.ts';

const PERMISSION = 'Compare the permissions of these credentials with infra/.';

/** Who acts on AWS, the table, the execution role and the roles. `asBot`: with the roles that `titanic.yml` names. */
export async function awsNeeds(composed: Composed, named: Settings['aws'], asBot: boolean): Promise<readonly Need[]> {
  const [caller, table] = await Promise.all([composed.caller(), tableNeeds(composed)]);
  const arn = caller.kind === 'known' ? caller.value.arn : null;
  const todo = 'Set AWS_PROFILE, or AWS_REGION and credentials; titanic finds them as the AWS CLI does.';
  return [
    caller.kind === 'known' ? ok('credentials', caller.value.arn) : problem('credentials', caller.why, todo),
    ...(caller.kind === 'known' ? [clockNeed('AWS', caller.value.dateMs, caller.value.heardMs)] : []),
    ...table,
    ...roleNeeds(named, asBot),
    executionRoleNeed(named, arn),
  ];
}

async function tableNeeds({ table, settings }: Composed): Promise<readonly Need[]> {
  const check = await table.check();
  if (check.kind === 'problem') return [problem('table', check.why, asSentence(check.todo))];
  const { recovery, deletion } = await table.protection();
  return [
    ok('table', `${settings.aws.table}, with the keys pk and sk`),
    protectionNeed('table: point-in-time recovery', recovery, 'what is deleted by mistake could not be brought back'),
    protectionNeed('table: deletion protection', deletion, 'one call could delete the whole record'),
  ];
}

function protectionNeed(name: string, protection: Protection, without: string): Need {
  if (protection.kind === 'unknown') return problem(name, protection.why, PERMISSION);
  switch (protection.value) {
    case 'on':
      return ok(name, 'on');
    case 'off':
      return problem(name, `off: ${without}`, 'Turn it on for the table, as infra/ does.');
    case 'not-said':
      return skipped(name, 'this DynamoDB does not say; one for trying out has none');
    default:
      return protection.value satisfies never;
  }
}

function roleNeeds(named: Settings['aws'], asBot: boolean): readonly Need[] {
  if (named.stagingRoleArn === undefined && named.prodRoleArn === undefined) return [];
  // Each endpoint says then by which role it was looked at, or that the role was refused.
  if (asBot) return [];
  const detail = 'the roles of titanic.yml are not taken on: staging and prod are looked at with these credentials';
  return [skipped('roles', detail, 'As the bot: titanic doctor --as-bot.')];
}

/** AWS answers whether a role may be passed only when it is passed. */
function executionRoleNeed(
  { executionRoleArn, stagingRoleArn, prodRoleArn }: Settings['aws'],
  own: string | null,
): Need {
  const name = 'execution role';
  const makers = [stagingRoleArn ?? own, prodRoleArn ?? own].filter((arn) => arn !== null);
  const other = makers.find((arn) => accountOf(arn) !== accountOf(executionRoleArn));
  if (other !== undefined) {
    const detail = `${executionRoleArn} is of another account than ${other}, and a role can be passed only within one`;
    return problem(name, detail, 'Correct aws.executionRoleArn in titanic.yml.');
  }
  const detail = `${executionRoleArn}: whether it is there and may be passed to SageMaker cannot be checked without acting`;
  return skipped(name, detail);
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

/** What one service needs: its package group, its record, and sight of its endpoints. */
export async function serviceNeeds(
  composed: Composed,
  service: Composed['settings']['services'][number],
): Promise<readonly Need[]> {
  const { registry, endpoints, engine } = composed;
  const { name, modelPackageGroup } = service;
  const [packages, record, ...seen] = await Promise.all([
    registry.list(modelPackageGroup, 1),
    engine.state(name),
    ...ENVIRONMENTS.map((environment) => endpoints.describe(environment, service[environment].endpointName)),
  ]);
  const needs: Need[] = [
    packages.kind === 'known'
      ? ok(`${name}: registry`, newestWords(modelPackageGroup, packages.value[0]?.version ?? null))
      : problem(`${name}: registry`, packages.why, `Is the group ${modelPackageGroup} there? ${PERMISSION}`),
    record.kind === 'known'
      ? ok(`${name}: record`, `${record.value.seq} entries`)
      : problem(`${name}: record`, record.why, 'What is wrong with it is said by: titanic verify --live.'),
  ];
  for (const [index, environment] of ENVIRONMENTS.entries()) {
    const reading = seen[index];
    const what = `${name}: ${environment}`;
    const { endpointName } = service[environment];
    if (reading === undefined) continue;
    if (reading.kind === 'unknown') needs.push(problem(what, reading.why, PERMISSION));
    else {
      const role = composed.settings.aws[`${environment}RoleArn`];
      const by = role === undefined ? '' : `, by ${role}`;
      needs.push(ok(what, `${endpointName}: ${reading.value?.status ?? 'not there yet'}${by}`));
    }
  }
  return needs;
}

function newestWords(group: string, version: number | null): string {
  return version === null ? `${group} has no version yet` : `${group}, newest version ${version}`;
}
