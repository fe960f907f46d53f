import { type Counting, count, countsFromPublication, isRulePack, versions } from '#libs/calendar';

const newYork = { direction: 'after', timeZone: 'America/New_York' } as const;
const brussels = { rule: 'eu.1182-71', direction: 'after', timeZone: 'Europe/Brussels' } as const;

describe('a rule pack', () => {
  it('is known by its name', () => {
    expect(isRulePack('us.frcp6@pre-2009')).toBe(true);
    for (const other of ['us.frcp6', 'toString', '', null]) expect(isRulePack(other)).toBe(false);
  });

  it('says whether it counts from publication', () => {
    const ids = Object.keys(versions.rules).filter(isRulePack);
    expect(ids.filter(countsFromPublication)).toEqual(['us.ofr', 'eu.1182-71.dates']);
  });

  it('has a version, like the tz database', () => {
    for (const version of Object.values(versions.rules)) expect(version).toMatch(/^\d+$/);
    expect(versions.tzdb).toBe(process.versions['tz']);
  });
});

describe('a period in hours', () => {
  it('ends an hour earlier by the clock when clocks go back (committee note of 2009 to Rule 6(a)(2))', () => {
    const filed = { ...newYork, rule: 'us.frcp6@2009', period: 'PT72H', trigger: '2007-11-02T10:23:00-04:00' } as const;
    expect(count(filed)).toMatchObject({ due: '2007-11-05', instant: '2007-11-05T09:23:00-05:00', estimated: false });
  });

  it('goes on to the same time of the next day that is not off', () => {
    // 4 July 2025 is a Friday.
    const filed = { ...newYork, rule: 'us.frcp6@2009', period: 'PT48H', trigger: '2025-07-02T17:00:00-04:00' } as const;
    expect(count(filed)).toMatchObject({ due: '2025-07-07', instant: '2025-07-07T17:00:00-04:00' });
    expect(count({ ...filed, direction: 'before', trigger: '2025-07-06T17:00:00-04:00' })).toMatchObject({
      due: '2025-07-03',
      instant: '2025-07-03T17:00:00-04:00',
    });
  });

  it('does not roll under a statute', () =>
    expect(count({ ...newYork, rule: 'us.plain', period: 'PT24H', trigger: '2025-07-04T12:00:00-04:00' }).instant).toBe(
      '2025-07-05T12:00:00-04:00',
    ));

  it('starts, in the Union, with the hour after that of the event, and does not roll (Art. 3(1), 3(4))', () => {
    const { due, instant } = count({ ...brussels, period: 'PT24H', trigger: '2026-02-06T10:20:00+01:00' });
    expect([due, instant]).toEqual(['2026-02-07', '2026-02-07T11:00:00+01:00']);
    expect(
      count({ ...brussels, direction: 'before', period: 'PT24H', trigger: '2026-02-06T10:20:00+01:00' }).instant,
    ).toBe('2026-02-05T10:00:00+01:00');
  });

  it('warns where the two-working-day floor might reach it', () => {
    const friday = { ...brussels, period: 'PT72H', trigger: '2026-02-06T22:30:00+01:00' } as const;
    expect(count(friday).warnings.join()).toContain('Art. 3(5)');
    expect(count({ ...friday, trigger: '2026-02-03T10:20:00+01:00' }).warnings.join()).not.toContain('Art. 3(5)');
  });

  it('is an estimate when the hour of the event is unknown', () => {
    const counted = count({ ...newYork, rule: 'us.plain', period: 'PT24H', trigger: '2025-07-01' });
    expect(counted).toMatchObject({ due: '2025-07-02', estimated: true });
    expect(counted.warnings.join()).toContain('hour of the event');
  });

  it('names the tz database in its trace', () => {
    const { trace } = count({ ...newYork, rule: 'us.plain', period: 'PT24H', trigger: '2025-07-04T12:00:00-04:00' });
    expect(trace.at(-1)?.authority).toContain(`tz ${versions.tzdb}`);
  });
});

describe('Regulation 1182/71', () => {
  it('moves the last day on, but not back (Art. 3(4))', () => {
    expect(count({ ...brussels, period: 'P10D', trigger: '2026-02-04' }).due).toBe('2026-02-16');
    expect(count({ ...brussels, direction: 'before', period: 'P10D', trigger: '2026-02-18' }).due).toBe('2026-02-08');
  });

  it('gives a period of one day no floor, and one of two days two working days (Art. 3(5))', () => {
    expect(count({ ...brussels, period: 'P1D', trigger: '2026-02-06' }).due).toBe('2026-02-09');
    expect(count({ ...brussels, period: 'P2D', trigger: '2026-02-06' }).due).toBe('2026-02-10');
    expect(count({ ...brussels, period: 'P3D', trigger: '2026-02-06' }).due).toBe('2026-02-10');
  });

  it('reaches the floor backwards too: 3(5) has no exception for periods counted back', () =>
    expect(count({ ...brussels, direction: 'before', period: 'P2D', trigger: '2026-02-09' }).due).toBe('2026-02-05'));

  it('gives a week at the end of the year its two working days', () =>
    expect(count({ ...brussels, period: 'P1W', trigger: '2024-12-23' }).due).toBe('2025-01-06'));

  it('uses the Member State’s holidays when told so', () => {
    const period = { ...brussels, period: 'P7D', trigger: '2025-07-07' } as const;
    expect(count(period).due).toBe('2025-07-14');
    expect(count({ ...period, calendar: 'FR' }).due).toBe('2025-07-15');
  });

  it('says that the month had no such date', () => {
    const { trace } = count({ ...brussels, rule: 'eu.1182-71.dates', period: 'P1M', trigger: '2025-01-31' });
    expect(trace.map(({ step }) => step)).toContain('that month has no such date: its last day');
  });
});

