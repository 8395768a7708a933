import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ACTIONS } from '../../../blocks/ids.ts';
import { type Journey, startJourney, UNPACED, WHO } from '../../support/journey.ts';
import { ROLE_KEY, startGrantingSts } from './granting-sts.ts';

const TAP = new URL('wire-tap.ts', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** What people read; each asks AWS for something else. */
const QUESTIONS = ['models', 'status', 'history', 'verify', 'cost', 'recommend'];
/** What the operator reads on the command line, with their own identity, whatever roles the configuration names. */
const COMMANDS = [['status'], ['history'], ['doctor'], ['verify', '--live'], ['cost'], ['recommend']];
const OPERATOR_KEY = 'OPERATOR';
const PIPELINE_KEY = 'PIPELINE';
/** The bot's own, as the sandbox gives it. */
const BOT_KEY = 'sandbox';
/** The nightly comparison is not waited for; this is long enough for the bot's own first looks. */
const SETTLE_MS = 1_500;
/** How many times faster than at AWS endpoints move: as in the journeys, and slow enough to be caught at it. */
const SPEED = 1_200;
const SLOW = 200;
/** Longer than between two things that people do here. */
const IDLE_MS = 5_000;

/** Plays every kind of journey once, with a role for each environment, and has all calls to AWS written to a file. */
export async function playStory(tapFile: string, say: (words: string) => void): Promise<void> {
  const sts = await startGrantingSts();
  const tap = { NODE_OPTIONS: `--import=${TAP}`, TITANIC_TAP: tapFile, AWS_ENDPOINT_URL_STS: sts.url };
  const journey = await startJourney({ delivery: 'socket', config: 'roles', env: tap });
  try {
    await play(journey, say);
    for (const words of COMMANDS) await onCommandLine(journey, words, tap, OPERATOR_KEY);
    await onCommandLine(journey, ['doctor', '--as-bot'], tap, BOT_KEY);
    say('a pipeline');
    await asPipeline(journey, tap);
  } finally {
    await journey.close();
    sts.close();
  }
}

async function play(journey: Journey, say: (words: string) => void): Promise<void> {
  const { olivia, bea, alice } = WHO;
  const { control } = journey.sandbox.sagemaker;
  const ends = (id: string) => journey.until(`${id} ends`, (s) => s.ended.some((r) => r.id === id));

  say('a version that fails where there is nothing to go back to: staging is deleted');
  await ends(await journey.deploys(olivia, 'deploy staging --model 2'));
  await journey.until('staging is gone', (s) => s.environments.staging.deployment === null);

  say('a first rollout to prod, where an alarm of somebody else guards what comes after it');
  await keepsAnAlarm(control);
  const first = await journey.toTheGate(olivia, 'deploy staging --model 1');
  await journey.promotes(alice, first);

  say('a second one, whose creations lose their replies and are adopted');
  await control.setFault({ kind: 'loseReply', operation: 'CreateModel', count: 1 });
  await control.setFault({ kind: 'loseReply', operation: 'CreateEndpointConfig', count: 1 });
  const second = await journey.toTheGate(bea, 'deploy staging --model 3');
  await control.setFault({ kind: 'loseReply', operation: 'CreateModel', count: 1 });
  await control.setFault({ kind: 'loseReply', operation: 'CreateEndpointConfig', count: 1 });
  await journey.promotes(alice, second);

  say('a change of prod that is taken back while it is under way');
  await tripsTheKillSwitch(journey);

  say('decisions about packages, and a clean-up');
  await decidesOnPackages(journey);
  await cleansUp(journey);

  say('a rollback of prod, and one that fails on staging and goes back');
  await journey.types(olivia, 'rollback prod -- incident');
  await journey.until('prod is back', (s) => s.endedRollbacks.some((r) => r.environment === 'prod'));
  await ends(await journey.deploys(olivia, 'deploy staging --model 2'));

  say('staging that nobody uses is stopped, and comes back for a smoke run');
  await isStoppedAndComesBack(journey);

  say('what people ask');
  for (const words of QUESTIONS) await journey.types(olivia, words);
  await journey.types(olivia, `evidence ${first}`);
  await journey.types(olivia, 'smoke prod');
  await wait(SETTLE_MS);

  say('a rollback while Slack cannot say who is in the groups');
  await goesBackWithoutSlack(journey);
  await wait(SETTLE_MS);
}

/** An alarm on a number of the business, which is fine. */
async function keepsAnAlarm(control: Journey['sandbox']['sagemaker']['control']): Promise<void> {
  await control.console('PutMetricAlarm', {
    AlarmName: 'basket-value',
    Namespace: 'Shop',
    MetricName: 'BasketValue',
    Statistic: 'Average',
    Period: 60,
    EvaluationPeriods: 1,
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 10,
    TreatMissingData: 'ignore',
  });
  await control.console('SetAlarmState', { AlarmName: 'basket-value', StateValue: 'OK', StateReason: 'fine' });
}

/** SageMaker is slowed down meanwhile, so that there is something to take back. */
async function tripsTheKillSwitch(journey: Journey): Promise<void> {
  const { olivia, alice } = WHO;
  const { control } = journey.sandbox.sagemaker;
  const id = await journey.toTheGate(olivia, 'deploy staging --model 1');
  await control.setSpeed(SLOW);
  await journey.types(alice, `promote ${id}`);
  await journey.until('prod is being changed', (s) => s.environments.prod.deployment?.followed != null);
  await journey.types(olivia, 'rollback prod -- errors');
  await control.setSpeed(SPEED);
  await journey.until('prod is as before', (s) => s.endedRollbacks.some((r) => r.environment === 'prod'));
  await journey.types(olivia, 'unlock prod -- the cause is found');
}

/** An approver approves one package for the registry and rejects another; what serves is written there by itself. */
async function decidesOnPackages(journey: Journey): Promise<void> {
  const { bea, alice, adam } = WHO;
  await journey.types(bea, 'deploy staging --model 4');
  await journey.until('it is asked', (s) => s.approvals.length === 1);
  await journey.types(alice, 'approve-model 4');
  const { rollouts } = await journey.until('the gate opens', (s) => s.rollouts[0]?.status === 'gate');
  await journey.promotes(adam, rollouts[0]?.id ?? '');
  await journey.types(adam, 'reject-model 4 -- it is biased');
  await journey.until('it is told', (s) => s.rejectedInProd !== null);
}

/** Leftovers of both environments go; what only has the prefix, and what is somebody else's, is looked at and stays. */
async function cleansUp(journey: Journey): Promise<void> {
  const { alice, bea } = WHO;
  const { control } = journey.sandbox.sagemaker;
  const OURS = { project: 'titanic-sagemaker', tutorial_phase: '04' };
  for (const [name, tags] of [
    ['titanic-survival-staging-v9-r999', OURS],
    ['titanic-survival-prod-v9-r999', OURS],
    ['titanic-left-over', {}],
    ['churn-3', {}],
  ] as const) {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await control.console('CreateModel', {
      ModelName: name,
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/titanic-sagemaker-execution',
      PrimaryContainer: { Image: 'x.example/y:1', ModelDataUrl: 's3://titanic-models/class-sex/model.tar.gz' },
      Tags,
    });
    await control.console('CreateEndpointConfig', {
      EndpointConfigName: name,
      ProductionVariants: [
        { VariantName: 'AllTraffic', ModelName: name, InitialInstanceCount: 1, InstanceType: 'ml.m5.large' },
      ],
      Tags,
    });
  }
  for (const [AlarmName, tags] of [
    ['titanic-survival-prod-v9-r999-kill-switch', OURS],
    ['titanic-survival-prod-v9-r999-errors', {}],
  ] as const) {
    await control.console('PutMetricAlarm', {
      AlarmName,
      Namespace: 'Titanic',
      MetricName: 'RollBack',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    });
  }
  await control.console('CreateEndpoint', { EndpointName: 'churn', EndpointConfigName: 'churn-3' });
  await journey.types(alice, 'cleanup --apply');
  const proposed = await journey.until('a plan is proposed', (s) => s.cleanup !== null);
  const id = proposed.cleanup?.id ?? '';
  await journey.presses(bea, ACTIONS.confirmCleanup, id);
  await journey.until(`${id} is over`, (s) => s.endedCleanups.some((ended) => ended.id === id));
}

/** A bot that waits for seconds where titanic.yml says hours. */
async function isStoppedAndComesBack(journey: Journey): Promise<void> {
  await journey.sandbox.bot().end('SIGTERM');
  await journey.sandbox.startBot({ TITANIC_TEST_TIMES: JSON.stringify({ ...UNPACED, idleStopMs: IDLE_MS }) });
  await journey.until('staging is stopped', (s) => s.environments.staging.stopped !== null);
  await journey.types(WHO.olivia, 'smoke staging');
  await journey.until('it is back and measured', (s) => s.environments.staging.baseline !== null);
  // What follows finds staging there.
  await journey.sandbox.bot().end('SIGTERM');
  await journey.sandbox.startBot();
}

/** A bot that has just started knows the groups only from the table. */
async function goesBackWithoutSlack(journey: Journey): Promise<void> {
  await journey.sandbox.bot().end('SIGTERM');
  for (const id of ['S0APPROVERS', 'S0OPERATORS']) await journey.slack.putGroup({ id, state: 'unreadable' });
  await journey.sandbox.startBot();
  await journey.types(WHO.olivia, 'rollback prod --to 1 -- errors');
  await journey.until('prod is back again', (s) => s.endedRollbacks.filter((r) => r.environment === 'prod').length > 1);
}

/** Its own process reads and appends, and the bot carries out. */
async function asPipeline(journey: Journey, tap: object): Promise<void> {
  const deploy = ['deploy', '--model', '3', '--requested-by', 'github:octo-cat'];
  const following = ['--wait', '--take-over-after', 'never'];
  await onCommandLine(journey, [...deploy, ...following], tap, PIPELINE_KEY);
  const { rollouts } = await journey.until('its gate is open', (state) => state.rollouts[0]?.status === 'gate');
  const id = rollouts[0]?.id ?? '';
  await onCommandLine(journey, ['promote', id, '--request'], tap, PIPELINE_KEY);
  await onCommandLine(journey, ['evidence', 'export', id], tap, PIPELINE_KEY);
}

async function onCommandLine(journey: Journey, words: readonly string[], tap: object, key: string): Promise<void> {
  const env = { ...journey.sandbox.env, ...tap, AWS_ACCESS_KEY_ID: key };
  const child = spawn(process.execPath, ['src/cli.ts', ...words], { cwd: ROOT, env, stdio: 'ignore' });
  await once(child, 'exit');
}

/** Who an access key of the story is. */
export function whoHas(key: string): 'bot-task' | 'staging' | 'prod' | 'operator' | 'pipeline' {
  if (key === `${ROLE_KEY}titanicstaging`) return 'staging';
  if (key === `${ROLE_KEY}titanicprod`) return 'prod';
  if (key === PIPELINE_KEY) return 'pipeline';
  return key === OPERATOR_KEY ? 'operator' : 'bot-task';
}
