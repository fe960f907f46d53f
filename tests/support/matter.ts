import {
  type Author,
  believe,
  type BeliefClocks,
  type Command,
  type Correction,
  type Deadline,
  deadlinesOf,
  decide,
  type Effect,
  type Entry,
  type EntryType,
  entryTypes,
  evolve,
  interpret,
  type Matter,
  type MatterRecord,
  type Party,
  type ProvisionStatus,
  type RecordedMatterEvent,
  Refusal,
  type Retraction,
  type Segments,
  segmentsOf,
  type SegmentsQuery,
  type Source,
  type Status,
} from '#libs/matter';

type More = Partial<Omit<Entry, 'author'>> & { readonly author?: Partial<Author>; readonly publishedOn?: string };
/** As `Extract`, also from effects that share one shape between two kinds. */
type OfKind<K extends Effect['kind'], E = Effect> = E extends { kind: infer Own } ? (K extends Own ? E : never) : never;
type Fields<K extends Effect['kind'], Given extends string> = Partial<Omit<OfKind<K>, 'kind' | Given>>;

export function party(id: string, ...memberOf: string[]): Party {
  return { id, name: id, ...(memberOf.length === 0 ? {} : { memberOf }) };
}

export function classOf(id: string, ...memberOf: string[]): Party {
  return { ...party(id, ...memberOf), kind: 'class' };
}

export function enforcer(id: string, more: Partial<Party> = {}): Party {
  return { id, name: id, kind: 'enforcer', ...more };
}

/** One class `firms` of `acme` and `bolt`, and two enforcers: `doj`, which the executive directs, and the independent `sec`. */
export function aMatter(more: Partial<Matter> = {}): Matter {
  return {
    id: 'matter',
    title: 'A matter',
    jurisdiction: 'US',
    timeZone: 'America/New_York',
    parties: [
      classOf('firms'),
      party('acme', 'firms'),
      party('bolt', 'firms'),
      enforcer('doj', { jurisdiction: 'US' }),
      enforcer('sec', { jurisdiction: 'US', independent: true }),
    ],
    ...more,
  };
}

const usualAuthor: Readonly<Record<Author['kind'] & string, string>> = {
  legislature: 'Congress',
  court: 'District Court',
  executive: 'President',
  agency: 'sec',
  private: 'acme',
  press: 'The Paper',
};

/** An entry by the usual author of its type, officially published on the day of the act. */
export function entry(
  type: EntryType,
  id: string,
  occurredOn: string,
  effects: readonly Effect[] = [],
  more: More = {},
): Entry {
  const { author, publishedOn = occurredOn, ...rest } = more;
  const kind = author?.kind ?? entryTypes[type][0];
  return {
    id,
    type,
    occurredOn,
    title: id,
    sources: [aSource({ publishedOn })],
    effects,
    ...rest,
    author: { kind, name: usualAuthor[kind], ...author },
  };
}

export function aSource(more: Partial<Source> = {}): Source {
  return { title: 'The act', publisher: 'The Gazette', evidence: 'official', ...more };
}

type Act = (id: string, occurredOn: string, effects?: readonly Effect[], more?: More) => Entry;
const act =
  (type: EntryType, own: More = {}): Act =>
  (id, occurredOn, effects, more) =>
    entry(type, id, occurredOn, effects, { ...own, ...more });
/** Acts that make law get an instrument of their own id. */
const lawful =
  (type: EntryType): Act =>
  (id, occurredOn, effects, more) =>
    entry(type, id, occurredOn, effects, { instrument: { id }, ...more });

export const introduced: Act = lawful('BillIntroduced');
export const passed: Act = lawful('BillPassed');
export const failed: Act = lawful('BillFailed');
export const enacted: Act = lawful('LawEnacted');
export const published: Act = act('LawPublished');
export const ordered: Act = lawful('ExecutiveActIssued');
export const proposed: Act = lawful('RuleProposed');
export const issued: Act = lawful('RuleIssued');
export const noticed: Act = act('NoticeIssued');
export const ruled: Act = act('CourtRuled');
export const filed: Act = act('CaseFiled');
export const acted: Act = act('PartyActed');
export const reported: Act = act('ReportPublished');

