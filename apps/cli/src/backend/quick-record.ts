import { dateInZone } from '#libs/calendar';
import { encodePosition, type EventLog, type RecordedEvent } from '#libs/event-log';
import { believe, entryTypes, interpret, type RecordedMatterEvent } from '#libs/matter';
import type { ClockQuery, MatterAnswer, StatusAnswer, StatusAsked } from '#libs/register';

/**
 * The two answers of `inforce status` without the register, whose door loads the validators of everything that can be
 * written: 60 ms (measured), as much as all the rest of the command. It answers the plain case only, and nothing where
 * anything is unusual: the register has the words for that. A spec holds both to the same answers.
 */
export class QuickRecord {
  readonly #log: EventLog;
  readonly #now: () => number;
  #read: { readonly matter: string; readonly events: Promise<readonly RecordedEvent[]> } | undefined;

  constructor(log: EventLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  async matter(id: string, asked: ClockQuery): Promise<MatterAnswer | undefined> {
    const seen = await this.#seen(id, asked);
    return seen && { ...seen.belief.matter, clocks: seen.clocks, revision: seen.revision, position: seen.position };
  }

  async status(id: string, { clocks: asked, party, enforcer }: StatusAsked): Promise<StatusAnswer | undefined> {
    const seen = await this.#seen(id, asked);
    if (!seen) return undefined;
    const { belief, clocks, position } = seen;
    const who = { ...(party !== undefined && { party }), ...(enforcer !== undefined && { enforcer }) };
    const known = new Set(belief.matter.parties.map((each) => each.id));
    if (Object.values(who).some((each) => !known.has(each))) return undefined;
    const status = interpret(belief.matter, belief.entries, { at: clocks.at, ...who });
    return { matter: id, party: party ?? null, enforcer: enforcer ?? null, clocks, ...status, position };
  }

  async #seen(id: string, { at, knownAt, publishedBy }: ClockQuery) {
    const events = await this.#events(id);
    const newest = events.at(-1);
    // What was known earlier, and events that need a translation: the register reads those.
    if (!newest || knownAt !== undefined || !events.every(isOfToday)) return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the register alone writes these streams, parsed
    const belief = believe(events as readonly unknown[] as readonly RecordedMatterEvent[], {
      ...(publishedBy !== undefined && { publishedBy }),
    });
    if (!belief) return undefined;
    const today = dateInZone(this.#now(), belief.matter.timeZone);
    const clocks = { at: at ?? today, knownAt: newest.recordedAt, publishedBy: publishedBy ?? null };
    return { belief, clocks, revision: newest.revision, position: encodePosition(newest.position) };
  }

  #events(matter: string): Promise<readonly RecordedEvent[]> {
    if (this.#read?.matter !== matter)
      this.#read = { matter, events: Array.fromAsync(this.#log.read(`matter-${matter}`)) };
    return this.#read.events;
  }
}

const records: ReadonlySet<string> = new Set(['MatterOpened', 'PartyAdded', 'EntryCorrected', 'EntryRetracted']);

function isOfToday({ type, schema }: RecordedEvent): boolean {
  return schema === 1 && (records.has(type) || Object.hasOwn(entryTypes, type));
}
