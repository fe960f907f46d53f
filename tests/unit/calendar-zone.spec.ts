import { DAY, dateInZone, dayOf, endOfDay, epochMs, instantOf, isTimeZone, momentOf, startOfDay } from '#libs/calendar';

const HOUR = 3_600_000;

/** Milliseconds from the start of a civil day to an instant in it. */
function into(instant: string, timeZone: string): number {
  const moment = momentOf(instant, timeZone);
  return moment - startOfDay(dayOf(moment));
}

describe('a time zone', () => {
  it.each(['UTC', 'America/New_York', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5'])(
    '%s is one',
    (id) => expect(isTimeZone(id)).toBe(true),
  );

  it.each(['+02:00', 'Z', '', 'EST', 'IST', 'utc', 'Mars/Olympus', 'europe/london', 'SystemV/PST8PDT'])(
    '%p is none',
    (id) => expect(isTimeZone(id)).toBe(false),
  );
});

describe('a moment', () => {
  it('needs no time zone to stand for a civil date', () => {
    expect(dayOf(startOfDay('2025-01-19'))).toBe('2025-01-19');
    expect(dayOf(endOfDay('2025-01-19'))).toBe('2025-01-19');
    expect(endOfDay('2025-01-19') + 1).toBe(startOfDay('2025-01-20'));
  });

  it('lies in the day that local clocks show', () => {
    expect(dayOf(momentOf('2025-01-20T04:59:59Z', 'America/New_York'))).toBe('2025-01-19');
    expect(dayOf(momentOf('2025-01-20T05:00:00Z', 'America/New_York'))).toBe('2025-01-20');
    expect(dateInZone(epochMs('2025-01-20T05:00:00Z'), 'Europe/London')).toBe('2025-01-20');
  });

  it('keeps counting through the repeated hour of a 25-hour day', () => {
    expect(into('2025-11-02T01:30:00-04:00', 'America/New_York')).toBe(1.5 * HOUR);
    expect(into('2025-11-02T01:30:00-05:00', 'America/New_York')).toBe(2.5 * HOUR);
    expect(into('2025-11-02T23:59:00-05:00', 'America/New_York')).toBe(25 * HOUR - 60_000);
    expect(into('2025-10-26T01:30:00+00:00', 'Europe/London')).toBe(2.5 * HOUR);
  });

  it('misses an hour on a 23-hour day', () => {
    expect(into('2025-03-09T03:00:00-04:00', 'America/New_York')).toBe(2 * HOUR);
    expect(into('2025-03-30T02:00:00+01:00', 'Europe/London')).toBe(HOUR);
  });

  it('starts the day at 01:00 where midnight was skipped', () => {
    expect(into('2017-10-15T01:00:00-02:00', 'America/Sao_Paulo')).toBe(0);
    expect(dayOf(momentOf('2017-10-15T02:59:59Z', 'America/Sao_Paulo'))).toBe('2017-10-14');
    expect(into('2022-03-27T01:00:00+03:00', 'Asia/Beirut')).toBe(0);
    expect(instantOf(startOfDay('2017-10-15'), 'America/Sao_Paulo')).toBe('2017-10-15T01:00:00-02:00');
  });

  it('has nothing in a day that never was: Samoa went from 29 to 31 December 2011', () => {
    const last = momentOf('2011-12-29T23:59:59.999-10:00', 'Pacific/Apia');
    const next = momentOf('2011-12-31T00:00:00+14:00', 'Pacific/Apia');
    expect([dayOf(last), dayOf(next)]).toEqual(['2011-12-29', '2011-12-31']);
    expect(epochMs('2011-12-31T00:00:00+14:00') - epochMs('2011-12-29T23:59:59.999-10:00')).toBe(1);
    expect(instantOf(startOfDay('2011-12-30'), 'Pacific/Apia')).toBe('2011-12-31T00:00:00+14:00');
  });

  it('stays in its day when a day lasted 47 hours: Kwajalein, 30 September 1969', () => {
    const timeZone = 'Pacific/Kwajalein';
    const end = momentOf('1969-10-01T11:59:59Z', timeZone);
    expect(dayOf(end)).toBe('1969-09-30');
    expect(end - startOfDay('1969-09-30')).toBe(47 * HOUR - 1000);
    expect(end).toBeLessThan(startOfDay('1969-09-30') + DAY);
    expect(dayOf(momentOf('1969-10-01T12:00:00Z', timeZone))).toBe('1969-10-01');
  });

  it('does not let days interleave where clocks went back across midnight', () => {
    // St John's put clocks back from 00:01 on 1 November 1987 … 2010 to 23:01 the day before.
    const timeZone = 'America/St_Johns';
    const before = momentOf('2010-11-07T00:00:30-02:30', timeZone);
    const after = momentOf('2010-11-06T23:30:00-03:30', timeZone);
    expect(before).toBeLessThan(after);
    expect([dayOf(before), dayOf(after)]).toEqual(['2010-11-06', '2010-11-06']);
    expect(instantOf(before, timeZone)).toBe('2010-11-07T00:00:30-02:30');
  });

  it('prints with the offset of its time', () => {
    expect(instantOf(momentOf('2025-07-01T12:00:00Z', 'America/New_York'), 'America/New_York')).toBe(
      '2025-07-01T08:00:00-04:00',
    );
    expect(instantOf(endOfDay('2025-01-19'), 'America/New_York')).toBe('2025-01-19T23:59:59.999-05:00');
    expect(instantOf(endOfDay('2025-11-02'), 'America/New_York')).toBe('2025-11-02T23:59:59.999-05:00');
    expect(instantOf(momentOf('2025-01-01T00:00:00Z', 'UTC'), 'UTC')).toBe('2025-01-01T00:00:00+00:00');
  });

  it('rounds the offsets of local mean time to minutes, and keeps the instant', () => {
    const printed = instantOf(momentOf('1850-06-01T12:00:00Z', 'America/New_York'), 'America/New_York');
    expect(printed).toBe('1850-06-01T07:04:00-04:56');
    expect(epochMs(printed)).toBe(epochMs('1850-06-01T12:00:00Z'));
  });

  it('refuses what is no instant and no zone', () => {
    expect(() => momentOf('2025-02-30T00:00:00Z', 'UTC')).toThrow(RangeError);
    expect(() => momentOf('2025-02-28T00:00:00Z', 'Mars/Olympus')).toThrow(RangeError);
  });
});
