import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * The pictures of infra/README.md, drawn from what they show: the modules from the root's own references, and who
 * calls what from the rendered policies.
 */

const INFRA = fileURLToPath(new URL('../../../infra/', import.meta.url));
const POLICIES = new URL('../policies/policies.generated.json', import.meta.url);

/** What is worth a word in a box; everything else (rules, attachments, policies) only makes these work. */
const WORTH_A_WORD: Readonly<{ [type: string]: string }> = {
  aws_cloudwatch_dashboard: 'dashboard',
  aws_cloudwatch_log_group: 'logs',
  aws_cloudwatch_metric_alarm: 'alarms',
  aws_dynamodb_table: 'DynamoDB table',
  aws_ecr_repository: 'image repository',
  aws_ecs_service: 'ECS service on Fargate',
  aws_iam_policy: 'permission boundary',
  aws_iam_role: 'roles',
  aws_iam_user: 'data-science-user',
  aws_lb: 'load balancer',
  aws_pipes_pipe: 'tamper alarm (stream and pipe)',
  aws_sagemaker_model_package_group: 'Model Registry group',
  aws_secretsmanager_secret: 'secrets',
  aws_vpc_endpoint: 'private link',
  aws_wafv2_web_acl: 'firewall',
  aws_appautoscaling_target: 'autoscaling',
};

interface ModuleBlock {
  readonly name: string;
  readonly folder: string;
  /** Other modules, and what of them is used. */
  readonly uses: readonly (readonly [module: string, output: string])[];
}

/** The root's modules and which outputs they take from each other. */
export function drawModules(): string {
  const modules = moduleBlocks(readFileSync(join(INFRA, 'main.tf'), 'utf8'));
  const boxes = modules.map(({ name, folder }) => `  ${name}["<b>${name}</b><br/>${contentOf(folder).join('<br/>')}"]`);
  const edges = modules.flatMap(({ name, uses }) => {
    const from = new Map<string, Set<string>>();
    for (const [module, output] of uses) from.set(module, (from.get(module) ?? new Set()).add(output));
    return [...from].map(([module, outputs]) => `  ${module} -- ${[...outputs].sort().join(', ')} --> ${name}`);
  });
  return fenced(['flowchart LR', ...boxes, '  alarms(["SNS topic titanic-alarms"])', ...edges, ...alarmEdges()]);
}

function alarmEdges(): readonly string[] {
  const root = readFileSync(join(INFRA, 'main.tf'), 'utf8');
  return blocks(root).flatMap(({ name, body }) =>
    body.includes('aws_sns_topic.alarms') ? [`  ${name} -.-> alarms`] : [],
  );
}

function moduleBlocks(source: string): readonly ModuleBlock[] {
  return blocks(source).map(({ name, body }) => ({
    name,
    folder: /source = "\.\/(.+)"/.exec(body)?.[1] ?? '',
    uses: [...body.matchAll(/\bmodule\.(\w+)\.(\w+)/g)].map(
      ([, module = '', output = '']) => [module, output] as const,
    ),
  }));
}

function blocks(source: string): readonly { readonly name: string; readonly body: string }[] {
  return [...source.matchAll(/^module "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(([, name = '', body = '']) => ({
    name,
    body,
  }));
}

function contentOf(folder: string): readonly string[] {
  const files = readdirSync(join(INFRA, folder)).filter((name) => name.endsWith('.tf'));
  const source = files.map((name) => readFileSync(join(INFRA, folder, name), 'utf8')).join('\n');
  const types = [...source.matchAll(/^resource "(\w+)"/gm)].map(([, type = '']) => type);
  return [...new Set(types.flatMap((type) => WORTH_A_WORD[type] ?? []))].sort();
}

type Policy = { Statement: readonly { Effect: string; Action: string | string[]; Resource: string | string[] }[] };

