/**
 * How SageMaker moves prod's traffic from the old fleet to the new one, and what takes it back (its deployment
 * guardrails). Limits are those of UpdateEndpoint's DeploymentConfig.
 */
export interface Strategy {
  readonly traffic: TrafficShift;
  /** How long the old fleet is kept behind all traffic on the new one, 0 to 3600 s. 0 for rolling, which has none. */
  readonly keepPreviousSeconds: number;
  /** After this SageMaker itself goes back, 600 to 28800 s; more than all waits together. */
  readonly maximumSeconds: number;
  readonly alarms: AlarmPlan;
  /** Absent: titanic compares nothing by itself. */
  readonly analysis?: AnalysisPlan;
  /** Nothing goes to prod where SageMaker would not guard it. */
  readonly required: boolean;
}

/** Percentages are of the fleet's capacity. */
export type TrafficShift =
  | { readonly kind: 'all-at-once' }
  /** First so much, then after the bake all of it. 1 to 50 %. */
  | { readonly kind: 'canary'; readonly percent: number; readonly bakeSeconds: number }
  /** In equal steps of 10 to 50 %. */
  | { readonly kind: 'linear'; readonly percent: number; readonly intervalSeconds: number }
  /** Instance by instance in batches of 5 to 50 %, without a second fleet. */
  | { readonly kind: 'rolling'; readonly percent: number; readonly intervalSeconds: number };

/** What takes the traffic back. The alarms of the new fleet are titanic's own; a null makes none. */
export interface AlarmPlan {
  /** Share of requests that the new fleet answers with 5xx, in percent. */
  readonly errorPercent: number | null;
  /** p95 of the new fleet's ModelLatency. Milliseconds. */
  readonly p95Ms: number | null;
  /** Alarms that somebody else keeps. */
  readonly named: readonly string[];
  /** Whether a deployment begins while a named alarm has no data. */
  readonly namedWithoutData: 'start' | 'wait';
  /** How often SageMaker publishes the numbers of the new fleet, seconds; absent: once a minute. */
  readonly everySeconds?: 10;
}

/** How titanic itself compares the new fleet with the old one, and what follows where it is worse. */
export interface AnalysisPlan {
  /** How long people have before prod goes back by itself, seconds; 0: at once; null: never by itself. */
  readonly autoRollbackSeconds: number | null;
  /** How much longer they have once somebody snoozed it, seconds. */
  readonly snoozeSeconds: number;
  /** Below so many requests nothing is said of a fleet. */
  readonly minimumRequests: number;
}

/** All waits of a strategy together, seconds: what the longest time must be more than. */
export function waitsOf({ traffic, keepPreviousSeconds }: Pick<Strategy, 'traffic' | 'keepPreviousSeconds'>): number {
  switch (traffic.kind) {
    case 'all-at-once':
      return keepPreviousSeconds;
    case 'canary':
      return traffic.bakeSeconds + keepPreviousSeconds;
    case 'linear':
    case 'rolling':
      return Math.ceil(100 / traffic.percent) * traffic.intervalSeconds + keepPreviousSeconds;
    default:
      return traffic satisfies never;
  }
}

/** What the names of titanic's own alarms end with, behind the config's name. */
const OWN_ENDINGS = ['kill-switch', 'errors', 'latency'] as const;

/** The alarm by which titanic makes SageMaker go back in the middle of a change: nothing but titanic sets it. */
export function killSwitchOf(configName: string): string {
  return `${configName}-kill-switch`;
}

export function isKillSwitch(alarm: string): boolean {
  return alarm.endsWith('-kill-switch');
}

/** Every alarm that guards a change to this config, titanic's own first. At most 10, which SageMaker allows. */
export function alarmsOf(configName: string, { errorPercent, p95Ms, named }: AlarmPlan): readonly string[] {
  return [
    killSwitchOf(configName),
    ...(errorPercent === null ? [] : [`${configName}-errors`]),
    ...(p95Ms === null ? [] : [`${configName}-latency`]),
    ...named,
  ];
}

/** Every alarm that titanic can have made for a config. */
export function ownAlarmsOf(configName: string): readonly string[] {
  return OWN_ENDINGS.map((ending) => `${configName}-${ending}`);
}

/** The config that an alarm of titanic's guards; null: no alarm of titanic's is named like this. */
export function configOfAlarm(name: string): string | null {
  return /^(.+-(?:staging|prod)-v\d+-r\d+)-(?:kill-switch|errors|latency)$/.exec(name)?.[1] ?? null;
}
