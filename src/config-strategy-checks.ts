import type { RuleFault } from './config-checks.ts';
import { alarmsWritten, type FileStrategy, LONGEST_CHANGE_SECONDS, secondsOf, trafficOf } from './config-strategy.ts';
import { isInf1 } from './rollout/guardrail.ts';
import { type TrafficShift, waitsOf } from './rollout/strategy.ts';

/** SageMaker watches no more than these; the kill switch is one of them. */
const MOST_ALARMS = 10;
/** What a new fleet gets for starting, at the least, beside all waits of its strategy. */
const START_SECONDS = 600;

/** As much of `prod` as its strategy needs. */
export type GuardedProd = FileStrategy & {
  readonly serverless?: unknown;
  readonly instanceType?: string | undefined;
  readonly instanceCount?: number | undefined;
};

/** What only shows between keys of `prod`. `resourceName`: what the names of its configs begin with. */
export function checkStrategy(path: string, prod: GuardedProd, resourceName: string): readonly RuleFault[] {
  const traffic = trafficOf(prod);
  if (traffic === undefined) {
    if (prod.guardrails === 'wanted') return [];
    const message = 'is required, but nothing is guarded; give strategy or keepPreviousMinutes, or leave it out';
    return [{ path: `${path}.guardrails`, message }];
  }
  if (prod.serverless !== undefined) {
    const message = 'cannot stand with serverless, of which SageMaker guards no change; remove it';
    const given = [
      ...(prod.strategy === undefined ? [] : ['strategy']),
      ...(prod.keepPreviousMinutes === 0 ? [] : ['keepPreviousMinutes']),
    ];
    return given.map((key) => ({ path: `${path}.${key}`, message }));
  }
  return [
    ...checkShare(path, traffic, prod.instanceCount),
    ...checkWaits(path, traffic, prod),
    ...checkAlarms(`${path}.strategy.alarms`, prod, resourceName),
    ...checkRequired(`${path}.guardrails`, prod),
  ];
}

/** How SageMaker rounds a part of an instance is not published, so there must be a whole one. */
function checkShare(path: string, traffic: TrafficShift, count: number | undefined): readonly RuleFault[] {
  if (traffic.kind === 'all-at-once' || count === undefined || traffic.percent * count >= 100) return [];
  if (count === 1) {
    const message = `is ${traffic.kind}, which needs 2 instances or more; raise instanceCount, or take all-at-once with keepPreviousMinutes`;
    return [{ path: `${path}.strategy.kind`, message }];
  }
  const key = ({ canary: 'size', linear: 'step', rolling: 'batch' } as const)[traffic.kind];
  const message = `is ${traffic.percent} % of ${count} instances, which is less than one; make it ${Math.ceil(100 / count)} or more, or raise instanceCount`;
  return [{ path: `${path}.strategy.${key}`, message }];
}

function checkWaits(path: string, traffic: TrafficShift, prod: GuardedProd): readonly RuleFault[] {
  const keepPreviousSeconds = secondsOf(prod.keepPreviousMinutes);
  if (traffic.kind === 'rolling' && keepPreviousSeconds > 0) {
    const message = 'cannot stand with rolling, which leaves no old fleet to keep; remove it, or take canary or linear';
    return [{ path: `${path}.keepPreviousMinutes`, message }];
  }
  const waits = waitsOf({ traffic, keepPreviousSeconds });
  if (waits === 0) {
    const place = prod.strategy === undefined ? 'keepPreviousMinutes' : 'strategy';
    const message = 'leaves the alarms no time to notice anything; raise its minutes, or set keepPreviousMinutes';
    return [{ path: `${path}.${place}`, message }];
  }
  const needed = Math.ceil((waits + START_SECONDS) / 60);
  const waited = `waits ${Math.ceil(waits / 60)} minutes in all`;
  if (needed * 60 > LONGEST_CHANGE_SECONDS) {
    const most = (LONGEST_CHANGE_SECONDS - START_SECONDS) / 60;
    const message = `${waited}, and SageMaker ends every change after ${LONGEST_CHANGE_SECONDS / 60}; come to ${most} or less by shorter intervals or larger steps`;
    return [{ path: `${path}.strategy`, message }];
  }
  if (needed <= prod.deadlineMinutes) return [];
  const message = `is ${prod.deadlineMinutes}, but the strategy ${waited}, and the new fleet needs time to start; make it ${needed} or more`;
  return [{ path: `${path}.deadlineMinutes`, message }];
}

function checkAlarms(path: string, prod: GuardedProd, resourceName: string): readonly RuleFault[] {
  const { named } = alarmsWritten(prod);
  const faults: RuleFault[] = [];
  const fault = (message: string) => faults.push({ path: `${path}.named`, message });
  const own = 1 + ownAlarms(prod);
  if (own + named.length > MOST_ALARMS) {
    fault(
      `makes ${own + named.length} alarms with the ${own} of titanic, and SageMaker watches at most ${MOST_ALARMS}; name ${MOST_ALARMS - own} or fewer`,
    );
  }
  if (new Set(named).size !== named.length) fault('names an alarm twice; name it once');
  if (named.some((name) => looksOwn(name, resourceName))) {
    fault('names an alarm like those that titanic makes itself for each rollout; remove it');
  }
  return faults;
}

function ownAlarms(prod: GuardedProd): number {
  const { errorPercent, p95Ms } = alarmsWritten(prod);
  return [errorPercent, p95Ms].filter((limit) => limit !== 'off').length;
}

function looksOwn(name: string, resourceName: string): boolean {
  return name.startsWith(`${resourceName}-v`) && /-(kill-switch|errors|latency)$/.test(name);
}

function checkRequired(path: string, prod: GuardedProd): readonly RuleFault[] {
  if (prod.guardrails === 'wanted') return [];
  const faults: RuleFault[] = [];
  if (prod.instanceType !== undefined && isInf1(prod.instanceType)) {
    const message =
      'cannot be required on ml.inf1, where SageMaker changes all at once and watches nothing; take another instance type, or write wanted';
    faults.push({ path, message });
  }
  if (ownAlarms(prod) + alarmsWritten(prod).named.length === 0) {
    const message = 'is required, but every alarm is off; give strategy.alarms one, or write wanted';
    faults.push({ path, message });
  }
  return faults;
}
