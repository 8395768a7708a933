import { Command, Option } from 'commander';
import type { ModelChoice } from '../command-types.ts';
import { readCount, readEnvironmentName, readModel, readRollout, readService, readVersion } from '../command-values.ts';
import type { Environment } from '../rollout/candidate.ts';
import { completionScript, SHELLS, type Shell } from './completion.ts';
import { type Context, type ExitCode, Misuse } from './context.ts';
import { read, readAlarmSeconds, readMinutes, readRequester, readShell, readTakeOver, value } from './option-values.ts';
import type { NamedRequester } from './requester.ts';
import type { SetupOptions } from './setup/session.ts';
import { withSetupOptions } from './setup-command.ts';
import { type CleanupOptions, cleanup } from './verbs/cleanup.ts';
import { type CostOptions, cost } from './verbs/cost.ts';
import { createTableVerb } from './verbs/create-table.ts';
import { type DeployOptions, deploy } from './verbs/deploy.ts';
import { ALARM_SECONDS, type DoctorOptions, doctor } from './verbs/doctor.ts';
import { type EvidenceOptions, exportRollout } from './verbs/evidence.ts';
import { type HistoryOptions, history } from './verbs/history.ts';
import { type ModelsOptions, models } from './verbs/models.ts';
import { type PromoteOptions, promote } from './verbs/promote.ts';
import { type RecommendOptions, recommend } from './verbs/recommend.ts';
import { type RollbackOptions, rollback } from './verbs/rollback.ts';
import { type StatusOptions, status } from './verbs/status.ts';
import { type VerifyOptions, verifyFile, verifyServices } from './verbs/verify.ts';
import { TAKE_OVER_AFTER_SECONDS, TIMEOUT_MINUTES } from './wait-options.ts';

const DEFAULT_HISTORY = 10;

const ABOUT = [
  'Rolls out SageMaker models: staging, smoke tests, approval in Slack, prod, rollback, evidence.',
  "Works on the same record as the bot, with the configuration in titanic.yml (or TITANIC_CONFIG) and AWS's own environment variables. A running bot carries out what is recorded here.",
  'Who acts is who AWS says these credentials are (GetCallerIdentity). Such a pipeline may deploy to staging and roll back, and never approve; who gets credentials that can write the table is decided in IAM.',
  'Exit codes: 0 done; 1 refused, failed, or something differs; 2 the command was not understood.',
].join('\n\n');

