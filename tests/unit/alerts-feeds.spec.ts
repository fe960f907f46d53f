import { describe, expect, it } from '@jest/globals';
import { parseFeed } from '@rowanmanning/feed-parser';
import * as fc from 'fast-check';
import ICAL from 'ical.js';
import { type CalendarAbout, deadlineCalendar, type FeedAbout, type FeedEvent, recordFeed } from '#libs/alerts';
import type { Deadline, DeadlineState } from '#libs/matter';

const asOf = '2025-05-01T12:00:00.000Z';
const about: CalendarAbout = { name: 'Deadlines', asOf };

function deadline(more: Partial<Deadline> = {}): Deadline {
  return {
    id: 'tiktok-forbearance.until',
    matter: 'us-tiktok',
    title: 'End of tiktok-forbearance',
    kind: 'pause-end',
    obligated: ['doj'],
    due: { date: '2025-06-19', timeZone: 'America/New_York', inclusive: 'unstated' },
    state: 'extended',
    movedBy: 'eo-14258',
    history: [
      { due: '2025-04-05', entry: 'eo-14166' },
      { due: '2025-06-19', entry: 'eo-14258' },
    ],
    trace: [{ step: 'P75D after 2025-04-05', gives: '2025-06-19', authority: 'EO 14258 §2(a)' }],
    ...more,
  };
}

function parsed(text: string): ICAL.Component {
  // The grammar alone (RFC 5545 §3.1): ical.js forgives what others do not.
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  return new ICAL.Component(ICAL.parse(text));
}

function event(one: Deadline, more: Partial<CalendarAbout> = {}): ICAL.Component {
  const found = parsed(deadlineCalendar([one], { ...about, ...more })).getFirstSubcomponent('vevent');
  if (!found) throw new Error('There is no event.');
  return found;
}

const value = (component: ICAL.Component, name: string): string => String(component.getFirstPropertyValue(name) ?? '');

