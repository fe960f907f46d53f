import type { Effect, Establishes, Restrains, SetsDeadline } from '../record/effect.ts';
import { type AuthorKind, type Entry, type EntryType, entryTypes, type Matter } from '../record/entry.ts';
import { inLegalOrder } from '../record/legal-order.ts';
import { Roster } from '../record/roster.ts';

/** An author with its defaults filled in (MODEL §1). */
export interface Office {
  readonly kind: AuthorKind;
  readonly name: string;
  readonly party: string | undefined;
  readonly jurisdiction: string;
}

export interface Made<E extends Effect> {
  readonly effect: E;
  readonly entry: Entry;
  readonly by: Office;
}

/** Everything that live entries make, whatever the dates: what references and guards are checked against. */
export interface World {
  readonly matter: Matter;
  readonly roster: Roster;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly provisions: ReadonlyMap<string, Made<Establishes>>;
  readonly restraints: ReadonlyMap<string, Made<Restrains>>;
  readonly endings: ReadonlyMap<string, Made<Extract<Effect, { kind: 'ends' }>>>;
  readonly deadlines: ReadonlyMap<string, Made<SetsDeadline>>;
  /** By the act that enacts or issues it; while there is none, by the first that carries it. */
  readonly instruments: ReadonlyMap<string, { readonly entry: Entry; readonly by: Office }>;
}

export function officeOf(entry: Entry, roster: Roster, matter: Matter): Office {
  const { author, type } = entry;
  return {
    kind: author.kind ?? entryTypes[type][0],
    name: author.name,
    party: author.party ?? roster.named(author.name)?.id,
    jurisdiction: author.jurisdiction ?? matter.jurisdiction,
  };
}

/** Two authors are the same when their party is equal, else when kind and name are (MODEL §1). */
export function sameOffice(a: Office, b: Office): boolean {
  if (a.party !== undefined && a.party === b.party) return true;
  return a.kind === b.kind && a.name === b.name;
}

export function worldOf(matter: Matter, entries: Iterable<Entry>): World {
  const roster = new Roster(matter.parties);
  const world = {
    matter,
    roster,
    entries: new Map<string, Entry>(),
    provisions: new Map<string, Made<Establishes>>(),
    restraints: new Map<string, Made<Restrains>>(),
    endings: new Map<string, Made<Extract<Effect, { kind: 'ends' }>>>(),
    deadlines: new Map<string, Made<SetsDeadline>>(),
    instruments: new Map<string, { entry: Entry; by: Office }>(),
  };
  for (const { entry } of inLegalOrder([...entries], matter.timeZone)) {
    const by = officeOf(entry, roster, matter);
    world.entries.set(entry.id, entry);
    const { instrument } = entry;
    const carried = instrument && world.instruments.get(instrument.id)?.entry;
    if (instrument && (!carried || (!issues(carried.type) && issues(entry.type)))) {
      world.instruments.set(instrument.id, { entry, by });
    }
    for (const effect of entry.effects) {
      if (effect.kind === 'establishes') keep(world.provisions, effect.provision, { effect, entry, by });
      else if (effect.kind === 'restrains') keep(world.restraints, effect.restraint, { effect, entry, by });
      else if (effect.kind === 'sets-deadline') keep(world.deadlines, effect.deadline, { effect, entry, by });
      else if (effect.kind === 'ends' && effect.ending !== undefined) {
        keep(world.endings, effect.ending, { effect, entry, by });
      }
    }
  }
  return world;
}

function issues(type: EntryType): boolean {
  return type === 'LawEnacted' || type === 'RuleIssued' || type === 'ExecutiveActIssued' || type === 'LawPublished';
}

function keep<V>(things: Map<string, V>, id: string, value: V): void {
  if (!things.has(id)) things.set(id, value);
}