/** What the command line understands. `freeText`: what followed the first `--`. */
export function createProgram(context: Context, freeText: string | null, done: (code: ExitCode) => void): Command {
  const program = new Command('titanic')
    .description(ABOUT)
    .exitOverride()
    .showHelpAfterError('(titanic --help, or titanic COMMAND --help)')
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.trimEnd()),
      writeErr: (text) => context.terminal.err(text.trimEnd()),
    });

  const verb = (words: string, says: string, example: string): Command =>
    program
      .command(words)
      .description(says)
      .addHelpText('after', `\nExample:\n  ${example}`)
      .option('--json', 'for programs');
  const service = () =>
    new Option('--service <name>', 'may be left out where one is configured').argParser(value(readService));
  const summary = () =>
    new Option('--summary <file>', 'adds how it came out to this file, as Markdown, such as GITHUB_STEP_SUMMARY');

  verb('status', 'what runs where, what is rolling out, what waits for whom', 'titanic status --json')
    .addOption(service())
    .action(async (options: StatusOptions) => done(await status(context, noText(options))));

  waiting(
    verb(
      'deploy [environment]',
      'starts a rollout to staging; what follows -- is its note',
      'titanic deploy --model 12 --requested-by U0ALICE --wait -- retrained in November',
    ).usage('[options] [staging] [-- note]'),
  )
    .addOption(service())
    .addOption(
      new Option('--model <version|arn>', 'default: the newest approved').argParser<ModelChoice>(value(readModel)),
    )
    .addOption(
      new Option(
        '--requested-by <slack-user|github:login>',
        'Slack id or GitHub login of whoever asks; they cannot approve. Nobody known: one more approval is needed',
      ).argParser<NamedRequester>(value(readRequester)),
    )
    .addOption(
      new Option('--wait [until]', 'follow it until the gate opens, or until its end')
        .choices(['gate', 'end'])
        .preset('gate'),
    )
    .addOption(summary())
    .action(async (environment: string | undefined, options: DeployOptions) => {
      onlyStaging(environment);
      done(await deploy(context, freeText, options));
    });

  waiting(
    verb(
      'promote [rollout]',
      'asks for a promotion; a pipeline can never approve one',
      'titanic promote survival-42 --request --wait',
    ),
  )
    .addOption(service())
    .option('--request', 'say who has to approve, and where')
    .option('--wait', 'until it is decided and over')
    .addOption(summary())
    .action(async (rollout: string | undefined, options: PromoteOptions) => {
      const id = rollout === undefined ? null : read(readRollout, rollout);
      done(await promote(context, id, noText(options)));
    });

  waiting(
    verb(
      'rollback [environment]',
      'back to the last deployment that succeeded (prod, unless staging is named); a reason after -- is needed',
      'titanic rollback prod --wait -- error rate is up',
    ).usage('[options] [staging|prod] -- reason'),
  )
    .addOption(service())
    .addOption(new Option('--to <version>', 'an older one').argParser(value(readVersion)))
    .option('--wait', 'until it serves again')
    .action(async (environment: string | undefined, options: RollbackOptions) => {
      const where: Environment = environment === undefined ? 'prod' : read(readEnvironmentName, environment);
      if (freeText === null) throw new Misuse('Say why: titanic rollback prod -- reason.');
      done(await rollback(context, where, freeText, options));
    });

  waiting(
    verb(
      'cleanup',
      'a plan of what can be deleted in SageMaker; with --apply exactly that is deleted',
      'titanic cleanup --target all --apply --confirm "delete all 3fa9c1"',
    ),
  )
    .addOption(service())
    .addOption(
      new Option('--target <what>', 'leftovers touch nothing that is live; the others delete what they name')
        .choices(['leftovers', 'staging', 'prod', 'all'])
        .default('leftovers'),
    )
    .option('--apply', 'delete what the plan shows, and follow it to its end')
    .option('--confirm <phrase>', 'the phrase that the plan prints; not for leftovers')
    .action(async (options: CleanupOptions) => done(await cleanup(context, noText(options))));

  const evidence = program
    .command('evidence')
    .description('the record of a rollout, rollback, clean-up or model approval');
  evidence
    .command('export <id>')
    .description('the record of a rollout, rollback, clean-up or model approval as a file that proves itself')
    .option('--out <file>', 'instead of standard output; never over a file that is there')
    .option('--markdown', 'the readable form')
    .option('--json', 'for programs; the export itself is JSON anyway')
    .addHelpText('after', '\nExample:\n  titanic evidence export survival-42 --out survival-42.json')
    .action(async (rollout: string, options: EvidenceOptions) =>
      done(await exportRollout(context, read(readRollout, rollout), noText(options))),
    );

  verb(
    'verify [file]',
    'a file of evidence, offline; or with --live what runs against the record, and the record itself',
    'titanic verify survival-42.json',
  )
    .addOption(service())
    .option('--live', 'ask AWS; with a file: compare it with the log')
    .action(async (file: string | undefined, options: VerifyOptions) => {
      noText(options);
      if (file !== undefined) return done(await verifyFile(context, file, options));
      if (options.live !== true) throw new Misuse('Name a file, or say --live.');
      done(await verifyServices(context, options));
    });

  verb('history [count]', 'the last rollouts and rollbacks', 'titanic history 5')
    .addOption(service())
    .action(async (count: string | undefined, options: HistoryOptions) => {
      const most = count === undefined ? DEFAULT_HISTORY : read(readCount, count);
      done(await history(context, most, noText(options)));
    });

  verb('cost', 'what staging and prod cost an hour and a month, by what runs now', 'titanic cost --json')
    .addOption(service())
    .action(async (options: CostOptions) => done(await cost(context, noText(options))));

  verb('recommend', 'whether staging and prod would do with less, by their load', 'titanic recommend --json')
    .addOption(service())
    .action(async (options: RecommendOptions) => done(await recommend(context, noText(options))));

  verb(
    'create-table',
    'what Terraform would create, for trying out; nothing where it is there',
    'titanic create-table',
  ).action(async (options: { json?: boolean }) => done(await createTableVerb(context, noText(options))));

  verb('models [count]', 'the packages of the group: status, metrics, where they run', 'titanic models 5')
    .addOption(service())
    .action(async (count: string | undefined, options: ModelsOptions) => {
      done(await models(context, count === undefined ? DEFAULT_HISTORY : read(readCount, count), noText(options)));
    });

  program
    .command('completion')
    .description('a script that completes verbs and options in your shell')
    .argument('<shell>', SHELLS.join(', '), (text) => read(readShell, text))
    .addHelpText('after', '\nExample:\n  titanic completion bash > ~/.local/share/bash-completion/completions/titanic')
    .action((shell: Shell) => {
      context.terminal.out(completionScript(program, shell).trimEnd());
    });

  withSetupOptions(
    verb(
      'setup',
      'fills in .env and titanic.yml: finds out what it can, takes what is there, asks for the rest',
      'titanic setup --channel titanic-rollouts --approvers approvers',
    ),
  ).action(async (options: SetupOptions) => {
    // Loaded only here: it brings AWS and Slack along, and help is quick without.
    const { setup } = await import('./verbs/setup.ts');
    done(await setup(context, noText(options)));
  });

  verb('doctor', 'is everything there that titanic needs; changes nothing without --live', 'titanic doctor --as-bot')
    .option(
      '--live',
      'asks Slack as well whether it takes what the bot can show; makes, sets and deletes an alarm where prod is guarded',
    )
    .addOption(
      new Option('--alarm-seconds <n>', 'with --live: how long that alarm is watched; 0: none is made')
        .argParser(value(readAlarmSeconds))
        .default(ALARM_SECONDS),
    )
    .option('--as-bot', 'with all that the bot needs, and with the roles that titanic.yml names')
    .action(async (options: DoctorOptions) => done(await doctor(context, noText(options))));
  return program;

  function noText<T>(options: T): T {
    if (freeText !== null) throw new Misuse('This command takes no text after --.');
    return options;
  }
}

function waiting(command: Command): Command {
  return command
    .addOption(
      new Option('--take-over-after <seconds>', 'with --wait: carry it out here if no running bot does, or never')
        .argParser(value(readTakeOver))
        .default(TAKE_OVER_AFTER_SECONDS),
    )
    .addOption(
      new Option('--timeout <minutes>', 'with --wait: how long at most')
        .argParser(value(readMinutes))
        .default(TIMEOUT_MINUTES),
    );
}

function onlyStaging(environment: string | undefined): void {
  if (environment === undefined || environment.toLowerCase() === 'staging') return;
  throw new Misuse(
    /^prod/i.test(environment)
      ? 'Nothing is deployed to prod directly: titanic deploy starts a rollout to staging, and once its smoke tests have passed, an approver promotes it.'
      : `${environment} is no environment that can be deployed to; only staging is.`,
  );
}
