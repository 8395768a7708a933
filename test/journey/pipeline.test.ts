import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verifyEvidence } from '../../src/evidence/verify.ts';
import { faultsOf, type Played, playWorkflow } from '../support/github-workflow.ts';
import { CHANNEL, type Journey, rolloutOf, startJourney, WHO } from '../support/journey.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const WORKFLOW = join(ROOT, 'docs/examples/titanic-deploy.yml');
const JOURNEY_CONFIG = join(ROOT, 'test/support/titanic.journey.yml');
const INSTALL = 'Install titanic';
const DEPLOY = 'Start the rollout and wait for its verdict';
const ASK = 'Say who has to approve';
const EXPORT = 'Export the evidence so far';
/** Of the pipeline's process, so that its calls can be told from the bot's. */
const PIPELINE_KEY = 'PIPELINE';

interface Step {
  readonly name: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

const text = readFileSync(WORKFLOW, 'utf8');
const workflow = parse(text);
const job = workflow.jobs.staging;
const steps: readonly Step[] = job.steps;
const stepOf = (name: string) => steps.find((step) => step.name === name);

describe('the example workflow', () => {
  it('is valid by GitHub’s own parser, which finds what is wrong', async () => {
    expect(await faultsOf(WORKFLOW)).toEqual([]);
    const broken = text.replace('runs-on', 'runs-onn').replace('github.triggering_actor', 'gitub.actor');
    expect((await faultsOf(WORKFLOW, broken)).join('\n')).toMatch(/runs-onn[\s\S]*gitub/);
  });

  it('has no key that lasts, and no right that it does not need', () => {
    expect(workflow.permissions).toEqual({});
    expect(job.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(text).not.toMatch(/secrets\.|access-key|SLACK_/i);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual([false, false]);
  });

  it('names each action with its whole version', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(3);
    expect(used.filter((uses) => !/^[\w-]+\/[\w-]+@v\d+\.\d+\.\d+$/.test(uses))).toEqual([]);
  });

  it('puts nothing from outside into a script, only into its environment', () => {
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
    expect(job.defaults.run).toEqual({ shell: 'bash' });
  });

  it('stops waiting before its job is ended, and that before its credentials are', () => {
    const waitMinutes = Number(/--timeout (\d+)/.exec(stepOf(DEPLOY)?.run ?? '')?.[1]);
    const seconds = Number(stepOf('Take on the role in AWS')?.with?.['role-duration-seconds']);
    expect(waitMinutes).toBeLessThan(job['timeout-minutes']);
    expect(job['timeout-minutes'] * 60).toBeLessThan(seconds);
    const role = readFileSync(join(ROOT, 'infra/modules/iam/pipeline.tf'), 'utf8');
    expect(seconds).toBeLessThanOrEqual(Number(/max_session_duration\s*=\s*(\d+)/.exec(role)?.[1]));
  });
});

describe('a run of the example workflow beside a running bot', { timeout: 90_000 }, () => {
  let journey: Journey;
  let folder: string;

  /** As on a runner: the repository with its titanic.yml, titanic beside it, credentials of AWS and none of Slack. */
  function run(name: string, modelPackage: string, actor: string): Promise<Played> {
    const workspace = join(folder, name);
    mkdirSync(workspace);
    symlinkSync(ROOT, join(workspace, '.titanic'));
    writeFileSync(join(workspace, 'titanic.yml'), CONFIG);
    const { AWS_ENDPOINT_URL = '', AWS_ENDPOINT_URL_DYNAMODB = '' } = journey.sandbox.env;
    return playWorkflow(WORKFLOW, {
      workspace,
      temp: join(folder, `${name}-temp`),
      env: {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        AWS_ENDPOINT_URL,
        AWS_ENDPOINT_URL_DYNAMODB,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: PIPELINE_KEY,
        AWS_SECRET_ACCESS_KEY: 'secret',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'octo/models',
        GITHUB_RUN_ID: '42',
      },
      contexts: { inputs: { 'model-package': modelPackage }, github: { triggering_actor: actor } },
      done: [INSTALL],
    });
  }

  /** The same as the bot's, with the roles that only the bot may take on. */
  const CONFIG = readFileSync(JOURNEY_CONFIG, 'utf8').replace(
    'prefix:',
    `  stagingRoleArn: arn:aws:iam::123456789012:role/titanic-staging
  prodRoleArn: arn:aws:iam::123456789012:role/titanic-prod
github: { users: { octo-bea: ${WHO.bea} } }
prefix:`,
  );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'titanic-pipeline-'));
    journey = await startJourney({ delivery: 'socket' });
  });

  afterAll(async () => {
    await journey.close();
    rmSync(folder, { recursive: true });
  });

  it('brings a good model to the gate, says so, and cannot be approved by whose name it ran in', async () => {
    const played = await run('good', '1', 'Octo-Bea');
    expect(played.steps[DEPLOY]).toMatchObject({ code: 0 });
    expect(played.steps[ASK]).toMatchObject({ code: 0, said: expect.stringContaining(CHANNEL) });
    expect(played.failed).toBe(false);
    expect(played.summary).toContain('## ✅ titanic: `survival`');
    expect(played.summary).toContain('| Approvals needed | 1, by others |');
    expect(played.summary).toContain(`${WHO.bea}, who asked for it, cannot. No pipeline can.`);
    const { rollouts } = await journey.record.state();
    const note = 'https://github.com/octo/models/actions/runs/42';
    expect(rollouts).toMatchObject([{ requester: WHO.bea, githubUser: 'Octo-Bea', quorum: 1, status: 'gate', note }]);

    const [exported = ''] = readdirSync(join(folder, 'good-temp')).filter((name) => /-\d+\.json$/.test(name));
    const { findings, document } = verifyEvidence(readFileSync(join(folder, 'good-temp', exported), 'utf8'));
    expect([findings, document?.summary]).toMatchObject([[], { githubUser: 'Octo-Bea' }]);

    const id = rollouts[0]?.id ?? '';
    expect(await journey.types(WHO.bea, `promote ${id}`)).toContain('your approval does not count');
    expect(rolloutOf(await journey.record.state(), id)?.status).toBe('gate');
    await journey.shows(id, 'GitHub user Octo-Bea');
  });

  it('fails for a model that fails its smoke tests, in the name of nobody that is known', async () => {
    const group = 'arn:aws:sagemaker:us-east-1:123456789012:model-package/titanic-survival';
    const played = await run('bad', `${group}/2`, 'passer-by');
    expect(played.steps).toMatchObject({ [DEPLOY]: { code: 1 }, [ASK]: 'skipped', [EXPORT]: { code: 0 } });
    expect(played.failed).toBe(true);
    expect(played.summary).toMatch(/^## ⛔ titanic: `survival`\n\n.*failed/);
    expect(played.summary).toContain('one more approval is needed');
    expect(played.summary).not.toContain('/titanic promote');
    const [ended] = (await journey.record.state()).ended;
    expect(ended).toMatchObject({ requester: null, githubUser: 'passer-by', quorum: 2, outcome: 'failed' });
  });

  it('changes nothing in SageMaker itself: all of it is the bot’s', async () => {
    const calls = (await journey.sandbox.sagemaker.control.journal()).filter((entry) => entry.kind === 'call');
    expect(calls.length).toBeGreaterThan(3);
    expect(calls.filter((entry) => 'accessKeyId' in entry && entry.accessKeyId === PIPELINE_KEY)).toEqual([]);
  });
});