describe('a calendar', () => {
  it('has one event for a deadline, under a UID that stays, on the whole day', () => {
    const found = event(deadline());
    expect(value(found, 'uid')).toBe('us-tiktok.tiktok-forbearance.until@inforce');
    expect(value(found, 'dtstart')).toBe('2025-06-19');
    expect(found.getFirstProperty('dtstart')?.type).toBe('date');
    expect(value(found, 'sequence')).toBe('1');
    expect(value(found, 'status')).toBe('CONFIRMED');
    expect(value(found, 'transp')).toBe('TRANSPARENT');
    expect(value(found, 'summary')).toBe('End of tiktok-forbearance');
    expect(value(found, 'description')).toContain(`As of ${asOf}.`);
    expect(value(found, 'description')).toContain('Its dates so far: 2025-04-05, 2025-06-19.');
    expect(value(found, 'dtstamp')).toBe('2025-05-01T12:00:00Z');
  });

  it('says how often to ask, and as of when it is', () => {
    const calendar = parsed(deadlineCalendar([deadline()], about));
    expect(value(calendar, 'refresh-interval')).toBe('PT1H');
    expect(value(calendar, 'x-wr-caldesc')).toContain(asOf);
    expect(value(calendar, 'version')).toBe('2.0');
    expect(calendar.getFirstProperty('method')).toBeNull();
  });

  it('rings a week and a day before, at nine in the morning, for what is ahead only', () => {
    const alarms = event(deadline()).getAllSubcomponents('valarm');
    const triggers = alarms.map((alarm) => [value(alarm, 'action'), value(alarm, 'trigger')]);
    expect(triggers).toEqual([
      ['DISPLAY', '-P6DT15H'],
      ['DISPLAY', '-PT15H'],
    ]);
    for (const state of ['met', 'lapsed', 'reached', 'vacated'] as const)
      expect(event(deadline({ state })).getAllSubcomponents('valarm')).toEqual([]);
  });

  it.each([
    ['withdrawn', 'CANCELLED'],
    ['vacated', 'CANCELLED'],
    ['moot', 'CANCELLED'],
    ['superseded', 'CANCELLED'],
    ['estimated', 'TENTATIVE'],
    ['met', 'CONFIRMED'],
    ['lapsed', 'CONFIRMED'],
    ['scheduled', 'CONFIRMED'],
  ] as const)('keeps what is %s, as %s', (state, status) => {
    const found = event(deadline({ state }));
    expect([value(found, 'status'), value(found, 'dtstart')]).toEqual([status, '2025-06-19']);
  });

  it('takes back the day of what has none any more, and has no event for what never had one', () => {
    const waiting: Partial<Deadline> = { due: null, state: 'waiting', contingent: 'the mandate' };
    const found = event(
      deadline({
        ...waiting,
        history: [
          { due: '2025-04-05', entry: 'a' },
          { due: null, entry: 'b' },
        ],
      }),
    );
    expect([value(found, 'status'), value(found, 'dtstart')]).toEqual(['CANCELLED', '2025-04-05']);
    expect(value(found, 'description')).toContain('it waits for the mandate');
    const never = deadlineCalendar([deadline({ ...waiting, history: [] })], about);
    expect(parsed(never).getAllSubcomponents('vevent')).toEqual([]);
  });

  it('has an hour, in UTC, only for what has one', () => {
    const due: Deadline['due'] = {
      date: '2025-06-19',
      instant: '2025-06-19T17:00:00-04:00',
      timeZone: 'America/New_York',
      inclusive: 'yes',
    };
    const found = event(deadline({ due }));
    expect(found.getFirstProperty('dtstart')?.type).toBe('date-time');
    expect(value(found, 'dtstart')).toBe('2025-06-19T21:00:00Z');
    // At the same hour of the day: from five in the afternoon, nine in the morning would be two at night.
    const triggers = found.getAllSubcomponents('valarm').map((alarm) => value(alarm, 'trigger'));
    expect(triggers).toEqual(['-P7D', '-P1D']);
  });

  it('is the same for the same record', () => {
    expect(deadlineCalendar([deadline()], about)).toBe(deadlineCalendar([deadline()], about));
  });

  it('may be of a day’s end, and may say where its deadlines are read', () => {
    const found = event(deadline(), {
      asOf: '2025-05-01',
      link: ({ matter }) => `https://example.com/${matter}?a=b;c,d`,
    });
    expect(value(found, 'dtstamp')).toBe('2025-05-01T23:59:59Z');
    expect(value(found, 'url')).toBe('https://example.com/us-tiktok?a=b%3Bc%2Cd');
  });

  it('carries any words, folded at 75 octets, and lets none of them become a line of their own', () => {
    const words = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(words, words, (title, name) => {
        const calendar = parsed(deadlineCalendar([deadline({ title })], { ...about, name }));
        const [found] = calendar.getAllSubcomponents('vevent');
        // oxlint-disable-next-line no-control-regex -- what iCalendar cannot carry
        const kept = title.toWellFormed().replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/g, '');
        expect(found && value(found, 'summary')).toBe(kept.replaceAll(/\r\n?/g, '\n'));
        expect(calendar.getAllProperties('x-wr-calname').length).toBeLessThanOrEqual(1);
      }),
    );
    const long = 'Прекращение действия моратория 🇺🇸, часть; вторая\\третья '.repeat(20);
    expect(value(event(deadline({ title: long })), 'summary')).toBe(long);
    const hostile = 'x\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT';
    const calendar = parsed(deadlineCalendar([deadline({ title: hostile })], { ...about, name: hostile }));
    expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1);
  });

  it('has a valid event for every state there is', () => {
    const states: DeadlineState[] = ['met', 'withdrawn', 'vacated', 'moot', 'superseded', 'waiting', 'estimated'];
    const all = states.map((state, index) => deadline({ state, id: `d${index}` }));
    const events = parsed(deadlineCalendar(all, about)).getAllSubcomponents('vevent');
    expect(new Set(events.map((each) => value(each, 'uid'))).size).toBe(states.length);
  });
});

const feedAbout: FeedAbout = {
  matter: { id: 'us-tiktok', title: 'TikTok: divest & <ban>' },
  asOf,
  link: 'https://example.com/v1/matters/us-tiktok',
  self: 'https://example.com/v1/matters/us-tiktok/feed.atom',
  asKnown: (recordedAt) => `https://example.com/v1/matters/us-tiktok/status?knownAt=${encodeURIComponent(recordedAt)}`,
};

