import { addDays, type CivilDate, count, isHolidayCalendar, versions } from '#libs/calendar';

/** Where the first day of a one-day period lands under 1 CFR 18.17: itself, unless it is off. */
function businessDay(date: CivilDate): CivilDate {
  const trigger = addDays(date, -1);
  return count({ rule: 'us.ofr', period: 'P1D', direction: 'after', trigger, timeZone: 'America/New_York' }).due;
}

function workingDay(date: CivilDate, calendar: string): CivilDate {
  const trigger = addDays(date, -1);
  const timeZone = 'Europe/Brussels';
  return count({ rule: 'eu.1182-71', period: 'P1D', direction: 'after', trigger, timeZone, calendar }).due;
}

describe('a federal holiday', () => {
  it.each([
    ['2025-01-01', '2025-01-02', 'New Year’s Day'],
    ['2025-01-20', '2025-01-21', 'Martin Luther King, Jr.'],
    ['2025-02-17', '2025-02-18', 'Washington’s Birthday'],
    ['2025-05-26', '2025-05-27', 'Memorial Day'],
    ['2025-06-19', '2025-06-20', 'Juneteenth'],
    ['2025-07-04', '2025-07-07', 'Independence Day'],
    ['2025-09-01', '2025-09-02', 'Labor Day'],
    ['2025-10-13', '2025-10-14', 'Columbus Day'],
    ['2025-11-11', '2025-11-12', 'Veterans Day'],
    ['2025-11-27', '2025-11-28', 'Thanksgiving Day'],
    ['2023-12-25', '2023-12-26', 'Christmas Day'],
  ])('%s moves to %s: %s', (date, next) => expect(businessDay(date)).toBe(next));

  it.each([
    ['2021-06-18', '2021-06-21', 'Juneteenth 2021 was a Saturday, kept on Friday'],
    ['2021-12-31', '2022-01-03', 'New Year’s Day 2022 was a Saturday, kept in the old year'],
    ['2022-12-26', '2022-12-27', 'Christmas 2022 was a Sunday, kept on Monday'],
    ['2020-07-03', '2020-07-06', 'Independence Day 2020 was a Saturday'],
  ])('%s moves to %s: %s', (date, next) => expect(businessDay(date)).toBe(next));

  it.each([
    ['2020-06-19', 'Juneteenth was not a holiday before 2021'],
    ['1985-01-21', 'nor Dr. King’s birthday before 1986'],
    ['1977-11-11', 'nor 11 November from 1971 to 1977'],
    ['2017-01-20', 'nor is Inauguration Day outside Washington'],
    ['2009-12-24', 'nor is a half-day closing'],
  ])('%s is a business day: %s', (date) => expect(businessDay(date)).toBe(date));

  it('was kept on the fourth Monday of October as Veterans Day from 1971 to 1977', () => {
    expect(businessDay('1976-10-25')).toBe('1976-10-26');
    expect(businessDay('1978-10-23')).toBe('1978-10-23');
  });

  it.each([
    ['2004-06-11', '2004-06-14', 'mourning for President Reagan'],
    ['2007-01-02', '2007-01-03', 'mourning for President Ford'],
    ['2012-12-24', '2012-12-26', 'E.O. 13633'],
    ['2018-12-05', '2018-12-06', 'mourning for President Bush, E.O. 13852'],
    ['2024-12-24', '2024-12-26', 'E.O. 14129'],
    ['2025-01-09', '2025-01-10', 'mourning for President Carter'],
    ['2025-12-24', '2025-12-29', 'E.O. 14371, before and after Christmas'],
  ])('%s moves to %s by executive order: %s', (date, next) => expect(businessDay(date)).toBe(next));

  it('is named in the trace with its authority and the calendar’s version', () => {
    const { trace } = count({
      rule: 'us.frcp6@2009',
      period: 'P14D',
      direction: 'after',
      trigger: '2018-12-10',
      timeZone: 'America/New_York',
    });
    const roll = trace.find(({ authority }) => authority.startsWith('Fed. R. Civ. P. 6(a)(1)(C)'));
    expect(roll?.step).toContain('2018-12-24 is off (executive branch closed, E.O. 13854)');
    expect(roll?.gives).toBe('2018-12-26');
    expect(roll?.authority).toContain(versions.calendars['us.federal']);
  });
});

describe('a holiday calendar', () => {
  it.each(['eu.institutions', 'institutions', 'FR', 'DE', 'IE', 'GR', 'EL'])('%s may be named', (id) =>
    expect(isHolidayCalendar(id)).toBe(true),
  );

  it.each(['us.federal', 'GB', 'fr', 'toString', '', undefined, 7])('%p may not', (id) =>
    expect(isHolidayCalendar(id)).toBe(false),
  );

  it.each([
    ['2024-05-10', 'eu.institutions', '2024-05-13', 'the day after Ascension'],
    ['2024-12-23', 'institutions', '2025-01-03', 'the end of the year'],
    ['2023-11-02', 'eu.institutions', '2023-11-03', 'All Souls'],
    ['2025-07-14', 'FR', '2025-07-15', 'the Fête nationale'],
    ['2025-10-03', 'DE', '2025-10-06', 'German Unity Day'],
    ['2025-06-20', 'SE', '2025-06-23', 'Midsummer Eve, a day off by statute'],
    ['2025-12-31', 'NL', '2025-12-31', 'New Year’s Eve, no day off'],
    ['2025-04-18', 'FR', '2025-04-18', 'Good Friday, no day off in most of France'],
    ['2025-04-18', 'GR', '2025-04-22', 'the Orthodox Easter, the same that year'],
  ])('%s in %s moves to %s: %s', (date, calendar, next) => expect(workingDay(date, calendar)).toBe(next));

  it('has a version', () => {
    expect(versions.calendars['us.federal']).toContain('1971–2050');
    expect(versions.calendars['eu.institutions']).toContain('OJ C 440');
    expect(versions.calendars['FR']).toMatch(/^FR: date-holidays \d/);
    expect(Object.keys(versions.calendars)).toHaveLength(29);
  });
});
