import { parseDataset } from '#libs/contract';
import { addDays, type CivilDate } from '#libs/calendar';
import {
  decide,
  type Entry,
  evolve,
  interpret,
  liveEntries,
  type Matter,
  type MatterRecord,
  type Status,
} from '#libs/matter';
import type { BenchResult } from './run.ts';

const ENTRIES = 200;
const ROUNDS = 100;
/** A server that answers has long been compiled: below about 150 rounds the figures still fall. */
const WARM_UP = 300;
const AIM = 5;
/** The last days of the saga: every act counts, and some restraints still run. */
const AT: CivilDate = '2026-04-12';

/** A question asked of a record that nobody has asked before, against reading the same record from text. */
export async function statusCold(): Promise<BenchResult> {
  const { matter, entries } = saga();
  const text = JSON.stringify(entries);
  const parsing: number[] = [];
  const answering: number[] = [];
  let answer: Status | undefined;
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    // Fresh objects each round: nothing that the interpreter remembers about a list of entries helps it.
    const [parsed, parsingTook] = timed((): readonly Entry[] => JSON.parse(text));
    const [status, answeringTook] = timed(() => interpret(matter, parsed, { at: AT }));
    if (round < WARM_UP) continue;
    parsing.push(parsingTook);
    answering.push(answeringTook);
    answer = status;
  }
  if (!answer || answer.provisions.length === 0 || answer.next.length === 0) throw new Error('The saga says nothing.');
  const ratio = median(answering) / median(parsing);
  return {
    name: 'status-cold',
    what: `interpret ${ENTRIES} parsed entries: status of every party, and next`,
    against: 'JSON.parse of the same entries',
    ratio,
    aim: AIM,
    ok: ratio <= AIM,
    detail:
      `${ms(median(answering))} against ${ms(median(parsing))}, medians of ${ROUNDS} interleaved rounds; ` +
      `${Math.round(text.length / ENTRIES)} bytes an entry, ` +
      `${answer.provisions.length} rows, headline ${answer.headline.code}`,
  };
}

