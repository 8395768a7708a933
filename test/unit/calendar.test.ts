import { describe, expect, test } from 'vitest';
import { createWindow, cronFault, isTimeZone, momentOf } from '../../src/calendar.ts';

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
const ms = (text: string) => Date.parse(text);

describe('a window of the calendar', () => {
  const weekend = createWindow({ cron: '0 18 * * 5', hours: 62, timeZone: 'Europe/Berlin' });

  test.each([
    ['2026-11-20T16:59:59.999Z', null],
    ['2026-11-20T17:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    ['2026-11-22T12:00:00.000Z', '2026-11-23T07:00:00.000Z'],
    ['2026-11-23T07:00:00.000Z', null],
  ])('at %s ends %s', (at, ends) => {
    expect(iso(weekend(ms(at)))).toBe(ends);
  });

  test('begins by the clocks on the wall, summer and winter, and lasts real hours', () => {
    // The clocks go forward in the night to 2027-03-28, and back in the night to 2027-10-31.
    expect(iso(weekend(ms('2027-03-26T17:00:00Z')))).toBe('2027-03-29T07:00:00.000Z');
    expect(iso(weekend(ms('2027-04-02T16:00:00Z')))).toBe('2027-04-05T06:00:00.000Z');
    expect(iso(weekend(ms('2027-10-29T16:00:00Z')))).toBe('2027-11-01T06:00:00.000Z');
  });

  test('begins an hour later where the clocks skip its time, and once where they show it twice', () => {
    const night = createWindow({ cron: '30 2 * * *', hours: 1, timeZone: 'Europe/Berlin' });
    expect(night(ms('2027-03-28T00:59:59Z'))).toBeNull();
    expect(iso(night(ms('2027-03-28T01:00:00Z')))).toBe('2027-03-28T02:00:00.000Z');
    expect(iso(night(ms('2026-10-25T00:30:00Z')))).toBe('2026-10-25T01:30:00.000Z');
    expect(night(ms('2026-10-25T01:30:00Z'))).toBeNull();
  });

  test('of a longer time than until its next beginning never ends', () => {
    const always = createWindow({ cron: '0 0 * * *', hours: 25, timeZone: 'UTC' });
    for (let hour = 0; hour < 48; hour += 1)
      expect(always(ms('2026-11-23T00:30:00Z') + hour * 3_600_000)).not.toBeNull();
  });
});

test('a cron expression has five fields that mean something', () => {
  expect(cronFault('0 18 * * 5')).toBeNull();
  expect(cronFault('0 18 * *')).toMatch(/five fields/);
  expect(cronFault('0 0 18 * * 5')).toMatch(/five fields/);
  expect(cronFault('0 25 * * *')).not.toBeNull();
  expect(cronFault('never at all ok no')).not.toBeNull();
});

test('a time zone is one that this machine knows', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([true, false, false]);
});

test.each([
  [{ kind: 'clock', hour: 9, minute: 0 }, 'Europe/Berlin', '2026-11-25T08:00:00.000Z'],
  [{ kind: 'clock', hour: 23, minute: 30 }, 'Europe/Berlin', '2026-11-24T22:30:00.000Z'],
  [{ kind: 'clock', hour: 9, minute: 0 }, 'America/New_York', '2026-11-24T14:00:00.000Z'],
  [{ kind: 'date', date: '2027-06-01', hour: 9, minute: 0 }, 'Europe/Berlin', '2027-06-01T07:00:00.000Z'],
  [{ kind: 'instant', ms: Date.UTC(2026, 10, 25, 9) }, 'Europe/Berlin', '2026-11-25T09:00:00.000Z'],
] as const)('%j in %s is %s', (written, timeZone, means) => {
  expect(iso(momentOf(written, timeZone, ms('2026-11-24T12:00:00Z')))).toBe(means);
});