/** By default a duty of `firms`, enforced by `doj` and `sec`, in force from 2024-01-01. */
export function establishes(provision: string, more: Fields<'establishes', 'provision'> = {}): Effect {
  return {
    kind: 'establishes',
    provision,
    title: provision,
    norm: 'duty',
    addressees: ['firms'],
    enforcers: ['doj', 'sec'],
    force: '2024-01-01',
    ...more,
  };
}

/** By default an injunction on `duty` for everyone, without an end. */
export function restrains(restraint: string, more: Fields<'restrains', 'restraint'> = {}): Effect {
  const targets = more.of ? {} : { provisions: ['duty'] };
  return { kind: 'restrains', restraint, form: 'injunction', protects: 'all', ...targets, ...more };
}

export function forbears(restraint: string, more: Fields<'restrains', 'restraint'> = {}): Effect {
  return restrains(restraint, { form: 'forbearance', ...more });
}

export function lifts(restraint: string, on?: string, more: Fields<'lifts', 'restraint'> = {}): Effect {
  return { kind: 'lifts', restraint, how: 'dissolved', ...(on === undefined ? {} : { on }), ...more };
}

export function reinstates(restraint: string, on?: string): Effect {
  return { kind: 'reinstates', restraint, ...(on === undefined ? {} : { on }) };
}

export function liftsEnding(ending: string, on?: string): Effect {
  return { kind: 'lifts', ending, how: 'reversed', ...(on === undefined ? {} : { on }) };
}

export function extendsTo(restraint: string, until: OfKind<'extends'>['until']): Effect {
  return { kind: 'extends', restraint, until };
}

export function ends(provision: string, how: OfKind<'ends'>['how'], more: Fields<'ends', 'provision'> = {}): Effect {
  return { kind: 'ends', provision, how, ...more };
}

export function commences(
  provision: string,
  to: OfKind<'commences'>['to'],
  more: Fields<'commences', 'provision'> = {},
): Effect {
  return { axis: 'force', ...more, kind: 'commences', provision, to };
}

export function postpones(
  provision: string,
  to: OfKind<'postpones'>['to'],
  more: Fields<'postpones', 'provision'> = {},
): Effect {
  return { axis: 'force', ...more, kind: 'postpones', provision, to };
}

export function determines(
  about: string,
  applicability: OfKind<'determines'>['applicability'],
  more: Fields<'determines', 'applicability'> = {},
): Effect {
  return { kind: 'determines', provision: 'duty', party: about, applicability, ...more };
}

export function satisfies(condition: string, on?: string): Effect {
  return { kind: 'satisfies', condition, ...(on === undefined ? {} : { on }) };
}

export function setsDeadline(
  deadline: string,
  basis: OfKind<'sets-deadline'>['basis'],
  more: Fields<'sets-deadline', 'deadline'> = {},
): Effect {
  return {
    kind: 'sets-deadline',
    deadline,
    title: deadline,
    deadlineKind: 'party-act',
    obligated: ['acme'],
    basis,
    ...more,
  };
}

export function movesDeadline(
  deadline: string,
  basis: OfKind<'moves-deadline'>['basis'],
  more: Fields<'moves-deadline', 'deadline'> = {},
): Effect {
  return { kind: 'moves-deadline', deadline, basis, ...more };
}

export function closesDeadline(
  deadline: string,
  how: OfKind<'closes-deadline'>['how'],
  more: Fields<'closes-deadline', 'deadline'> = {},
): Effect {
  return { kind: 'closes-deadline', deadline, how, ...more };
}

/** Whom and what is asked about, and on which clocks. */
export interface Asked extends BeliefClocks {
  readonly party?: string;
  readonly enforcer?: string;
}

/** One provision's table row with its headline, for tests that ask about one. */
export type Row = ProvisionStatus;

/** A matter's record, built only through `decide` and `evolve`, so that every guard has spoken. */
export class Saga {
  readonly events: readonly RecordedMatterEvent[];
  readonly record: MatterRecord | undefined;
  /** What `decide` warned of when the last command was decided. */
  readonly warnings: readonly string[];
  readonly #now: string;

  private constructor(
    events: readonly RecordedMatterEvent[],
    record: MatterRecord | undefined,
    now: string,
    warnings: readonly string[] = [],
  ) {
    this.events = events;
    this.record = record;
    this.#now = now;
    this.warnings = warnings;
  }