function timed<T>(work: () => T): [T, number] {
  const start = performance.now();
  const result = work();
  return [result, performance.now() - start];
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

const ms = (time: number): string => `${time.toFixed(2)} ms`;

const START: CivilDate = '2023-01-02';

/**
 * A saga of the shape that the real ones have: one statute with several provisions, then orders, rulings, pauses with
 * their extensions, determinations, and mostly acts that move nothing. Every act passes the guards.
 */
function saga(): { readonly matter: Matter; readonly entries: readonly Entry[] } {
  const { matter, entries } = parseDataset({ matter: subject, entries: [statute, ...acts(ENTRIES - 1)] });
  const recordedAt = '2026-06-01T00:00:00.000Z';
  const event = (revision: number) => ({ id: `event-${revision}`, revision, recordedAt });
  let record: MatterRecord = evolve(undefined, { ...event(0), type: 'MatterOpened', data: matter });
  for (const [index, body] of entries.entries()) {
    const entry: Entry = { ...body, id: body.id ?? `act-${index}` };
    decide(record, { kind: 'record-entry', entry });
    record = evolve(record, { ...event(index + 1), type: entry.type, data: entry });
  }
  return { matter: record.matter, entries: liveEntries(record) };
}

const members = (of: string): object[] =>
  Array.from({ length: 5 }, (_, index) => ({ id: `${of}-${index + 1}`, name: `${of} ${index + 1}`, memberOf: [of] }));

const subject = {
  id: 'bench',
  title: 'A saga of two hundred acts',
  jurisdiction: 'US',
  timeZone: 'America/New_York',
  parties: [
    { id: 'stores', name: 'Stores', kind: 'class' },
    { id: 'hosts', name: 'Hosts', kind: 'class' },
    ...members('stores'),
    ...members('hosts'),
    { id: 'justice', name: 'Attorney General', kind: 'enforcer' },
    { id: 'trade', name: 'Trade Department', kind: 'enforcer' },
  ],
};

const source = (title: string, publisher: string, day: CivilDate): object => ({
  title,
  publisher,
  url: `https://example.org/${day}`,
  publishedOn: day,
  evidence: 'official',
});

const provisions = Array.from({ length: 6 }, (_, index) => `section-${index + 1}`);

const statute = {
  id: 'statute',
  type: 'LawEnacted',
  occurredOn: START,
  title: 'The Act',
  author: { kind: 'legislature', name: 'Congress' },
  instrument: { id: 'the-act', kind: 'statute', citation: 'Pub. L. 0-0', title: 'The Act' },
  sources: [source('The Act', 'Government Publishing Office', START)],
  effects: provisions.map((provision, index) => ({
    kind: 'establishes',
    provision,
    title: `Section ${index + 1}`,
    norm: 'prohibition',
    addressees: [index % 2 === 0 ? 'stores' : 'hosts'],
    enforcers: ['justice', 'trade'],
    force: START,
    applies: { period: `P${90 + 30 * index}D`, after: START, rule: 'us.plain' },
  })),
};

function acts(many: number): object[] {
  return Array.from({ length: many }, (_, index) => {
    const day = addDays(START, 6 * (index + 1));
    const { effects, ...act } = actOf(Math.floor(index / 10), index % 10, day);
    const id = `act-${index + 1}`;
    const summary = `What was done on ${day}, by whom, and how the sources tell it; two sentences of plain words.`;
    const sources = [
      source(`${id} as published`, act.author.name, day),
      source(`${id} as reported`, 'A newspaper', day),
    ];
    return { id, occurredOn: day, title: `${act.type} of ${day}`, summary, sources, effects: effects ?? [], ...act };
  });
}

interface Act {
  readonly type: string;
  readonly author: { readonly kind: string; readonly name: string };
  readonly effects?: readonly object[];
  readonly instrument?: object;
}

const court = { kind: 'court', name: 'District Court' };
const president = { kind: 'executive', name: 'President' };
const department = { kind: 'agency', name: 'Trade Department', party: 'trade' };

/** Ten acts make a round: an injunction, its lifting, a pause or its extension, a change of scope, six without effects. */
function actOf(round: number, place: number, day: CivilDate): Act {
  const provision = provisions[round % provisions.length];
  const pausedUntil = { period: 'P75D', after: day, rule: 'us.plain', inclusive: 'unstated' };
  switch (place) {
    case 0:
      return { type: 'CourtRuled', author: court, effects: [injunction(round, provision, day)] };
    case 2: {
      const pause = { kind: 'restrains', restraint: 'pause', form: 'forbearance', provisions: provisions.slice(0, 4) };
      const began = { ...pause, enforcers: ['justice', 'trade'], protects: 'all', from: day, until: pausedUntil };
      const effect = round === 0 ? began : { kind: 'extends', restraint: 'pause', until: pausedUntil };
      const instrument = {
        id: `order-${round}`,
        kind: 'executive-order',
        citation: `EO ${round}`,
        title: `Order ${round}`,
      };
      return { type: 'ExecutiveActIssued', author: president, instrument, effects: [effect] };
    }
    case 5:
      if (round % 3 === 2) return { type: 'CourtRuled', author: court };
      return {
        type: 'CourtRuled',
        author: court,
        effects: [{ kind: 'lifts', restraint: `injunction-${round}`, on: day, how: 'dissolved' }],
      };
    case 7:
      return { type: 'RuleIssued', author: department, effects: scope(round, provision, day) };
    default:
      return quiet[place % quiet.length] ?? hearing;
  }
}

const hearing: Act = { type: 'CaseHeard', author: court };
const quiet: readonly Act[] = [
  hearing,
  { type: 'CaseFiled', author: { kind: 'private', name: 'An association' } },
  { type: 'ReportPublished', author: { kind: 'press', name: 'A newspaper' } },
  { type: 'PartyActed', author: { kind: 'private', name: 'stores 1' } },
];

const injunction = (round: number, provision: string | undefined, day: CivilDate): object => ({
  kind: 'restrains',
  restraint: `injunction-${round}`,
  form: round % 4 === 3 ? 'stay' : 'preliminary-injunction',
  provisions: [provision],
  enforcers: ['justice'],
  protects: round % 2 === 0 ? 'all' : [`stores-${(round % 5) + 1}`],
  from: day,
  until: round % 2 === 0 ? { contingent: 'final judgment' } : { period: 'P6M', after: day, rule: 'us.plain' },
});

function scope(round: number, provision: string | undefined, day: CivilDate): readonly object[] {
  const deadline = {
    kind: 'sets-deadline',
    deadline: `report-${round}`,
    title: `Report ${round}`,
    deadlineKind: 'party-act',
    obligated: ['stores'],
    provision,
    basis: { period: 'P3M', after: day, rule: 'us.plain' },
    under: 'the-act',
  };
  if (round % 2 === 1) return [deadline];
  const party = round % 4 === 0 ? `hosts-${(round % 5) + 1}` : `stores-${(round % 5) + 1}`;
  return [deadline, { kind: 'determines', provision, party, applicability: 'exempt', from: day, under: 'the-act' }];
}
