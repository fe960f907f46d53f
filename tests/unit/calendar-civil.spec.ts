import {
  addDays,
  addPeriod,
  civilDate,
  dayNumber,
  epochMs,
  isCivilDate,
  isInstant,
  parsePeriod,
  weekday,
} from '#libs/calendar';

describe('a civil date', () => {
  it.each(['2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'])('%s is a day', (date) =>
    expect(isCivilDate(date)).toBe(true),
  );

  it.each(['2025-02-29', '1900-02-29', '2025-02-30', '2025-13-01', '2025-00-10', '2025-04-31', '2025-04-00'])(
    '%s is no day',
    (date) => expect(isCivilDate(date)).toBe(false),
  );

  it.each([
    '0000-01-01',
    '10000-01-01',
    '2025-1-1',
    '20250101',
    '2025-01-01T00:00:00Z',
    ' 2025-01-01',
    '',
    20250101,
    null,
  ])('%p is not written as a day', (date) => expect(isCivilDate(date)).toBe(false));

  it('is numbered from 1970', () => {
    expect(dayNumber('1970-01-01')).toBe(0);
    expect(dayNumber('1969-12-31')).toBe(-1);
    expect(dayNumber('2000-03-01')).toBe(11_017);
    expect(civilDate(dayNumber('0001-01-01'))).toBe('0001-01-01');
    expect(civilDate(dayNumber('9999-12-31'))).toBe('9999-12-31');
  });

  it('does not leave the years 0001 to 9999', () => {
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
    expect(() => addDays('0001-01-01', -1)).toThrow(RangeError);
    expect(() => civilDate(Number.NaN)).toThrow(RangeError);
  });

  it('knows its weekday', () => {
    expect(weekday('2025-01-19')).toBe(7);
    expect(weekday('1970-01-01')).toBe(4);
    expect(weekday('0001-01-01')).toBe(1);
  });
});

describe('an instant', () => {
  it.each(['2025-01-19T12:00:00Z', '2025-01-19T12:00:00.123-05:00', '2024-02-29T00:00:00+14:00'])('%s is one', (text) =>
    expect(isInstant(text)).toBe(true),
  );

  it.each([
    '2025-02-30T00:00:00Z',
    '2025-01-19T24:00:00Z',
    '2025-01-19T12:60:00Z',
    '2016-12-31T23:59:60Z',
    '2025-01-19T12:00:00',
    '2025-01-19 12:00:00Z',
    '2025-01-19T12:00Z',
    '2025-01-19',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:00:00Z',
    42,
  ])('%p is none', (text) => expect(isInstant(text)).toBe(false));

  it('counts milliseconds, and cuts off finer fractions', () => {
    expect(epochMs('1970-01-01T00:00:00Z')).toBe(0);
    expect(epochMs('2025-01-19T00:00:00.5-05:00')).toBe(Date.parse('2025-01-19T05:00:00.500Z'));
    expect(epochMs('1969-12-31T23:59:59.9999999Z')).toBe(-1);
    expect(() => epochMs('yesterday')).toThrow(RangeError);
  });
});

describe('a period', () => {
  it('is read in calendar units or in hours', () => {
    const none = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0 };
    expect(parsePeriod('P270D')).toEqual({ ...none, days: 270 });
    expect(parsePeriod('P3M')).toEqual({ ...none, months: 3 });
    expect(parsePeriod('P2W')).toEqual({ ...none, weeks: 2 });
    expect(parsePeriod('P1Y6M')).toEqual({ ...none, years: 1, months: 6 });
    expect(parsePeriod('PT72H')).toEqual({ ...none, hours: 72 });
    expect(parsePeriod('PT1H30M')).toEqual({ ...none, hours: 1, minutes: 30 });
  });

  it.each([
    'P0D',
    'P-3D',
    '-P3D',
    'P1.5D',
    'P',
    'PT',
    'P1DT',
    'P1DT12H',
    'PT30S',
    '30 days',
    'p3d',
    'P1001Y',
    'P9999999D',
    3,
  ])('%p is none', (text) => expect(parsePeriod(text)).toBeUndefined());

  it('ends with the month where the month has no such date', () => {
    const month = { years: 0, months: 1, weeks: 0, days: 0, hours: 0, minutes: 0 };
    const year = { ...month, months: 0, years: 1 };
    expect(addPeriod('2025-01-31', month, 1)).toBe('2025-02-28');
    expect(addPeriod('2024-01-31', month, 1)).toBe('2024-02-29');
    expect(addPeriod('2025-03-31', month, -1)).toBe('2025-02-28');
    expect(addPeriod('2024-02-29', year, 1)).toBe('2025-02-28');
    expect(addPeriod('2024-02-29', { ...year, years: 4 }, 1)).toBe('2028-02-29');
    expect(addPeriod('2024-12-31', { ...month, months: 14 }, 1)).toBe('2026-02-28');
  });

  it('counts years and months first, then weeks and days', () =>
    expect(addPeriod('2025-01-31', { years: 0, months: 1, weeks: 1, days: 1, hours: 0, minutes: 0 }, 1)).toBe(
      '2025-03-08',
    ));
});
