import { alarmsOf, killSwitchOf } from '../../src/rollout/strategy.ts';
import type { WonTrip } from '../../src/rollout/won-intent.ts';
import type { AlarmWorld } from './alarm-world.ts';
import type { ArrivedCall } from './endpoint-truth.ts';
import type { Facts } from './facts.ts';
import { checkCountdowns } from './invariants-countdown.ts';
import type { RecordIndex, Said } from './record-index.ts';
import type { TripWatch } from './sim-alarms.ts';

/** A look at the alarms is good for 25 s, the append flies for up to 60 s, and so does the call that follows. */
const UNKNOWABLE_MS = 180_000;
/** How long a stopped change may go on before somebody must have told SageMaker: freezes and outages fit in here. */
const FORGOTTEN_MS = 40 * 60_000;

/** Changes of prod that SageMaker guards. */
export interface GuardChecks extends TripWatch {
  /** SageMaker took a call to prod. */
  accepted(call: ArrivedCall): void;
  /** At the end of the life. */
  remains(): void;
}

export function createGuardChecks(
  facts: Facts,
  alarms: AlarmWorld,
  indexOf: (service: string) => RecordIndex,
  services: readonly string[],
): GuardChecks {
  const { violations } = facts;
  return {
    trips(permission) {
      const index = indexOf(permission.service);
      const said = index.find('KillSwitchIntended', permission.seq)?.event;
      const deployment = said === undefined ? undefined : index.find('DeploymentStarted', said.deployment)?.event;
      const own = deployment === undefined ? null : killSwitchOf(deployment.target.configName);
      if (said?.alarm !== permission.alarm || own !== permission.alarm)
        return violations.add('kill-switch-without-intent', whereOf(permission));
      const stopped = index.all('DeploymentAbortMarked').some((a) => a.event.deployment === said.deployment);
      if (!stopped) violations.add('kill-switch-nobody-asked-for', whereOf(permission));
    },
    accepted(call) {
      if (call.environment !== 'prod' || call.call.kind !== 'update') return;
      const index = indexOf(call.service);
      const said = index.find('CallIntended', call.intent);
      const deployment = said === undefined ? undefined : index.find('DeploymentStarted', said.event.deployment)?.event;
      const { strategy, configName } = call.call;
      if (deployment?.kind !== 'rollout') {
        if (strategy !== undefined) violations.add('way-back-waits-for-a-guard', whereOf(call));
        return;
      }
      const started = index.all('RolloutStarted').find((r) => r.event.rolloutId === deployment.owner)?.event;
      const plan = started?.candidate.plans.prod.strategy;
      if (plan === undefined) return;
      if (strategy === undefined) return violations.add('prod-changed-without-its-guard', whereOf(call));
      for (const name of alarmsOf(configName, plan.alarms)) {
        const state = alarms.stateOf(name);
        const bad = state === null || state === 'ALARM';
        const longAgo = facts.nowMs() - alarms.sinceMs(name) > UNKNOWABLE_MS;
        if (bad && longAgo) violations.add('guarded-by-a-bad-alarm', `${whereOf(call)}: ${name} ${state ?? 'missing'}`);
      }
    },
    remains() {
      for (const service of services)
        for (const stop of indexOf(service).all('DeploymentAbortMarked')) {
          checkStopped(facts, indexOf(service), stop);
        }
      for (const service of services) checkCountdowns(facts, indexOf(service), FORGOTTEN_MS);
    },
  };
}

/** Whoever stopped a guarded change is not left waiting for its end. */
function checkStopped({ violations, sagemaker }: Facts, index: RecordIndex, stop: Said<'DeploymentAbortMarked'>): void {
  const { deployment, environment } = stop.event;
  const started = index.find('DeploymentStarted', deployment)?.event;
  const taken = sagemaker.arrived.find(
    (c) =>
      c.accepted &&
      c.service === index.service &&
      c.environment === environment &&
      c.call.kind === 'update' &&
      c.call.strategy !== undefined &&
      c.call.configName === started?.target.configName,
  );
  if (taken === undefined || started?.kind !== 'rollout') return;
  if (index.all('KillSwitchIntended').some((k) => k.event.deployment === deployment)) return;
  const untilMs = stop.atMs + FORGOTTEN_MS;
  const stillGoing = sagemaker.endpoint(taken.call.endpointName).at(untilMs).seen;
  const updating = stillGoing?.status === 'Updating' && stillGoing.pendingConfigName === started.target.configName;
  if (updating) violations.add('stopped-change-left-alone', `${index.service}#${stop.seq}`);
}

function whereOf(about: ArrivedCall | WonTrip): string {
  return 'call' in about
    ? `${about.call.endpointName} (#${about.intent} by ${about.by})`
    : `${about.alarm} #${about.seq}`;
}
