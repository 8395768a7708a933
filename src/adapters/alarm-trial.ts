import { setTimeout } from 'node:timers/promises';
import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { killSwitchOf } from '../rollout/strategy.ts';
import { alarmDefinitions } from './alarm-definitions.ts';
import { awsFailure, failureWords, refusalOf } from './aws-errors.ts';
import { alarmSeen, alarmsByName, isNoSuchAlarm } from './read-alarms.ts';

export interface AlarmTrialRequest {
  /** Like the name of a config of prod: only such alarms may be made. */
  readonly configName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** How long the state that was set is watched. Milliseconds. */
  readonly watchMs: number;
  /** Ends the watching early; the alarm is deleted all the same. */
  readonly stop: AbortSignal;
}

/** What became of the state that was set. */
export type TrialOutcome =
  /** Seen so long after it was set, and until the end. Milliseconds. */
  | { readonly kind: 'stayed'; readonly seenAfterMs: number; readonly watchedMs: number }
  | { readonly kind: 'changed'; readonly state: string; readonly afterMs: number }
  /** CloudWatch took the call and never showed it. */
  | { readonly kind: 'never-shown'; readonly state: string; readonly watchedMs: number }
  | { readonly kind: 'denied' | 'failed'; readonly step: 'make' | 'set' | 'read'; readonly why: string }
  | { readonly kind: 'stopped' };

export interface AlarmTrial {
  readonly alarm: string;
  readonly outcome: TrialOutcome;
  /** Why it may still be there; null: it is not. */
  readonly left: string | null;
}

/** For one step, all attempts together. Milliseconds. */
const STEP_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
/** A single look may be older than the one before it. */
const LOOKS_OF_A_CHANGE = 2;
const DELETE_TRIES = 3;
const DELETE_AGAIN_MS = 1_000;
const DESCRIPTION = 'Made by titanic doctor --live to see whether SetAlarmState takes effect. It may be deleted.';

/**
 * Makes a kill switch that nothing watches, sets it as a rollback would, looks for a while whether it stays so, and
 * deletes it, whatever happened before. Never throws.
 */
export async function tryAlarm(client: CloudWatchClient, request: AlarmTrialRequest): Promise<AlarmTrial> {
  const alarm = killSwitchOf(request.configName);
  let outcome: TrialOutcome;
  try {
    outcome = await madeAndSet(client, alarm, request);
  } catch (error) {
    outcome = { kind: 'failed', step: 'read', why: failureWords(awsFailure(error)) };
  }
  // Nothing was made where making it was refused; where that is not known, it may have been.
  const unmade = outcome.kind === 'denied' && outcome.step === 'make';
  return { alarm, outcome, left: unmade ? null : await deleted(client, alarm) };
}

async function madeAndSet(client: CloudWatchClient, alarm: string, request: AlarmTrialRequest): Promise<TrialOutcome> {
  const [definition] = alarmDefinitions({
    environment: 'prod',
    endpointName: '',
    configName: request.configName,
    plan: { errorPercent: null, p95Ms: null, named: [], namedWithoutData: 'wait' },
    tags: request.tags,
  });
  const wanted: PutMetricAlarmInput = { ...definition, AlarmName: alarm, AlarmDescription: DESCRIPTION };
  const unmade = await step('make', (options) => client.send(new PutMetricAlarmCommand(wanted), options));
  if (unmade !== null) return unmade;
  const set = new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'ALARM', StateReason: DESCRIPTION });
  const unset = await step('set', (options) => client.send(set, options));
  return unset ?? watched(client, alarm, request);
}

/** null: it is done. */
async function step(
  name: 'make' | 'set',
  send: (options: { abortSignal: AbortSignal }) => Promise<unknown>,
): Promise<TrialOutcome | null> {
  try {
    await send({ abortSignal: AbortSignal.timeout(STEP_MS) });
    return null;
  } catch (error) {
    const failure = awsFailure(error);
    const denied = refusalOf(failure)?.reason.code === 'access-denied';
    return { kind: denied ? 'denied' : 'failed', step: name, why: failureWords(failure) };
  }
}

async function watched(
  client: CloudWatchClient,
  alarm: string,
  { watchMs, stop }: AlarmTrialRequest,
): Promise<TrialOutcome> {
  const setMs = performance.now();
  let seenAfterMs: number | null = null;
  let otherwise = 0;
  for (;;) {
    if (stop.aborted) return { kind: 'stopped' };
    const reading = await alarmsByName(client, [alarm]);
    const passedMs = performance.now() - setMs;
    if (reading.kind === 'unknown') return { kind: 'failed', step: 'read', why: reading.why };
    const { state } = alarmSeen(alarm, reading.value.get(alarm));
    otherwise = state === 'ALARM' || seenAfterMs === null ? 0 : otherwise + 1;
    if (otherwise === LOOKS_OF_A_CHANGE) return { kind: 'changed', state, afterMs: passedMs };
    if (state === 'ALARM') seenAfterMs ??= passedMs;
    if (passedMs >= watchMs && otherwise === 0) {
      return seenAfterMs === null
        ? { kind: 'never-shown', state, watchedMs: passedMs }
        : { kind: 'stayed', seenAfterMs, watchedMs: passedMs };
    }
    const restMs = passedMs < watchMs ? watchMs - passedMs : LOOK_EVERY_MS;
    await setTimeout(Math.min(LOOK_EVERY_MS, restMs), null, { signal: stop }).catch(() => null);
  }
}

/** Why it may still be there; null: it is gone. Repeated, because who may delete goes by tags, which may be seen late. */
async function deleted(client: CloudWatchClient, alarm: string): Promise<string | null> {
  for (let tried = 1; ; tried += 1) {
    try {
      const options = { abortSignal: AbortSignal.timeout(STEP_MS) };
      await client.send(new DeleteAlarmsCommand({ AlarmNames: [alarm] }), options);
      return null;
    } catch (error) {
      const failure = awsFailure(error);
      if (isNoSuchAlarm(failure)) return null;
      if (tried === DELETE_TRIES) return failureWords(failure);
    }
    await setTimeout(DELETE_AGAIN_MS);
  }
}
