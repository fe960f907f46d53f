import { type Counting, count, type RulePackId } from '#libs/calendar';

interface Vector {
  readonly id: string;
  readonly rule: RulePackId;
  readonly after?: string;
  readonly before?: string;
  readonly period: string;
  readonly due: string;
  readonly mustNot?: readonly string[];
  readonly why: string;
}

// Worked examples, each with its authority; `mustNot` are the usual wrong answers.
const vectors: readonly Vector[] = [
  {
    id: 'D-01',
    rule: 'us.plain',
    after: '2024-04-24',
    period: 'P270D',
    due: '2025-01-19',
    mustNot: ['2025-01-21'],
    why: 'a Sunday: statutory effective dates do not roll',
  },
  {
    id: 'D-03',
    rule: 'us.plain',
    after: '2025-01-20',
    period: 'P75D',
    due: '2025-04-05',
    mustNot: ['2025-04-07', '2025-04-04'],
    why: 'EO 14166',
  },
  {
    id: 'D-07',
    rule: 'us.plain',
    after: '2025-09-25',
    period: 'P120D',
    due: '2026-01-23',
    mustNot: ['2026-01-22', '2026-01-20'],
    why: 'EO 14352, superseding 16 December 2025',
  },
  {
    id: 'D-08',
    rule: 'us.frcp6@2009',
    after: '2007-08-22',
    period: 'P10D',
    due: '2007-09-04',
    mustNot: ['2007-09-03'],
    why: 'the tenth day is a Saturday, then comes Labor Day (committee note of 2009)',
  },
  {
    id: 'D-09',
    rule: 'us.frcp6@2009',
    before: '2007-09-11',
    period: 'P10D',
    due: '2007-08-31',
    mustNot: ['2007-09-04'],
    why: 'backward periods roll backward',
  },
  {
    id: 'D-12a',
    rule: 'us.frcp6@pre-2009',
    after: '2010-01-05',
    period: 'P10D',
    due: '2010-01-20',
    why: 'periods under 11 days skipped weekends and holidays',
  },
  {
    id: 'D-12b',
    rule: 'us.frcp6@2009',
    after: '2010-01-05',
    period: 'P10D',
    due: '2010-01-15',
    why: 'since 2009 every day counts',
  },
  { id: 'D-14', rule: 'us.ofr', after: '2019-03-01', period: 'P90D', due: '2019-05-30', why: 'the day after is day 1' },
  {
    id: 'D-16',
    rule: 'us.ofr',
    after: '2019-03-27',
    period: 'P60D',
    due: '2019-05-28',
    why: 'a weekend, then Memorial Day',
  },
  {
    id: 'D-18',
    rule: 'eu.1182-71',
    after: '1998-03-12',
    period: 'P3W',
    due: '1998-04-02',
    why: 'C-171/03 Toeters: weeks end on the same weekday',
  },
  {
    id: 'D-20',
    rule: 'eu.1182-71',
    after: '2025-01-31',
    period: 'P1M',
    due: '2025-02-28',
    why: 'Art. 3(2)(c): a missing date becomes the last of the month',
  },
  {
    id: 'D-22',
    rule: 'eu.1182-71',
    after: '2026-01-09',
    period: 'P2D',
    due: '2026-01-13',
    mustNot: ['2026-01-12'],
    why: 'Art. 3(4), and the floor of two working days in Art. 3(5)',
  },
  {
    id: 'D-24',
    rule: 'eu.1182-71.dates',
    after: '2024-07-12',
    period: 'P20D',
    due: '2024-08-01',
    why: 'the 20th day following publication; never rolls',
  },
];

function countingOf({ rule, period, after, before }: Vector): Counting {
  const timeZone = rule.startsWith('us.') ? 'America/New_York' : 'Europe/Brussels';
  return after === undefined
    ? { rule, period, direction: 'before', trigger: before ?? '', timeZone }
    : { rule, period, direction: 'after', trigger: after, timeZone };
}

describe('a worked deadline', () => {
  it.each(vectors)('$id: $period by $rule is due on $due ($why)', (vector) => {
    const { due } = count(countingOf(vector));
    expect(due).toBe(vector.due);
    for (const wrong of vector.mustNot ?? []) expect(due).not.toBe(wrong);
  });

  it.each(vectors)('$id: its trace ends on the due date, and every step names an authority', (vector) => {
    const { due, trace } = count(countingOf(vector));
    expect(trace.at(-1)?.gives).toBe(due);
    for (const step of trace) expect(step.authority).not.toBe('');
  });

  it('counts on to the day when it starts from an instant, in the matter’s zone', () => {
    // 01:30 UTC on the 25th is still the 24th in New York.
    const signed = { rule: 'us.plain', period: 'P270D', direction: 'after', timeZone: 'America/New_York' } as const;
    expect(count({ ...signed, trigger: '2024-04-25T01:30:00Z' }).due).toBe('2025-01-19');
    expect(count({ ...signed, trigger: '2024-04-25T04:30:00Z' }).due).toBe('2025-01-20');
  });
});
