import { type CivilDate, dateInZone, epochMs } from '#libs/calendar';
import {
  type Change,
  changesBetween,
  type Deadline,
  type DeadlineState,
  deadlinesOf,
  type Entry,
  type Headline,
  type Held,
  heldBy,
  type Matter,
  type MatterRecord,
  Roster,
  type Status,
  statusAt,
} from '#libs/matter';

type Whole = Omit<Status, 'next'>;

const nothing: Whole = {
  headline: { code: 'no-record', text: 'Nothing is recorded yet' },
  provisions: [],
  because: [],
  unresolved: [],
  warnings: [],
};

const over: ReadonlySet<DeadlineState> = new Set(['met', 'withdrawn', 'vacated', 'moot', 'superseded', 'lapsed']);

/** What somebody knew of a matter at a moment: answers worked out when they are asked for, and once. */
export class Snapshot {
  readonly matter: Matter | undefined;
  readonly roster: Roster;
  readonly ms: number;
  /** The civil day in the matter's zone. */
  readonly today: CivilDate;
  readonly #record: MatterRecord | undefined;
  readonly #entries: readonly Entry[];
  readonly #at: string;
  readonly #answers = new Map<string, Whole>();
  readonly #held = new Map<string, readonly Held[]>();
  #deadlines: ReadonlyMap<string, Deadline> | undefined;

  /** `entries`: the live ones of the record. */
  constructor(record: MatterRecord | undefined, entries: readonly Entry[], ms: number) {
    this.matter = record?.matter;
    this.roster = record?.roster ?? new Roster([]);
    this.ms = ms;
    this.#record = record;
    this.#entries = entries;
    this.#at = new Date(ms).toISOString();
    this.today = record ? dateInZone(ms, record.matter.timeZone) : '';
  }

  get deadlines(): ReadonlyMap<string, Deadline> {
    this.#deadlines ??= new Map(
      this.matter && deadlinesOf(this.matter, this.#entries, { at: this.#at }).map((each) => [each.id, each]),
    );
    return this.#deadlines;
  }

  /**
   * Whether something is still to come. A day on which something starts is reached as it begins, but to whoever knew of it
   * beforehand it lasts until it is over: the reminder of that very day comes nevertheless.
   */
  isOpen({ state, kind, due, history }: Deadline): boolean {
    if (state !== 'reached') return !over.has(state);
    if (!due || due.date < this.today || (kind !== 'effective' && kind !== 'applicability')) return false;
    const setter = this.#record?.entries.get(history.at(-1)?.entry ?? '');
    return setter !== undefined && dateInZone(epochMs(setter.recordedAt), due.timeZone) < due.date;
  }

  /** Of everybody. */
  get status(): Whole {
    return this.#asked('', {});
  }

  /** One headline for some parties; where theirs differ, `partly` (MODEL §5, roll-up). No parties: for everybody. */
  headlineOf(parties: readonly string[] | undefined, at: string = this.#at): Headline {
    const [first, ...others] = (parties ?? []).map((party) => this.#headlineFor(party, at));
    if (!first) return this.#asked('', {}, at).headline;
    if (others.every(({ code }) => code === first.code)) return first;
    return { code: 'partly', text: 'Differs by party, enforcer or provision' };
  }

  /** An enforcer is asked for as such. */
  #headlineFor(party: string, at: string): Headline {
    const query = this.roster.get(party)?.kind === 'enforcer' ? { enforcer: party } : { party };
    return this.#asked(party, query, at).headline;
  }

  /** What is known now of a later day: what comes if nothing happens. */
  statusOn(day: CivilDate): Whole {
    return this.#asked('', {}, day);
  }

  heldBy(restraint: string): readonly Held[] {
    if (!this.matter) return [];
    const held = this.#held.get(restraint) ?? heldBy(this.matter, this.#entries, { at: this.#at, restraint });
    this.#held.set(restraint, held);
    return held;
  }

  #asked(key: string, query: { readonly party?: string; readonly enforcer?: string }, at = this.#at): Whole {
    if (!this.matter) return nothing;
    const place = `${key} ${at}`;
    const answer = this.#answers.get(place) ?? statusAt(this.matter, this.#entries, { ...query, at });
    this.#answers.set(place, answer);
    return answer;
  }
}

/** What an axis says but for how long: a new end of a pause is a moved deadline, and told as such. */
function substance(value: object | null): string {
  if (!value) return 'null';
  const { state, how, from, to, on, contested, liability }: Record<string, unknown> = { ...value };
  const conduct: unknown = typeof liability === 'object' && liability ? Reflect.get(liability, 'state') : undefined;
  return JSON.stringify([state, how, from, to, on, contested !== undefined, conduct]);
}

/** Changes of substance between two moments, for parties that both know. */
export function statusChanges(before: Snapshot, after: Snapshot): readonly Change[] {
  return changesBetween(before.status, after.status).flatMap((change) => {
    const parties = change.parties.filter((party) => before.roster.has(party) && after.roster.has(party));
    if (parties.length === 0 || substance(change.before) === substance(change.after)) return [];
    return [{ ...change, parties }];
  });
}
