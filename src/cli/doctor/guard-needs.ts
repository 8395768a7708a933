import type { ServiceConfig } from '../../config-types.ts';
import type { AlarmSeen } from '../../rollout/observation.ts';
import { type AlarmPlan, killSwitchOf } from '../../rollout/strategy.ts';
import type { Composed } from '../compose-cli.ts';
import { type Need, ok, problem } from './need.ts';

/** What a guarded change of prod needs of CloudWatch; nothing where nothing is guarded. */
export async function guardNeeds(
  { alarms }: Pick<Composed, 'alarms'>,
  { name, prod }: ServiceConfig,
): Promise<readonly Need[]> {
  if (prod.strategy === undefined) return [];
  const what = `${name}: alarms`;
  const { named } = prod.strategy.alarms;
  // Where none is named any name does: what is looked at is whether CloudWatch answers.
  const seen = await alarms.read('prod', named.length > 0 ? named : [killSwitchOf(prod.resourceName)]);
  if (seen.kind === 'unknown')
    return [problem(what, seen.why, 'Compare the permissions of these credentials with infra/.')];
  if (named.length === 0) return [ok(what, 'CloudWatch answers; titanic.yml names none')];
  return seen.value.map((alarm) => namedNeed(`${what}: ${alarm.name}`, alarm, prod.strategy?.alarms.namedWithoutData));
}

function namedNeed(name: string, alarm: AlarmSeen, withoutData: AlarmPlan['namedWithoutData'] | undefined): Need {
  const since = alarm.since === null ? '' : ` since ${alarm.since}`;
  switch (alarm.state) {
    case 'OK':
      return ok(name, 'OK');
    case 'missing':
      return problem(
        name,
        'there is no such alarm in the account and region of prod, and prod is not changed without it',
        'Make it there, or take it out of prod.strategy.alarms.named.',
      );
    case 'INSUFFICIENT_DATA':
      if (withoutData === 'start') return ok(name, `no data${since}; prod is changed all the same`);
      return problem(
        name,
        `no data${since}, and prod waits until it has some`,
        'See why nothing is measured, or set prod.strategy.alarms.namedWithoutData to start.',
      );
    default:
      return problem(
        name,
        `${alarm.state}${since}, and prod is not changed meanwhile`,
        'See in CloudWatch what is wrong.',
      );
  }
}
