/**
 * The protocol's waits and Slack's paces are what its safety rests on, so they are no configuration. Tests with real
 * processes need shorter ones: `TITANIC_TEST_TIMES` gives them, and only to a bot whose Slack and AWS are on this machine.
 * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` has to say `false`: a profile's own setting of it would lead to AWS all the same.
 */
import { z } from 'zod';
import { leadsHere, type Variables } from './environment.ts';
import { POLL_TIMES, type PollTimes } from './rollout/engine-deps.ts';
import { PROTOCOL_TIMES, type ProtocolTimes, type Settings } from './rollout/input.ts';

export interface Times {
  readonly protocol: ProtocolTimes;
  readonly poll: PollTimes;
  /** undefined: what the configured smoke run may need. */
  readonly smokeLongestMs: number | undefined;
  /** undefined: what Slack allows. */
  readonly postsPerMinute: number | undefined;
  /** undefined: what a load balancer needs. */
  readonly lingerMs: number | undefined;
  /** undefined: half a minute. */
  readonly credentialsKeptMs: number | undefined;
  /** undefined: a minute. */
  readonly autoStageMs: number | undefined;
  /** undefined: as configured. */
  readonly reminderMs: number | undefined;
  /** undefined: as configured. */
  readonly idleStopMs: number | undefined;
  /** undefined: as often as Slack's limits allow. */
  readonly lookAgainMs: number | undefined;
}

const ms = z.int().min(1).max(600_000).optional();
const shape = z.strictObject({
  freshMs: ms,
  callTimeoutMs: ms,
  openIntentMs: ms,
  noTraceMs: ms,
  smokeGraceMs: ms,
  smokeLongestMs: ms,
  underWayMs: ms,
  atRestMs: ms,
  cardGapMs: ms,
  postsPerMinute: z.int().min(1).max(60_000).optional(),
  lingerMs: ms,
  lookAgainMs: ms,
  credentialsKeptMs: ms,
  reminderMs: ms,
  idleStopMs: ms,
  autoStageMs: ms,
});

/** What `TITANIC_TEST_TIMES` may hold, as JSON. */
export type TestTimes = z.input<typeof shape>;

const VARIABLE = 'TITANIC_TEST_TIMES';

/** The real times, or shorter ones where nothing real can be reached. */
export function readTimes(
  env: Variables,
): { readonly ok: true; readonly times: Times } | { readonly ok: false; readonly message: string } {
  const written = env[VARIABLE];
  if (written === undefined || written === '') return { ok: true, times: timesOf({}) };
  const elsewhere = leadingElsewhere(env);
  if (elsewhere.length > 0) {
    const where = elsewhere.join(', ');
    return refused(`is for tests on this machine only, and ${where} must be a loopback address; unset ${VARIABLE}`);
  }
  const ignores = 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS';
  if (env[ignores] !== 'false')
    return refused(`is for tests on this machine only, and ${ignores} must be false; unset ${VARIABLE}`);
  const parsed = shape.safeParse(jsonOf(written));
  if (!parsed.success) return refused(`is malformed: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  return { ok: true, times: timesOf(parsed.data) };
}

function refused(why: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message: `titanic cannot start: ${VARIABLE} ${why}.` };
}

/** The variables by which something else than this machine could be reached. */
function leadingElsewhere(env: Variables): readonly string[] {
  const services = Object.keys(env).filter((name) => name.startsWith('AWS_ENDPOINT_URL_'));
  return ['SLACK_API_URL', 'AWS_ENDPOINT_URL', ...services].filter((name) => !leadsHere(env[name]));
}

function jsonOf(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

/** One service's settings with shorter waits, where a test has some. */
export function settingsFor(settings: Settings, { smokeLongestMs, reminderMs, idleStopMs }: Times): Settings {
  const { reminders, idleStop } = settings;
  const sooner =
    reminders === undefined || reminderMs === undefined ? {} : { reminders: { ...reminders, afterMs: reminderMs } };
  const idle =
    idleStop === undefined || idleStopMs === undefined ? {} : { idleStop: { ...idleStop, afterMs: idleStopMs } };
  return { ...settings, ...sooner, ...idle, smokeLongestMs: smokeLongestMs ?? settings.smokeLongestMs };
}

function timesOf(given: z.output<typeof shape>): Times {
  const real = { ...PROTOCOL_TIMES, ...POLL_TIMES };
  return {
    protocol: {
      freshMs: given.freshMs ?? real.freshMs,
      callTimeoutMs: given.callTimeoutMs ?? real.callTimeoutMs,
      openIntentMs: given.openIntentMs ?? real.openIntentMs,
      describeLagMs: real.describeLagMs,
      noTraceMs: given.noTraceMs ?? real.noTraceMs,
      smokeGraceMs: given.smokeGraceMs ?? real.smokeGraceMs,
    },
    poll: {
      underWayMs: given.underWayMs ?? real.underWayMs,
      atRestMs: given.atRestMs ?? real.atRestMs,
      ...(given.cardGapMs === undefined ? {} : { cardGapMs: given.cardGapMs }),
    },
    smokeLongestMs: given.smokeLongestMs,
    postsPerMinute: given.postsPerMinute,
    lingerMs: given.lingerMs,
    lookAgainMs: given.lookAgainMs,
    credentialsKeptMs: given.credentialsKeptMs,
    reminderMs: given.reminderMs,
    idleStopMs: given.idleStopMs,
    autoStageMs: given.autoStageMs,
  };
}
