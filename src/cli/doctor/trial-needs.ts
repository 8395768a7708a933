import type { AlarmTrial, TrialOutcome } from '../../adapters/alarm-trial.ts';
import type { ServiceConfig, Settings } from '../../config-types.ts';
import type { Composed } from '../compose-cli.ts';
import { type Need, ok, problem, skipped } from './need.ts';

const NAME = 'alarm trial';
const STEPS = { make: 'made', set: 'set', read: 'read' } as const;

/** Of which service the alarm that is tried looks like one; null: no change of prod is guarded, so nothing is tried. */
export function triedService({ services }: Settings): ServiceConfig | null {
  return services.find(({ prod }) => prod.strategy !== undefined) ?? null;
}

/**
 * A name as the bot's role may make it, set it and delete it: that of the kill switch of a config of prod, of version 0,
 * which no model has. `titanic cleanup leftovers` finds it should it be left.
 */
export function trialConfigName(
  { prefix }: Pick<Settings, 'prefix'>,
  { name }: Pick<ServiceConfig, 'name'>,
  nowMs: number,
): string {
  return `${prefix}${name}-prod-v0-r${nowMs}`;
}

/** Said before anything is made. */
export function trialNotice(configName: string, watchMs: number): string {
  return `For ${watchMs / 1_000} s there will be an alarm ${configName}-kill-switch in CloudWatch in the account of prod, which nothing watches; it is set, read and deleted again.`;
}

/** Whether SetAlarmState, by which the fastest way back goes, takes effect and stays. */
export async function trialNeeds(
  { tryAlarm }: Pick<Composed, 'tryAlarm'>,
  request: Parameters<Composed['tryAlarm']>[0],
  asBot: boolean,
): Promise<readonly Need[]> {
  const { alarm, outcome, left } = await tryAlarm(request);
  const need = outcomeNeed(outcome, asBot);
  return left === null ? [need] : [need, leftNeed(alarm, left)];
}

function outcomeNeed(outcome: TrialOutcome, asBot: boolean): Need {
  switch (outcome.kind) {
    case 'stayed':
      return ok(
        NAME,
        `SetAlarmState took effect after ${seconds(outcome.seenAfterMs)} and stayed for ${seconds(outcome.watchedMs)}`,
      );
    case 'changed':
      return problem(
        NAME,
        `SetAlarmState took effect, and after ${seconds(outcome.afterMs)} the alarm was ${outcome.state} again`,
        'SageMaker may miss such a kill switch: the value that a rollback writes besides sets it once more. Report it with this line.',
      );
    case 'never-shown':
      return problem(
        NAME,
        `CloudWatch took SetAlarmState, and the alarm was still ${outcome.state} after ${seconds(outcome.watchedMs)}`,
        'Do not count on the kill switch: roll back by /titanic rollback once the change is over. Report it with this line.',
      );
    case 'denied':
      return deniedNeed(outcome, asBot);
    case 'failed':
      return problem(NAME, `the alarm could not be ${STEPS[outcome.step]} (${outcome.why})`, 'Try again later.');
    case 'stopped':
      return skipped(NAME, 'stopped before its end');
    default:
      return outcome satisfies never;
  }
}

/** The bot needs this for every change that is guarded; others need not be allowed to. */
function deniedNeed({ step, why }: Extract<TrialOutcome, { kind: 'denied' | 'failed' }>, asBot: boolean): Need {
  const detail = `an alarm like those that guard a change may not be ${STEPS[step]} (${why})`;
  return asBot
    ? problem(NAME, detail, 'Compare the policy of the prod role with infra/modules/iam/guards.tf.')
    : skipped(
        NAME,
        `${detail}; these credentials need not be allowed to`,
        'As the bot: titanic doctor --live --as-bot.',
      );
}

function leftNeed(alarm: string, why: AlarmTrial['left']): Need {
  return problem(
    `${NAME}: deletion`,
    `${alarm} may still be there (${why})`,
    `Delete it: titanic cleanup, or aws cloudwatch delete-alarms --alarm-names ${alarm}`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
