import { plain, printJson } from '../answers.ts';
import { type Context, type ExitCode, Misuse } from '../context.ts';
import type { Prompts } from '../prompts.ts';
import { addressOf, appGuide } from '../setup/app-guide.ts';
import { awsAnswers } from '../setup/aws-answers.ts';
import { createInterview, type Missing } from '../setup/interview.ts';
import { serviceAnswers } from '../setup/service-answers.ts';
import { openSession, type Session, type SetupOptions, setIn } from '../setup/session.ts';
import { deliveryOf, slackAnswers } from '../setup/slack-answers.ts';
import { withRegion } from '../setup/with-region.ts';
import { type Made, makeFiles, noteWhatWins, type Outcome, writeFile } from '../setup/write-files.ts';
import { type Looked, lookAtNeeds, showNeeds } from './doctor.ts';

/** What came of it, for programs. No secret is in it. */
interface Report {
  readonly done: boolean;
  readonly missing: readonly Missing[];
  readonly found: Readonly<Record<string, string | null>>;
  readonly files: readonly {
    readonly path: string;
    readonly outcome: Outcome | 'printed';
    readonly changes: readonly string[];
  }[];
  readonly notes: readonly string[];
  readonly next: readonly string[];
  /** What `titanic doctor` finds afterwards; null: it was not to look. */
  readonly doctor: Looked | null;
}

/** Fills in `.env` and `titanic.yml`: finds out what it can, takes what is there, and asks for the rest. */
export async function setup(context: Context, options: SetupOptions): Promise<ExitCode> {
  if (options.json === true && options.print === true) throw new Misuse('Say either --json or --print.');
  const asks = options.json !== true && (context.interactive || options.stdin === true);
  const prompts = asks ? context.prompts() : null;
  try {
    return await run(context, options, prompts);
  } finally {
    prompts?.close();
  }
}

async function run(context: Context, options: SetupOptions, prompts: Prompts | null): Promise<ExitCode> {
  const { terminal } = context;
  const session = openSession(context, options, createInterview(prompts, terminal.err));
  if (options.json !== true) for (const line of appGuide(deliveryOf(session), addressOf(options))) terminal.err(line);
  const slack = await slackAnswers(session);
  const aws = await awsAnswers(session);
  const service = await serviceAnswers(session, aws.seen);
  const found = {
    team: slack.seen?.teamId ?? null,
    bot: slack.seen?.botUserId ?? null,
    app: slack.seen?.appId.kind === 'known' ? slack.seen.appId.value : null,
    account: aws.seen.account.kind === 'known' ? aws.seen.account.value : null,
    region: aws.seen.region,
  };
  const { missing } = session.interview;
  const about = { missing, found, notes: session.notes, doctor: null };
  if (missing.length > 0) return tell(session, { ...about, done: false, files: [], next: [] });
  const variables = {
    ...slack.variables,
    ...(found.app === null ? {} : { SLACK_APP_ID: found.app }),
    ...aws.variables,
  };
  noteWhatWins(session, variables);
  const made = makeFiles(session, variables, [...slack.settings, ...aws.settings, ...service]);
  if (options.print === true) return print(session, made);
  const files: Report['files'][number][] = [];
  for (const file of made) {
    files.push({ path: file.path, outcome: await writeFile(session, file, prompts), changes: file.changes });
  }
  const done = files.every(({ outcome }) => outcome !== 'kept');
  const report: Report = { ...about, done, files, next: nextOf(options) };
  if (options.json === true) {
    // One document: what doctor finds is a part of it.
    const doctor = done && options.doctor === true ? await lookNow(session, variables) : null;
    return tell(session, { ...report, doctor });
  }
  const code = tell(session, report);
  if (!done || !(await wantsDoctor(options, prompts))) return code;
  const { fine, needs } = await lookNow(session, variables);
  showNeeds(context, needs);
  return fine ? 0 : 1;
}

function nextOf({ envFile }: SetupOptions): readonly string[] {
  return ['doctor', 'main'].map((what) =>
    what === 'main'
      ? `node --env-file=${envFile} src/main.ts`
      : `node --env-file=${envFile} src/cli.ts doctor --as-bot`,
  );
}

function tell({ context: { terminal }, options }: Session, report: Report): ExitCode {
  const code = report.done && report.doctor?.fine !== false ? 0 : 1;
  if (options.json === true) {
    printJson(terminal, report);
    return code;
  }
  for (const note of report.notes) terminal.err(plain(note));
  for (const { path, outcome, changes } of report.files) {
    const what = changes.length === 0 ? '' : `: ${changes.join(', ')}`;
    if (outcome === 'kept') terminal.err(`${path} is kept as it is. It would change${what}. With --force it does.`);
    else terminal.out(`${path} is ${outcome}${what}`);
  }
  if (report.missing.length > 0) {
    terminal.err('Nothing was written, because this is missing:');
    for (const { by, asks, why } of report.missing) terminal.err(`  - ${by}: ${asks}${why === null ? '' : `. ${why}`}`);
  }
  if (report.done) for (const line of report.next) terminal.out(`Next: ${line}`);
  return code;
}

/** Secrets stay unseen; everything else is as it would be written. */
function print({ context: { terminal } }: Session, made: readonly Made[]): ExitCode {
  for (const { path, text } of made) {
    const shown = text.replace(/^(\s*(?:export\s+)?\w*(?:TOKEN|SECRET|KEY)\w*\s*=).+$/gm, '$1[secret]');
    terminal.out(`# ${path}\n${shown.trimEnd()}\n`);
  }
  return 0;
}

async function wantsDoctor(options: SetupOptions, prompts: Prompts | null): Promise<boolean> {
  if (options.doctor === true) return true;
  const line = await prompts?.ask('Look now whether everything is there (titanic doctor)? [Y/n]: ');
  return line !== undefined && line !== null && /^(y(es)?)?$/i.test(line.trim());
}

/** As whoever runs this; what the bot's own rights are is for `doctor --as-bot`. */
function lookNow({ context, configPath }: Session, variables: Readonly<Record<string, string>>): Promise<Looked> {
  const env = { ...variables, ...setIn(context.env), TITANIC_CONFIG: configPath };
  return withRegion(variables.AWS_REGION, () => lookAtNeeds({ ...context, env }));
}
