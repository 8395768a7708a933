import { setTimeout as wait } from 'node:timers/promises';
import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime';
import { vi } from 'vitest';
import type { JournalEntry } from '../../sandbox/sagemaker/journal.ts';
import type { FleetVerdict } from '../../src/rollout/analysis.ts';
import type { Request } from '../../src/rollout/api.ts';
import type { ServiceState } from '../../src/rollout/state.ts';
import { type GuardedService, type GuardedServices, prodOf, startGuardedServices } from './guarded-services.ts';
import { approver, operator, type Person } from './rollout-facts.ts';

export type StrategyName = 'all-at-once' | 'canary' | 'linear' | 'rolling';
export type Candidate = 'good' | 'hardly asked' | 'failing' | 'slow' | 'worse than the old one';

/** One guarded change: what prod gets, who does what, and how it ends. */
export interface Row {
  readonly strategy: StrategyName;
  readonly candidate: Candidate;
  /** Absent: nobody is there. */
  readonly person?:
    | 'snoozes it'
    | 'rolls it back'
    | 'rolls back while it starts'
    | 'rolls back while it bakes'
    | 'rolls back in the kept hour'
    | 'cancels while it bakes';
  readonly ends:
    | 'promoted, known to be fine'
    | 'promoted, not known to be fine'
    | 'promoted, known to be worse'
    | 'taken back by the alarm on errors'
    | 'taken back by the alarm on latency'
    | 'taken back by titanic'
    | 'taken back by a person'
    | 'cancelled';
}

/** How a row ended, by the record and by SageMaker. */
export interface Played {
  readonly outcome: string | undefined;
  readonly code: string | undefined;
  /** The last that titanic's own comparison said. */
  readonly verdict: FleetVerdict | undefined;
  /** Whether prod's rollback got there; null: there was none. */
  readonly rolledBack: boolean | null;
  /** What prod serves. */
  readonly version: number;
  readonly status: string;
  /** What was asked of prod's endpoint. */
  readonly calls: readonly string[];
  /** Those of titanic's alarms that were on at any time, `kill-switch` among them. */
  readonly alarms: readonly string[];
  /** Whether all traffic was seen on the new fleet with the old one kept. */
  readonly kept: boolean;
  /** Reason codes of what people were answered. */
  readonly answers: readonly string[];
}

/** How many times faster than at AWS: a minute is a second, in which an alarm is seen, or a quarter, or a tenth. */
const FOR_ALARMS = 60;
const UNHURRIED = 240;
const BRISK = 600;
/** Nothing moves while people press and look. */
const STILL = 0.01;
const HASTE = 5_000;
/** Starting a fleet takes six minutes, then each wait ten. */
const WAIT = { intervalMinutes: 10 } as const;
const KEPT = { keepPreviousMinutes: 30 } as const;
const OF_STRATEGY: Readonly<
  Record<StrategyName, { readonly strategy: object; readonly keepPreviousMinutes?: number }>
> = {
  'all-at-once': { strategy: { kind: 'all-at-once' }, ...KEPT },
  canary: { strategy: { kind: 'canary', size: 50, bakeMinutes: 10 }, ...KEPT },
  linear: { strategy: { kind: 'linear', step: 50, ...WAIT }, ...KEPT },
  rolling: { strategy: { kind: 'rolling', batch: 50, ...WAIT } },
};
/** Half of all is far above what chance makes of a few requests. */
const ALARMS = {
  errors: { errorPercent: 50, p95Ms: 'off' },
  latency: { errorPercent: 'off', p95Ms: 100 },
} as const;
/** Somebody who is there has time; where nobody is, nobody waits for them. */
const AFTER = { nobody: 'after 1s', somebody: 'after 60m' } as const;
const SLOWER_MS = 150;
const ASK_EVERY_MS = 40;

interface Playing {
  readonly row: Row;
  readonly service: string;
  readonly rolloutId: string;
  readonly configName: string;
  /** What is wrong with the candidate. */
  readonly faultId: string | null;
  readonly answers: string[];
}

