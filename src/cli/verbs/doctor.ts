import { plain, printJson } from '../answers.ts';
import type { Composed } from '../compose-cli.ts';
import { type Context, type ExitCode, readSettings, Unavailable, withComposed } from '../context.ts';
import { awsNeeds, serviceNeeds } from '../doctor/aws-needs.ts';
import { cardNeeds } from '../doctor/card-needs.ts';
import { guardNeeds } from '../doctor/guard-needs.ts';
import { versionNeeds } from '../doctor/host-needs.ts';
import { idleNeeds } from '../doctor/idle-needs.ts';
import { type Need, ok, problem } from '../doctor/need.ts';
import { sampleNeeds } from '../doctor/sample-needs.ts';
import { slackNeeds } from '../doctor/slack-needs.ts';
import { trialConfigName, trialNeeds, trialNotice, triedService } from '../doctor/trial-needs.ts';
import { columns } from '../terminal.ts';

const COLOURS = { ok: 'green', problem: 'red', skipped: 'dim' } as const;

/** What `titanic doctor` takes. */
export interface DoctorOptions {
  readonly json?: boolean;
  /** Everything that the bot needs has to be there, and the roles of `titanic.yml` are taken on. */
  readonly asBot?: boolean;
  /** Slack is asked as well whether it takes what the bot shows, and can show. */
  readonly live?: boolean;
  /** With `live`: for how long the alarm that is tried is watched; 0: none is tried. */
  readonly alarmSeconds?: number;
}

/** CloudWatch looks at a kill switch every ten seconds. */
export const ALARM_SECONDS = 30;

/** What doctor found, for programs. */
export interface Looked {
  readonly fine: boolean;
  readonly needs: readonly Need[];
}

/** Everything that has to be there before the first rollout, and what to do where it is not. Changes nothing. */
export async function doctor(context: Context, options: DoctorOptions): Promise<ExitCode> {
  const looked = await lookAtNeeds(context, options);
  if (options.json === true) printJson(context.terminal, looked);
  else showNeeds(context, looked.needs);
  return looked.fine ? 0 : 1;
}

/** The same, and nothing is said yet. */
export async function lookAtNeeds(
  context: Context,
  { asBot = false, live = false, alarmSeconds = ALARM_SECONDS }: Omit<DoctorOptions, 'json'> = {},
): Promise<Looked> {
  const needs: Need[] = [...versionNeeds()];
  try {
    const look = (composed: Composed) => lookAtAll(context, composed, { asBot, live, alarmSeconds });
    needs.push(...(await withComposed(context, look, { carriesOut: asBot })));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    needs.unshift(problem('configuration', error.message, 'Mend the file; titanic.schema.json describes it.'));
  }
  return { fine: needs.every(({ status }) => status !== 'problem'), needs };
}

async function lookAtAll(
  context: Context,
  composed: Composed,
  { asBot, live, alarmSeconds }: Required<Omit<DoctorOptions, 'json'>>,
): Promise<readonly Need[]> {
  const { settings } = composed;
  // As the file says it: where only one's own rights are used, those composed with have no roles.
  const { aws } = readSettings(context);
  const count = settings.services.length;
  const parts = await Promise.all([
    awsNeeds(composed, aws, asBot),
    ...settings.services.flatMap((service) => [
      serviceNeeds(composed, service),
      guardNeeds(composed, service),
      idleNeeds(composed, service),
    ]),
    slackNeeds(composed, context.env, asBot),
    ...(live ? [messageNeeds(composed), alarmNeeds(context, composed, alarmSeconds, asBot)] : []),
  ]);
  return [ok('configuration', `${count} service${count === 1 ? '' : 's'}`), ...parts.flat()];
}

/** One after the other: they are many questions to Slack. */
async function messageNeeds(composed: Composed): Promise<readonly Need[]> {
  return [...(await cardNeeds(composed)), ...(await sampleNeeds(composed))];
}

/** Nothing is tried where nothing of prod is guarded. */
async function alarmNeeds(
  { terminal, stop }: Context,
  composed: Composed,
  alarmSeconds: number,
  asBot: boolean,
): Promise<readonly Need[]> {
  const service = triedService(composed.settings);
  if (service === null || alarmSeconds === 0) return [];
  const watchMs = alarmSeconds * 1_000;
  const configName = trialConfigName(composed.settings, service, composed.clock.nowMs());
  terminal.err(trialNotice(configName, watchMs));
  return trialNeeds(composed, { configName, tags: service.prod.tags, watchMs, stop }, asBot);
}

/** A line for each, and what to do below it. */
export function showNeeds({ terminal }: Context, needs: readonly Need[]): void {
  const lines = columns(needs.map(({ status, name, detail }) => [status, name, detail.split('\n').join('\n      ')]));
  for (const [index, line] of lines.split(/\n(?! {6})/).entries()) {
    const need = needs[index];
    if (need === undefined) continue;
    const { status, todo } = need;
    terminal.out(`${terminal.paint(COLOURS[status], line.slice(0, status.length))}${line.slice(status.length)}`);
    if (todo !== null) terminal.out(`      ${plain(todo)}`);
  }
}
