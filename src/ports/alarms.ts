import type { Environment } from '../rollout/candidate.ts';
import type { PrepareResult } from '../rollout/input.ts';
import type { AlarmSeen, Reading } from '../rollout/observation.ts';
import type { AlarmPlan } from '../rollout/strategy.ts';
import type { WonTrip } from '../rollout/won-intent.ts';
import type { CallReply } from './endpoints.ts';

export interface AlarmsRequest {
  readonly environment: Environment;
  readonly endpointName: string;
  /** The config of the new fleet: its alarms watch nothing else. */
  readonly configName: string;
  readonly plan: AlarmPlan;
  readonly tags: Readonly<Record<string, string>>;
}

/** The CloudWatch alarms that guard a change of an endpoint. Reads never throw: what cannot be read is unknown. */
export interface Alarms {
  /** Makes the new fleet's own alarms and its kill switch, at rest. Repeatable; the named ones are left alone. */
  prepare(request: AlarmsRequest): Promise<PrepareResult>;
  /** Each of them as it is, in the given order; what does not exist is `missing`. */
  read(environment: Environment, names: readonly string[]): Promise<Reading<readonly AlarmSeen[]>>;
  /**
   * Sets the kill switch that the won intent names, and no other. Repeatable: a switch that is on stays on. `stillFresh`
   * is asked as the last thing before the request's first byte; `signal` destroys the socket.
   */
  trip(permission: WonTrip, signal: AbortSignal, stillFresh: () => boolean): Promise<CallReply>;
}