/** Plays all rows and tells how each ended. */
export async function playGuardedChanges(rows: readonly Row[]): Promise<ReadonlyMap<Row, Played>> {
  const services = rows.map(serviceOf);
  const guarded = await startGuardedServices(services);
  const credentials = { accessKeyId: 'people', secretAccessKey: 'people' };
  const { url, control } = guarded.sagemaker;
  const runtime = new SageMakerRuntime({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    const gates = await guarded.toTheGate();
    await Promise.all(rows.map((row, n) => (isWorse(row) ? askProd(runtime, prodOf(nameOf(n)), 20) : null)));
    await control.setSpeed(STILL);
    guarded.catchUp();
    const mark = (await control.journal()).at(-1)?.seq ?? 0;
    const all = await Promise.all(rows.map((row, n) => promoted(guarded, row, nameOf(n), gates.get(nameOf(n)) ?? '')));
    const play = createPlay(guarded, runtime, all);
    await play.starts();
    await play.bakes();
    await play.goesOn();
    const ended = all.map(async (one): Promise<[Row, Played]> => [one.row, await endOf(guarded, one, mark)]);
    return new Map(await Promise.all(ended));
  } finally {
    runtime.destroy();
    await guarded.close();
  }
}

const isGood = (row: Row) => row.candidate === 'good' && row.person === undefined;
const isWorse = (row: Row) => row.candidate === 'worse than the old one';
const isUndone = (row: Row) => row.candidate === 'failing' || row.candidate === 'slow';
const nameOf = (n: number) => `row-${n + 1}`;

function serviceOf(row: Row, n: number): GuardedService {
  const { strategy, ...kept } = OF_STRATEGY[row.strategy];
  const alarms = ALARMS[row.candidate === 'slow' ? 'latency' : 'errors'];
  const autoRollback = isWorse(row) ? AFTER[row.person === undefined ? 'nobody' : 'somebody'] : 'off';
  const analysis = { autoRollback, snoozeMinutes: 60, minimumRequests: 10 };
  return { name: nameOf(n), prod: { strategy: { ...strategy, alarms, analysis }, ...kept } };
}

/** Somebody promotes it, and the new fleet is being started. */
async function promoted(guarded: GuardedServices, row: Row, service: string, rolloutId: string): Promise<Playing> {
  const { control } = guarded.sagemaker;
  await guarded.promote(service, rolloutId);
  const state = await guarded.until(service, 'the update is under way', ({ environments: { prod } }) => {
    return prod.deployment?.followed?.call.kind === 'update' && prod.deployment.words !== null;
  });
  const config = state.environments.prod.deployment?.target.configName ?? '';
  const fault =
    row.candidate === 'slow'
      ? await control.setFault({ kind: 'slowModel', config, ms: SLOWER_MS })
      : row.candidate === 'failing' || isWorse(row)
        ? await control.setFault({ kind: 'modelError', config })
        : null;
  return { row, service, rolloutId, configName: config, faultId: fault?.id ?? null, answers: [] };
}

/** The course of all rows at once: SageMaker's clock stands still wherever people are to be in time. */
function createPlay(guarded: GuardedServices, runtime: SageMakerRuntime, all: readonly Playing[]) {
  const { control } = guarded.sagemaker;
  const each = (holds: (row: Row) => boolean, act: (one: Playing) => Promise<unknown>) =>
    Promise.all(all.filter(({ row }) => holds(row)).map(act));
  const ask = (requests: number) => (one: Playing) => askProd(runtime, prodOf(one.service), requests);
  const says =
    (person: Person, request: (one: Playing) => Request) =>
    async (one: Playing): Promise<void> => {
      one.answers.push((await guarded.says(one.service, person, request(one))).reason.code);
    };
  const rollsBack = says(operator, () => {
    return { verb: 'rollback', environment: 'prod', toVersion: null, reason: 'it is odd', furtherThan: null };
  });
  const cancels = says(operator, ({ rolloutId }) => ({ verb: 'cancel', rolloutId }));
  const promotesAgain = says(approver, ({ rolloutId }) => ({ verb: 'promote', rolloutId }));
  const snoozes = says(approver, () => ({ verb: 'snooze', rolloutId: null, reason: 'it is known' }));
  const judged = (verdict: FleetVerdict) => (one: Playing) =>
    guarded.until(one.service, `the new fleet is ${verdict}`, (s) => verdictOf(s) === verdict);

  return {
    async starts(): Promise<void> {
      await each(({ person }) => person === 'rolls back while it starts', rollsBack);
      await each(isGood, promotesAgain);
    },
    async bakes(): Promise<void> {
      await control.setSpeed(UNHURRIED);
      const going = all.filter(({ row }) => row.person !== 'rolls back while it starts');
      await vi.waitFor(
        async () => {
          const { traffic } = await control.state();
          const answers = ({ service, configName }: Playing) =>
            traffic[prodOf(service)]?.some((fleet) => fleet.configName === configName) === true;
          if (!going.every(answers)) throw new Error(`Not every new fleet answers: ${JSON.stringify(traffic)}`);
        },
        { timeout: 20_000, interval: 20 },
      );
      await control.setSpeed(STILL);
      await Promise.all([
        each(({ person }) => person === 'rolls back while it bakes', rollsBack),
        each(({ person }) => person === 'cancels while it bakes', cancels),
        each(({ candidate }) => candidate === 'hardly asked', ask(8)),
        each(isGood, ask(32)),
        each(isWorse, ask(48)),
      ]);
      await each(isGood, promotesAgain);
      await Promise.all([
        each(({ candidate }) => candidate === 'hardly asked', judged('inconclusive')),
        each(isGood, judged('fine')),
        each(isWorse, judged('worse')),
      ]);
      await each(({ person }) => person === 'snoozes it', snoozes);
      await each(({ person }) => person === 'rolls it back', rollsBack);
      await each(
        (row) => isWorse(row) && row.person === undefined,
        ({ service }) => guarded.until(service, 'it goes back', (s) => s.environments.prod.rollback !== null),
      );
      for (const { row, faultId } of all)
        if (isWorse(row) && faultId !== null) await control.clearFaults({ id: faultId });
    },
    async goesOn(): Promise<void> {
      await control.setSpeed(FOR_ALARMS);
      const undone = each(isUndone, (one) => askUntil(ask(4), one, () => hasEnded(guarded, one)));
      await Promise.all([
        undone.then(() => control.setSpeed(BRISK)),
        each(
          ({ person }) => person === 'rolls back in the kept hour',
          async (one) => {
            const serves = (s: ServiceState) => s.environments.prod.deployment?.serving !== undefined;
            await guarded.until(one.service, 'the old fleet is kept', serves);
            await rollsBack(one);
          },
        ),
      ]);
      await control.setSpeed(HASTE);
      await each(
        () => true,
        (one) => guarded.until(one.service, 'it is over', (s) => isOver(s, one)),
      );
      await each(isGood, promotesAgain);
    },
  };
}

function verdictOf({ environments: { prod } }: ServiceState): FleetVerdict | undefined {
  return prod.deployment?.analysis?.verdict;
}

function isOver({ ended, environments: { prod } }: ServiceState, { rolloutId }: Playing): boolean {
  return ended.some(({ id }) => id === rolloutId) && prod.rollback === null && prod.deployment === null;
}

async function hasEnded(guarded: GuardedServices, one: Playing): Promise<boolean> {
  return isOver(await guarded.state(one.service), one);
}

async function askUntil(ask: (one: Playing) => Promise<void>, one: Playing, over: () => Promise<boolean>) {
  while (!(await over())) {
    await ask(one);
    await wait(ASK_EVERY_MS);
  }
}

/** So many requests at once; a failure inside the model is an answer. */
async function askProd(runtime: SageMakerRuntime, endpoint: string, requests: number): Promise<void> {
  const asked = Array.from({ length: requests }, async () => {
    try {
      await runtime.invokeEndpoint({ EndpointName: endpoint, ContentType: 'text/csv', Body: '1,female,29' });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ModelError') throw error;
    }
  });
  await Promise.all(asked);
}

async function endOf(guarded: GuardedServices, one: Playing, mark: number): Promise<Played> {
  const [state, seen] = await Promise.all([guarded.state(one.service), guarded.sagemaker.control.state()]);
  const rollout = state.ended.find(({ id }) => id === one.rolloutId);
  const events = guarded.events(one.service);
  const prod = seen.endpoints.find(({ EndpointName }) => EndpointName === prodOf(one.service));
  const [, version] = /-v(\d+)-/.exec(String(prod?.EndpointConfigName)) ?? [];
  const compared = events.filter((event) => event.type === 'FleetsCompared');
  return {
    outcome: rollout?.outcome,
    code: rollout?.reason?.code,
    verdict: compared.at(-1)?.verdict,
    rolledBack: state.endedRollbacks[0]?.ended?.reached ?? null,
    version: Number(version),
    status: String(prod?.EndpointStatus),
    calls: await guarded.prodCalls(one.service, mark),
    alarms: alarmsOn(await guarded.sagemaker.control.journal(mark), one.configName),
    kept: events.some(({ type }) => type === 'FleetServing'),
    answers: one.answers,
  };
}

function alarmsOn(journal: readonly JournalEntry[], configName: string): readonly string[] {
  const on = journal.flatMap((entry) => {
    if (entry.kind === 'alarm') return entry.to === 'ALARM' ? [entry.alarm] : [];
    if (entry.kind !== 'call' || entry.operation !== 'SetAlarmState' || entry.outcome !== 'accepted') return [];
    return entry.parameters.StateValue === 'ALARM' ? [String(entry.parameters.AlarmName)] : [];
  });
  const own = new Set(on.filter((name) => name.startsWith(`${configName}-`)));
  return [...own].map((name) => name.slice(configName.length + 1));
}
