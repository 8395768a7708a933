import { describe, expect, test } from 'vitest';
import { createTicks, createWindow, createWorkingHours, cronFault, isTimeZone, momentOf } from '../../src/calendar.ts';

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

describe('working hours', () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const office = createWorkingHours({ days, from: '09:00', to: '17:30', timeZone: 'Europe/Berlin' });

  test.each([
    ['a moment within is itself', '2026-11-20T16:29:59.000Z', '2026-11-20T16:29:59.000Z'],
    ['the first minute belongs to them', '2026-11-20T08:00:00.000Z', '2026-11-20T08:00:00.000Z'],
    ['the last one no more: the next working day', '2026-11-20T16:30:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['a night ends in the morning', '2026-11-18T23:00:00.000Z', '2026-11-19T08:00:00.000Z'],
    ['over the clocks going forward', '2027-03-26T17:00:00.000Z', '2027-03-29T07:00:00.000Z'],
    ['over the clocks going back', '2027-10-29T15:30:00.000Z', '2027-11-01T08:00:00.000Z'],
  ])('%s', (_, at, next) => {
    expect(iso(office(ms(at)))).toBe(next);
  });

  test('that begin in the hour that the clocks skip begin after it', () => {
    const night = createWorkingHours({ days: ['sun'], from: '02:30', to: '04:00', timeZone: 'Europe/Berlin' });
    const begins = night(ms('2027-03-28T00:00:00Z'));
    expect(begins).toBeGreaterThanOrEqual(ms('2027-03-28T01:00:00Z'));
    expect(begins).toBeLessThan(ms('2027-03-28T02:00:00Z'));
  });

  test('may last to the end of the day, and every day', () => {
    const evening = createWorkingHours({ days: ['sat', 'sun'], from: '20:00', to: '24:00', timeZone: 'UTC' });
    expect(iso(evening(ms('2026-11-21T23:59:59Z')))).toBe('2026-11-21T23:59:59.000Z');
    expect(iso(evening(ms('2026-11-22T00:00:00Z')))).toBe('2026-11-22T20:00:00.000Z');
  });
});

test('the last tick of a cron expression is by the clocks on the wall, and this very minute counts', () => {
  const daily = createTicks('0 6 * * *', 'Europe/Berlin');
  expect(iso(daily(ms('2027-03-27T05:00:00.000Z')))).toBe('2027-03-27T05:00:00.000Z');
  expect(iso(daily(ms('2027-03-28T03:59:59.999Z')))).toBe('2027-03-27T05:00:00.000Z');
  expect(iso(daily(ms('2027-03-28T04:00:00.000Z')))).toBe('2027-03-28T04:00:00.000Z');
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