/** Who runs, what each of them may touch, and how: an arrow says how many kinds of calls are allowed. */
export function drawRights(): string {
  const policies = JSON.parse(readFileSync(POLICIES, 'utf8')) as Record<string, Policy>;
  const people = ['bot-task', 'staging', 'prod', 'inference-api-task', 'sagemaker-execution', 'pipeline', 'operator'];
  const edges = people.flatMap((who) => {
    const reached = new Map<string, Set<string>>();
    for (const { Effect, Action, Resource } of policies[who]?.Statement ?? []) {
      if (Effect !== 'Allow') continue;
      for (const resource of [Resource].flat()) {
        const thing = thingOf(resource);
        if (thing === null) continue;
        const actions = reached.get(thing) ?? new Set();
        for (const action of [Action].flat()) actions.add(verbOf(action, thing));
        reached.set(thing, actions);
      }
    }
    const sorted = [...reached].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(
      ([thing, verbs]) => `  ${idOf(who)} -- ${[...verbs].sort().join(', ')} --> ${idOf(thing)}["${thing}"]`,
    );
  });
  const boxes = people.map((who) => `  ${idOf(who)}(["${who}"])`);
  return fenced(['flowchart LR', ...boxes, ...edges]);
}

/** Things without a name of their own (`*`) and SageMaker's side of logging are left out of the picture. */
function thingOf(resource: string): string | null {
  const [, , service = '', , , ...rest] = resource.split(':');
  const name = rest.join(':');
  if (resource === '*' || service === 'logs' || service === 'ecr' || service === 's3') return null;
  if (service === 'dynamodb') return 'the record';
  if (service === 'secretsmanager') return 'secrets of the inference API';
  if (service === 'cloudwatch') return alarmsOf(name);
  if (service === 'iam') return name.startsWith('user/') ? 'its own keys' : `role ${name.replace('role/titanic-', '')}`;
  if (name.startsWith('model-package')) return 'model packages';
  if (name.endsWith('/*')) return 'everybody’s endpoints and configs';
  // What only has the prefix is drawn where it has a name.
  if (name.endsWith('/titanic-*')) return null;
  return `${name.includes('-prod') ? 'prod' : 'staging'}: endpoint, configs, models`;
}

function alarmsOf(name: string): string | null {
  if (name.endsWith(':titanic-*')) return null;
  return name.includes('-prod-v*') ? 'prod: alarms that guard a change' : 'alarms that titanic.yml names';
}

function verbOf(action: string, thing: string): string {
  const operation = action.split(':')[1] ?? '';
  if (operation === 'CreateModel' && thing === 'model packages') return 'makes models of';
  if (operation === 'AssumeRole') return 'takes on';
  if (operation === 'SetAlarmState') return 'sets off';
  if (operation === 'PassRole') return 'gives to models';
  if (operation === 'InvokeEndpoint') return 'asks';
  if (operation === 'PutItem') return 'appends';
  if (operation === 'UpdateModelPackage') return 'decides on';
  if (/AccessKey|User/.test(operation)) return 'exchanges';
  const kind = /^(Describe|List|Get|Query)/.test(operation) ? 'reads' : operation.replace(/^([A-Z][a-z]+).*/, '$1');
  return WORDS[kind] ?? kind;
}

const WORDS: Readonly<{ [kind: string]: string }> = {
  Add: 'makes',
  Create: 'makes',
  Delete: 'deletes',
  Put: 'makes',
  Tag: 'makes',
  Update: 'updates',
};

/** Two dashes in a row would be an arrow. */
const idOf = (thing: string) => thing.replaceAll(/[^a-z]+/gi, '_');

function fenced(lines: readonly string[]): string {
  return ['```mermaid', ...lines, '```'].join('\n');
}

const MARKED = (name: string) =>
  new RegExp(`(<!-- ${name}: drawn by npm run test:infra -- --write -->\\n)[\\s\\S]*?(\\n<!-- end -->)`);

/** The README's text with both pictures as they are now; throws where a picture has no place. */
export function withPictures(text: string): string {
  let drawn = text;
  for (const [name, picture] of [
    ['modules', drawModules()],
    ['rights', drawRights()],
  ] as const) {
    if (!MARKED(name).test(drawn)) throw new Error(`infra/README.md has no place for the picture ${name}`);
    drawn = drawn.replace(MARKED(name), (_, before: string, after: string) => `${before}${picture}${after}`);
  }
  return drawn;
}
