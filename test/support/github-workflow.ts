import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';

/*
 * Plays a job of a GitHub workflow as a runner would: read by GitHub's own parser, expressions worked out by GitHub's
 * own evaluator, scripts run by the shell that the workflow names. What `uses` names an action for is not run.
 */

// The parser imports its schema as bundlers understand it, and Node wants to be told that it is JSON.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return specifier.endsWith('.min.json') ? { ...found, importAttributes: { type: 'json' } } : found;
  },
});
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

type Template = Awaited<ReturnType<typeof convertWorkflowTemplate>>;
type Job = Extract<Template['jobs'][number], { type: 'job' }>;
type Step = Extract<Job['steps'][number], { run: unknown } | { uses: unknown }>;
type Words = Readonly<Record<string, string>>;

/** What is wrong with a workflow, as GitHub would say; nothing: it is valid. */
export async function faultsOf(path: string, content?: string): Promise<readonly string[]> {
  return (await read(path, content)).faults;
}

async function read(
  path: string,
  content = readFileSync(path, 'utf8'),
): Promise<{ faults: readonly string[]; jobs: Template['jobs'] }> {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  const faults = context.errors.getErrors().map(({ message }) => message);
  if (value === undefined) return { faults, jobs: [] };
  const { jobs, errors = [] } = await convertWorkflowTemplate(context, value);
  return { faults: [...new Set([...faults, ...errors.map(({ Message }) => Message)])], jobs };
}

export interface Runner {
  /** The folder that the job works in. */
  readonly workspace: string;
  /** Where steps leave things for each other. */
  readonly temp: string;
  /** What each step's process is given: the runner's own variables, and what actions before it would have set. */
  readonly env: Words;
  readonly contexts: Readonly<Record<string, Words>>;
  /** Scripts, by their step's name, that only an empty machine needs. */
  readonly done: readonly string[];
}

export interface Played {
  readonly failed: boolean;
  /** What each step came to, by its name. */
  readonly steps: Readonly<
    Record<string, 'action' | 'done' | 'skipped' | { readonly code: number; readonly said: string }>
  >;
  readonly summary: string;
}

/** Runs the only job of a workflow. */
export async function playWorkflow(path: string, runner: Runner): Promise<Played> {
  const { faults, jobs } = await read(path);
  const [job, ...others] = jobs;
  if (faults.length > 0 || job?.type !== 'job' || others.length > 0) throw new Error(`${path}: ${faults.join('; ')}`);
  mkdirSync(runner.temp, { recursive: true });
  const summaryFile = join(runner.temp, 'summary.md');
  writeFileSync(summaryFile, '');
  const steps: Record<string, Played['steps'][string]> = {};
  let failed = false;
  for (const step of job.steps as readonly Step[]) {
    const name = String(step.name);
    if (!truth(step.if.expression, runner, failed)) steps[name] = 'skipped';
    else if ('uses' in step) steps[name] = 'action';
    else if (runner.done.includes(name)) steps[name] = 'done';
    else {
      const env = { ...runner.env, ...envOf(step, runner), GITHUB_STEP_SUMMARY: summaryFile, RUNNER_TEMP: runner.temp };
      const ended = await runScript(String(step.run), runner, env);
      steps[name] = ended;
      failed ||= ended.code !== 0;
    }
  }
  return { failed, steps, summary: readFileSync(summaryFile, 'utf8') };
}

function truth(expression: string, runner: Runner, failed: boolean): boolean {
  const found = evaluate(expression, runner, failed);
  return found instanceof data.BooleanData && found.value;
}

function envOf({ env }: Step, runner: Runner): Words {
  const pairs = env === undefined ? [] : [...env].map(({ key, value }) => [key.toString(), value] as const);
  return Object.fromEntries(
    pairs.map(([name, value]) => [
      name,
      'expression' in value ? evaluate(String(value.expression), runner, false).coerceString() : value.toString(),
    ]),
  );
}

function evaluate(expression: string, { contexts }: Runner, failed: boolean) {
  const functions = Object.entries({ success: !failed, failure: failed, cancelled: false, always: true }).map(
    ([name, is]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(is) }),
  );
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const known = Object.entries(contexts).map(([key, words]) => ({
    key,
    value: new data.Dictionary(
      ...Object.entries(words).map(([name, value]) => ({ key: name, value: new data.StringData(value) })),
    ),
  }));
  return new Evaluator(parsed, new data.Dictionary(...known), new Map(functions.map((f) => [f.name, f]))).evaluate();
}

/** `shell: bash`, which is what the job's defaults say; a test holds that they do. */
function runScript(script: string, runner: Runner, env: Words): Promise<{ code: number; said: string }> {
  const file = join(runner.temp, 'script.sh');
  writeFileSync(file, script);
  return new Promise((resolve) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], { cwd: runner.workspace, env });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('close', (code) => resolve({ code: code ?? 1, said }));
  });
}
