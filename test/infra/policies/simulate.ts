import { readFileSync } from 'node:fs';
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { IamRequest } from '../record/iam-request.ts';

/*
 * The simulator is AGPL-3.0: a tool of the tests, which nothing of the product imports and no image contains.
 */

type Policy = { readonly Version: string; readonly Statement: readonly Statement[] };
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

export const ACCOUNT = '123456789012';
const IAM = `arn:aws:iam::${ACCOUNT}`;

/** Everybody whose rights are judged, with their policy and their ARN. */
const IDENTITIES: Readonly<{ [who: string]: { readonly policy: string; readonly arn: string } }> = {
  'bot-task': { policy: 'bot-task', arn: role('titanic-bot-task') },
  staging: { policy: 'staging', arn: role('titanic-staging') },
  prod: { policy: 'prod', arn: role('titanic-prod') },
  'inference-api-task': { policy: 'inference-api-task', arn: role('titanic-inference-api-task') },
  'bot-execution': { policy: 'bot-execution', arn: role('titanic-bot-execution') },
  'inference-api-execution': { policy: 'inference-api-execution', arn: role('titanic-inference-api-execution') },
  'sagemaker-execution': { policy: 'sagemaker-execution', arn: role('titanic-sagemaker-execution') },
  pipeline: { policy: 'pipeline', arn: role('titanic-pipeline') },
  operator: { policy: 'operator', arn: `${IAM}:user/data-science-user` },
  // A job of GitHub's, before it has the role: only whom the role trusts decides.
  github: { policy: 'nothing', arn: `${IAM}:oidc-provider/token.actions.githubusercontent.com` },
  // An administrator: what the table's own policy still refuses.
  administrator: { policy: 'administrator', arn: role('administrator') },
};

const EVERYTHING: Policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

const NOTHING: Policy = { Version: '2012-10-17', Statement: [] };

const rendered: unknown = JSON.parse(readFileSync(new URL('policies.generated.json', import.meta.url), 'utf8'));
/** As Terraform renders them; `npm run test:infra` holds them equal. */
export const POLICIES = rendered as Readonly<{ [name: string]: Policy }>;

export const WHO = Object.keys(IDENTITIES);

/** The roles whose every permission has to be used by something. */
export const JUDGED = WHO.filter((who) => who !== 'administrator' && who !== 'github');

export function policyOf(who: string): Policy {
  if (who === 'administrator') return EVERYTHING;
  if (who === 'github') return NOTHING;
  const policy = POLICIES[IDENTITIES[who]?.policy ?? ''];
  if (policy === undefined) throw new Error(`there is no policy of ${who}`);
  return policy;
}

export interface Verdict {
  readonly allowed: boolean;
  /** What the simulator did not look at; anything here would make the verdict worth less. */
  readonly ignored: readonly string[];
  readonly why: string;
}

/** What AWS would answer, boundary and resource policies included, with another policy of the identity or resource. */
export async function judge(
  request: IamRequest,
  own: Policy = policyOf(request.who),
  resourcePolicy: Policy | undefined = resourcePolicyOf(request.resource),
): Promise<Verdict> {
  const identity = IDENTITIES[request.who];
  if (identity === undefined) throw new Error(`${request.who} is nobody`);
  const context = Object.fromEntries(
    Object.entries(request.context).map(([key, value]) => [key, typeof value === 'string' ? value : [...value]]),
  );
  const simulation: Simulation = {
    request: {
      principal: identity.arn,
      action: request.action,
      resource: { resource: request.resource, accountId: accountOf(request.resource) },
      contextVariables: { ...context, 'aws:PrincipalArn': identity.arn },
    },
    identityPolicies: [{ name: request.who, policy: own }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    ...(['administrator', 'github'].includes(request.who)
      ? {}
      : { permissionBoundaryPolicies: [{ name: 'boundary', policy: POLICIES.boundary }] }),
  };
  const answer = await runSimulation(asKnown(simulation), {});
  if (answer.resultType === 'error')
    throw new Error(`${request.action} ${request.resource}: ${JSON.stringify(answer)}`);
  const ignored = answer.resultType === 'single' ? (answer.result.ignoredContextKeys ?? []) : [];
  return { allowed: answer.overallResult === 'Allowed', ignored, why: answer.overallResult };
}

/** The simulator knows which claims of Google's tokens AWS compares, but not that it compares the same of GitHub's. */
function asKnown(simulation: Simulation): Simulation {
  const written = JSON.stringify(simulation).replaceAll(
    /"token\.actions\.githubusercontent\.com:/g,
    '"accounts.google.com:',
  );
  return JSON.parse(written) as Simulation;
}

function role(name: string): string {
  return `${IAM}:role/${name}`;
}

/** Policies that hang on a thing: the table's, and whom a role trusts. */
function resourcePolicyOf(resource: string): Policy | undefined {
  if (resource === `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/titanic-rollouts`) return POLICIES.table;
  if (resource === role('titanic-staging')) return POLICIES['staging-who'];
  if (resource === role('titanic-prod')) return POLICIES['prod-who'];
  if (resource === role('titanic-bot-task')) return POLICIES['bot-task-who'];
  if (resource === role('titanic-pipeline')) return POLICIES['pipeline-who'];
  return undefined;
}

function accountOf(resource: string): string {
  return resource.split(':')[4] || ACCOUNT;
}

/** Statements of a policy that could allow an action, one of their actions each. */
export function grantsOf(policy: Policy): readonly { readonly statement: Statement; readonly action: string }[] {
  return policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap((statement) =>
    [statement.Action].flat().map((action) => ({ statement, action })),
  );
}

/** The policy with nothing but one action of one statement. */
export function narrowed(statement: Statement, action: string): Policy {
  return { Version: '2012-10-17', Statement: [{ ...statement, Action: action }] };
}