describe('the rules of the Federal Register and before 2009', () => {
  it('roll a backward count back, and say that the text is silent', () => {
    const monday = { ...newYork, direction: 'before', period: 'P11D', trigger: '2019-06-06' } as const;
    // 26 May 2019 is a Sunday.
    for (const rule of ['us.ofr', 'us.frcp6@pre-2009'] as const) {
      const counted = count({ ...monday, rule });
      expect(counted.due).toBe('2019-05-24');
      expect(counted.warnings.join()).toContain('counted backwards');
    }
  });

  it('skipped days off only in periods under 11 days', () => {
    const filed = { ...newYork, rule: 'us.frcp6@pre-2009', trigger: '2010-01-05' } as const;
    expect(count({ ...filed, period: 'P10D' }).due).toBe('2010-01-20');
    expect(count({ ...filed, period: 'P11D' }).due).toBe('2010-01-19');
    expect(count({ ...filed, period: 'P1W' }).due).toBe('2010-01-14');
  });
});

describe('a year without a calendar', () => {
  it('gives an estimate, and names calendar and year', () => {
    const counted = count({ ...brussels, period: 'P3W', trigger: '1998-03-12' });
    expect(counted).toMatchObject({ due: '1998-04-02', estimated: true });
    expect(counted.warnings).toEqual([expect.stringMatching(/eu\.institutions.*1998/)]);
    expect(count({ ...newYork, rule: 'us.ofr', period: 'P30D', trigger: '2060-01-05' }).estimated).toBe(true);
    expect(count({ ...brussels, calendar: 'FR', period: 'P30D', trigger: '2040-01-05' }).estimated).toBe(true);
  });

  it('is not missed by a pack that never looks at one', () => {
    expect(count({ ...newYork, rule: 'us.plain', period: 'P30D', trigger: '1900-01-05' }).estimated).toBe(false);
    expect(count({ ...brussels, rule: 'eu.1182-71.dates', period: 'P30D', trigger: '1900-01-05' }).estimated).toBe(
      false,
    );
  });

  it('is not missed when only days of another year were asked for', () =>
    expect(count({ ...newYork, rule: 'us.ofr', period: 'P30D', trigger: '1970-12-20' }).estimated).toBe(false));

  it('is not missed when a period only began in it', () =>
    expect(count({ ...brussels, period: 'P3M', trigger: '2022-12-30' }).estimated).toBe(false));

  it('still knows its Saturdays and Sundays', () =>
    expect(count({ ...newYork, rule: 'us.ofr', period: 'P1D', trigger: '1960-01-01' }).due).toBe('1960-01-04'));

  it('is one thing, a year whose one-off closings are not yet known another: that is a warning', () => {
    const counted = count({ ...newYork, rule: 'us.ofr', period: 'P30D', trigger: '2030-01-02' });
    expect(counted).toMatchObject({ due: '2030-02-01', estimated: false });
    expect(counted.warnings.join()).toContain('closings by executive order');
  });
});

describe('a malformed counting', () => {
  const sound: Counting = { ...newYork, rule: 'us.plain', period: 'P1D', trigger: '2025-01-01' };
  // Counting comes from records that another version may have written.
  const broken: [string, object][] = [
    ['rule', { rule: 'us.frcp6' }],
    ['period', { period: 'P0D' }],
    ['direction', { direction: 'sideways' }],
    ['trigger', { trigger: '2025-02-30' }],
    ['time zone', { trigger: '2025-01-01T00:00:00Z', timeZone: '+02:00' }],
    ['calendar', { rule: 'eu.1182-71', calendar: 'GB' }],
    ['year', { trigger: '9999-12-31' }],
  ];

  it.each(broken)('is refused: its %s', (_what, change) =>
    expect(() => count({ ...sound, ...change })).toThrow(RangeError),
  );

  it('is not one that names a calendar for a pack without choice: that is a warning', () =>
    expect(count({ ...sound, calendar: 'FR' }).warnings.join()).toContain('FR was not used'));
});
