import { type AccountSeen, seeAccount } from '../../adapters/aws-account.ts';
import { awsSchema, prefixSchema } from '../../config-schema.ts';
import type { Setting } from './config-text.ts';
import { fits, type Session, variable } from './session.ts';
import { readTerraform } from './terraform-output.ts';

export interface AwsAnswers {
  readonly variables: Readonly<Record<string, string>>;
  readonly settings: readonly Setting[];
  readonly seen: AccountSeen;
}

const USUAL_TABLE = 'titanic-rollouts';
/** As infra/ has them, so that its policies fit what the bot makes. */
const USUAL_TAGS = { project: 'titanic-sagemaker', tutorial_phase: '04' };
const USUAL_PREFIX = 'titanic-';

/** Region, table and roles. Whoever runs the set-up looks with their own credentials. */
export async function awsAnswers(session: Session): Promise<AwsAnswers> {
  const { options, config, interview, notes, context } = session;
  const [seen, terraform] = await Promise.all([
    seeAccount(options.region ?? variable(session, 'AWS_REGION')),
    readTerraform(options.infra, context.env),
  ]);
  if (seen.account.kind === 'unknown')
    notes.push(`AWS does not say whose credentials these are (${seen.account.why}).`);
  const region = await interview.answer({
    by: '--region',
    asks: 'AWS region',
    given: options.region ?? variable(session, 'AWS_REGION') ?? seen.region ?? undefined,
    check: (value) =>
      /^[a-z]{2}(-[a-z]+)+-\d$/.test(value)
        ? { ok: true, value }
        : { ok: false, why: 'A region looks like eu-west-1.' },
  });
  const tables = seen.tables.kind === 'known' ? seen.tables.value : null;
  const table = await interview.answer({
    by: '--table',
    asks: 'DynamoDB table of the record',
    given: options.table ?? config.at('aws', 'table') ?? terraform?.table,
    usual: USUAL_TABLE,
    choices: (tables ?? []).map((name) => ({ value: name, name })),
    check: fits(awsSchema.shape.table),
  });
  if (table !== undefined && tables?.includes(table) === false) {
    notes.push(`The table ${table} is not there yet: apply infra/, or for trying out: titanic create-table.`);
  }
  const role = await executionRole(session, seen, terraform?.executionRoleArn);
  const profile = options.awsProfile ?? session.fromEnvFile.AWS_PROFILE;
  return {
    seen,
    variables: {
      ...(region === undefined ? {} : { AWS_REGION: region }),
      ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
      ...(session.configPath === 'titanic.yml' ? {} : { TITANIC_CONFIG: session.configPath }),
    },
    settings: [
      ...(table === undefined ? [] : [{ path: ['aws', 'table'], value: table }]),
      ...(role === undefined ? [] : [{ path: ['aws', 'executionRoleArn'], value: role }]),
      ...(['stagingRoleArn', 'prodRoleArn'] as const).flatMap((key) =>
        terraform?.[key] === undefined || config.has('aws', key) ? [] : [{ path: ['aws', key], value: terraform[key] }],
      ),
      ...(config.has('prefix') ? [] : [{ path: ['prefix'], value: prefixSchema.parse(USUAL_PREFIX) }]),
      ...(config.has('tags') ? [] : [{ path: ['tags'], value: USUAL_TAGS }]),
    ],
  };
}

function executionRole(session: Session, seen: AccountSeen, made: string | undefined): Promise<string | undefined> {
  const { options, config, configPath } = session;
  const account = seen.account.kind === 'known' ? seen.account.value : null;
  const written = config.at('aws', 'executionRoleArn');
  // A role can be passed only within its account: the one of the example is of none.
  const ours = account === null || written?.split(':')[4] === account;
  return session.interview.answer({
    by: '--execution-role',
    asks: 'ARN of the role that SageMaker runs the models with',
    given: options.executionRole ?? (ours ? written : undefined) ?? made,
    suggested: account === null ? undefined : `arn:aws:iam::${account}:role/titanic-sagemaker-execution`,
    doubt:
      written === undefined ? undefined : `The role that ${configPath} names is of another account than ${account}.`,
    check: fits(awsSchema.shape.executionRoleArn),
  });
}