  static of(matter: Matter): Saga {
    return new Saga([], undefined, '2030-01-01T00:00:00Z').when({ kind: 'open-matter', matter });
  }

  /** What follows is recorded at this instant. */
  at(now: string): Saga {
    return new Saga(this.events, this.record, now, this.warnings);
  }

  when(command: Command): Saga {
    const decision = decide(this.record, command);
    if (decision.kind === 'repeat') return this;
    const events = [...this.events];
    let { record } = this;
    for (const decided of decision.events) {
      const revision = events.length;
      const event = { ...decided, id: `event-${revision}`, revision, recordedAt: this.#now };
      events.push(event);
      record = evolve(record, event);
    }
    return new Saga(events, record, this.#now, decision.warnings);
  }

  given(...entries: readonly Entry[]): Saga {
    return entries.reduce<Saga>((saga, each) => saga.when({ kind: 'record-entry', entry: each }), this);
  }

  withParty(added: Party): Saga {
    return this.when({ kind: 'add-party', party: added });
  }

  corrected(id: string, changes: Correction['changes'], more: Partial<Correction> = {}): Saga {
    return this.when({ kind: 'correct-entry', correction: { entry: id, reason: 'a slip', changes, ...more } });
  }

  retracted(id: string, more: Partial<Retraction> = {}): Saga {
    return this.when({ kind: 'retract-entry', retraction: { entry: id, reason: 'it never happened', ...more } });
  }

  /** The refusal of recording an entry; undefined if it was accepted. */
  refusal(of: Entry | Command): Refusal | undefined {
    return refusalOf(() => this.when('kind' in of ? of : { kind: 'record-entry', entry: of }));
  }

  /** The answer on a day or at an instant. */
  asked(at: string, { party: about, enforcer: by, ...clocks }: Asked = {}): Status {
    const { matter, entries } = this.#believed(clocks);
    const who = { ...(about === undefined ? {} : { party: about }), ...(by === undefined ? {} : { enforcer: by }) };
    return interpret(matter, entries, { at, ...who });
  }

  code(at: string, asked: Asked = {}): string {
    return this.asked(at, asked).headline.code;
  }

  /** The row of one provision (by default `duty`) for one party (by default `acme`). */
  row(at: string, { provision = 'duty', ...asked }: Asked & { readonly provision?: string } = {}): Row {
    const { provisions } = this.asked(at, { party: 'acme', ...asked });
    const found = provisions.filter((each) => each.provision === provision);
    const [first] = found;
    if (!first || found.length > 1) throw new Error(`${found.length} rows of ${provision} on ${at}`);
    return first;
  }

  /** The states of enforcement, by enforcer. */
  enforcement(at: string, asked: Asked & { readonly provision?: string } = {}): Readonly<Record<string, string>> {
    return Object.fromEntries(this.row(at, asked).enforcement.map(({ enforcer: by, state }) => [by, state]));
  }

  /** Ids of the entries given as reasons. */
  because(at: string, asked: Asked = {}): readonly string[] {
    return [...new Set(this.asked(at, { party: 'acme', ...asked }).because.map((each) => each.entry))];
  }

  deadline(at: string, id: string, clocks: BeliefClocks = {}): Deadline {
    const { matter, entries } = this.#believed(clocks);
    const found = deadlinesOf(matter, entries, { at }).find((each) => each.id === id);
    if (!found) throw new Error(`There is no deadline ${id} on ${at}.`);
    return found;
  }

  deadlineIds(at: string, about?: string): readonly string[] {
    const { matter, entries } = this.#believed({});
    const query = { at, ...(about === undefined ? {} : { party: about }) };
    return deadlinesOf(matter, entries, query).map(({ id }) => id);
  }

  segments(query: SegmentsQuery = {}, clocks: BeliefClocks = {}): Segments {
    const { matter, entries } = this.#believed(clocks);
    return segmentsOf(matter, entries, query);
  }

  #believed(clocks: BeliefClocks) {
    const belief = believe(this.events, clocks);
    if (!belief) throw new Error('The matter was not open yet.');
    return belief;
  }
}

/** The refusal that something ends in; undefined if it is accepted. */
export function refusalOf(something: () => unknown): Refusal | undefined {
  try {
    something();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

export function given(...entries: readonly Entry[]): Saga {
  return Saga.of(aMatter()).given(...entries);
}