const events: readonly FeedEvent[] = [
  {
    id: '01930000-0000-7000-8000-000000000001',
    type: 'MatterOpened',
    recordedAt: '2025-01-01T00:00:00.000Z',
    data: { title: 'TikTok' },
  },
  {
    id: '01930000-0000-7000-8000-000000000002',
    type: 'ExecutiveActIssued',
    recordedAt: '2025-01-20T17:00:00.123Z',
    data: {
      title: 'EO 14166: “no enforcement” <b>for</b> 75 days & more ]]>',
      occurredOn: '2025-01-20',
      author: { name: 'President' },
      instrument: { citation: '90 FR 8611' },
      sources: [
        { title: 'EO', publisher: 'The White House', url: 'https://example.com/?a=1&b="2"' },
        { title: 'A script', publisher: 'Nobody', url: 'javascript:alert(1)' },
      ],
    },
  },
  {
    id: '01930000-0000-7000-8000-000000000003',
    type: 'EntryCorrected',
    recordedAt: '2025-02-01T00:00:00.000Z',
    data: { entry: 'eo-14166', reason: 'a typo' },
  },
];

/** The elements of this name, with what stands in them. */
const elements = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map(([, inner = '']) => inner);

describe('an Atom feed', () => {
  const xml = recordFeed(events, feedAbout);

  it('has one entry for each event, the newest first, as an independent parser reads it', () => {
    const feed = parseFeed(xml);
    expect(feed.meta).toMatchObject({ type: 'atom', version: '1.0' });
    expect(feed.title).toBe('TikTok: divest & <ban>');
    expect(feed.self).toBe(feedAbout.self);
    expect(feed.items.map(({ id }) => id)).toEqual(events.map(({ id }) => `urn:uuid:${id}`).toReversed());
    expect(feed.items.map(({ updated }) => updated?.toISOString())).toEqual(
      events.map(({ recordedAt }) => recordedAt).toReversed(),
    );
    expect(feed.items[0]?.title).toBe('Correction of eo-14166: a typo');
    expect(feed.items[2]?.title).toBe('Matter opened: TikTok');
    expect(feed.items[1]?.url).toBe(feedAbout.asKnown('2025-01-20T17:00:00.123Z'));
  });

  it('has what RFC 4287 demands of a feed and of each entry', () => {
    const [feed = '', ...entries] = xml.split('<entry>');
    expect(xml).toContain('<feed xmlns="http://www.w3.org/2005/Atom">');
    // §4.1.1: exactly one id, title and updated; an author, since the entries have none; one self link.
    for (const name of ['id', 'title', 'updated', 'author']) expect(elements(feed, name)).toHaveLength(1);
    expect(feed.match(/rel="self"/g)).toHaveLength(1);
    expect(elements(feed, 'updated')).toEqual(['2025-02-01T00:00:00.000Z']);
    expect(entries).toHaveLength(events.length);
    for (const entry of entries) {
      // §4.1.2, §3.3: an RFC 3339 time with an upper-case T and Z; §4.2.6: an absolute IRI that stays.
      for (const name of ['id', 'title', 'updated', 'content']) expect(elements(entry, name)).toHaveLength(1);
      expect(elements(entry, 'updated')[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(elements(entry, 'id')[0]).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    }
    expect(feed).toContain(`as of ${asOf}`);
  });

  it('shows words as words, and links to the web only', () => {
    const [, entry] = parseFeed(xml).items;
    expect(entry?.title).toContain('EO 14166: “no enforcement”');
    expect(xml).not.toContain('<b>for</b>');
    expect(xml).toContain('<a href="https://example.com/?a=1&amp;b=&quot;2&quot;">EO, The White House</a>');
    expect(xml).not.toContain('javascript:');
    expect(entry?.content).toContain('90 FR 8611');
  });

  it('carries any words as well-formed XML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (title) => {
        const [first] = events;
        if (!first) return;
        const text = recordFeed([{ ...first, data: { title } }], { ...feedAbout, matter: { id: 'm', title } });
        expect(parseFeed(text).items).toHaveLength(1);
        // oxlint-disable-next-line no-control-regex -- what XML cannot carry
        expect(text).not.toMatch(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/);
      }),
    );
  });

  it('of a matter of which nothing is public is empty, and still valid', () => {
    const feed = parseFeed(recordFeed([], feedAbout));
    expect(feed.items).toEqual([]);
    expect(feed.updated?.toISOString()).toBe(asOf);
  });

  it('is the same for the same record', () => {
    expect(recordFeed(events, feedAbout)).toBe(xml);
  });
});
