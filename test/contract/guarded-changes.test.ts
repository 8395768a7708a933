import { beforeAll, describe, expect, test } from 'vitest';
import { type Played, playGuardedChanges, type Row } from '../support/guarded-changes.ts';

/*
 * Each strategy with each candidate, and people at each phase: what the record and SageMaker must say at the end.
 * All rows are played at once, each as a service of its own, on one emulator: test/support/guarded-changes.ts.
 */

const strategies = ['all-at-once', 'canary', 'linear', 'rolling'] as const;
const stepwise = ['canary', 'linear', 'rolling'] as const;
const keeping = ['all-at-once', 'canary', 'linear'] as const;

const rows: readonly Row[] = [
  ...strategies.flatMap((strategy): Row[] => [
    { strategy, candidate: 'good', ends: 'promoted, known to be fine' },
    { strategy, candidate: 'hardly asked', ends: 'promoted, not known to be fine' },
    { strategy, candidate: 'failing', ends: 'taken back by the alarm on errors' },
    { strategy, candidate: 'slow', ends: 'taken back by the alarm on latency' },
    { strategy, candidate: 'worse than the old one', ends: 'taken back by titanic' },
    { strategy, candidate: 'worse than the old one', person: 'snoozes it', ends: 'promoted, known to be worse' },
    { strategy, candidate: 'worse than the old one', person: 'rolls it back', ends: 'taken back by a person' },
    { strategy, candidate: 'good', person: 'rolls back while it starts', ends: 'taken back by a person' },
  ]),
  ...stepwise.map((strategy): Row => {
    return { strategy, candidate: 'good', person: 'rolls back while it bakes', ends: 'taken back by a person' };
  }),
  ...keeping.map((strategy): Row => {
    return { strategy, candidate: 'good', person: 'rolls back in the kept hour', ends: 'taken back by a person' };
  }),
  { strategy: 'linear', candidate: 'good', person: 'cancels while it bakes', ends: 'cancelled' },
];

/** What the record and SageMaker say then. `alarms` of the new fleet are all that were on at any time. */
const ENDS: Readonly<Record<Row['ends'], Partial<Played>>> = {
  'promoted, known to be fine': { outcome: 'promoted', verdict: 'fine', rolledBack: null, version: 3, alarms: [] },
  'promoted, not known to be fine': {
    outcome: 'promoted',
    verdict: 'inconclusive',
    rolledBack: null,
    version: 3,
    alarms: [],
  },
  'promoted, known to be worse': { outcome: 'promoted', verdict: 'worse', rolledBack: null, version: 3, alarms: [] },
  'taken back by the alarm on errors': {
    outcome: 'failed',
    code: 'rolled-back-by-alarm',
    rolledBack: null,
    version: 1,
    alarms: ['errors'],
  },
  'taken back by the alarm on latency': {
    outcome: 'failed',
    code: 'rolled-back-by-alarm',
    rolledBack: null,
    version: 1,
    alarms: ['latency'],
  },
  'taken back by titanic': {
    outcome: 'failed',
    code: 'fleet-worse',
    verdict: 'worse',
    rolledBack: true,
    version: 1,
    alarms: ['kill-switch'],
  },
  'taken back by a person': { outcome: 'rolled-back', rolledBack: true, version: 1, alarms: ['kill-switch'] },
  cancelled: { outcome: 'cancelled', version: 1, alarms: ['kill-switch'] },
};

/** What whoever acts is answered; a good one is promoted three times more while it is under way and when it is over. */
function answersTo({ candidate, person }: Row): readonly string[] {
  switch (person) {
    case undefined:
      return candidate === 'good' ? ['already-decided', 'already-decided', 'already-decided'] : [];
    case 'snoozes it':
      return ['auto-rollback-snoozed'];
    case 'cancels while it bakes':
      return ['cancel-going-back'];
    default:
      return ['rollback-by-kill-switch'];
  }
}

describe('a guarded change of prod', { timeout: 60_000 }, () => {
  let played: ReadonlyMap<Row, Played>;
  beforeAll(async () => {
    played = await playGuardedChanges(rows);
  }, 60_000);

  const named = rows.map((row) => {
    const who = row.person === undefined ? 'and nobody is there' : `and somebody ${row.person}`;
    return [`${row.strategy}, the candidate ${row.candidate}, ${who}: ${row.ends}`, row] as const;
  });
  test.each(named)('%s', (_sentence, row) => {
    expect(played.get(row)).toMatchObject({
      ...ENDS[row.ends],
      status: 'InService',
      calls: ['UpdateEndpoint'],
      answers: answersTo(row),
      ...(row.person === 'rolls back in the kept hour' ? { kept: true } : {}),
    });
  });
});
