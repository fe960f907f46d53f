import { type Moment } from '#libs/calendar';
import type { Unresolved } from '../answer/shape.ts';
import type { Effect, Satisfies } from '../record/effect.ts';
import type { Entry, Matter } from '../record/entry.ts';
import { type Act, inLegalOrder } from '../record/legal-order.ts';
import { made, namedParties, type Reference, references } from '../record/references.ts';
import { Roster } from '../record/roster.ts';

/** One effect with its act, in legal order. */
export interface ActEffect<E extends Effect = Effect> {
  readonly act: Act;
  readonly effect: E;
  /** Index within the entry. */
  readonly index: number;
}

/** A matter's believed entries put in order once, for any number of questions. */
export interface Prepared {
  readonly matter: Matter;
  readonly roster: Roster;
  readonly acts: readonly Act[];
  /** Every effect that does something, in legal order; orphans are left out. */
  readonly effects: readonly ActEffect[];
  readonly byId: ReadonlyMap<string, Act>;
  /** Acts on an instrument, in legal order. */
  readonly byInstrument: ReadonlyMap<string, readonly Act[]>;
  readonly satisfied: ReadonlyMap<string, readonly ActEffect<Satisfies>[]>;
  readonly unresolved: readonly Unresolved[];
  /** End members that no effect tells apart, by a representative. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

const cache = new WeakMap<readonly Entry[], Prepared>();

/** A pure memo: entries are immutable, so the same list prepares alike. */
export function prepare(matter: Matter, entries: readonly Entry[]): Prepared {
  const known = cache.get(entries);
  if (known && known.matter === matter) return known;
  const roster = new Roster(matter.parties);
  const acts = inLegalOrder(entries, matter.timeZone);
  const { effects, unresolved } = withoutOrphans(acts);
  const prepared: Prepared = {
    matter,
    roster,
    acts,
    effects,
    byId: new Map(acts.map((act) => [act.entry.id, act])),
    byInstrument: Map.groupBy(
      acts.filter((act) => act.entry.instrument),
      (act) => act.entry.instrument?.id ?? '',
    ),
    satisfied: Map.groupBy(
      effects.filter((it): it is ActEffect<Satisfies> => it.effect.kind === 'satisfies'),
      (it) => it.effect.condition,
    ),
    unresolved,
    groups: grouped(roster, effects),
  };
  cache.set(entries, prepared);
  return prepared;
}

/**
 * An orphan names what no believed entry makes (its maker was retracted, or was not known or public by then). It does
 * nothing and makes nothing, so leaving it out may orphan others: repeated until nothing changes.
 */
function withoutOrphans(acts: readonly Act[]): { effects: readonly ActEffect[]; unresolved: readonly Unresolved[] } {
  const things = new Map<string, number>();
  const count = (key: string, by: number): void => void things.set(key, (things.get(key) ?? 0) + by);
  const effects: ActEffect[] = [];
  for (const act of acts) {
    count(`entry ${act.entry.id}`, 1);
    if (act.entry.instrument) count(`instrument ${act.entry.instrument.id}`, 1);
    // What an entry establishes is there for its other effects, in whatever order it lists them.
    act.entry.effects.forEach((effect, index) => {
      if (effect.kind === 'establishes') effects.push({ act, effect, index });
    });
    act.entry.effects.forEach((effect, index) => {
      if (effect.kind !== 'establishes') effects.push({ act, effect, index });
      const it = made(effect);
      if (it) count(`${it.thing} ${it.id}`, 1);
    });
  }
  const exists = (reference: Reference): boolean =>
    reference.anyOf.some((thing) => (things.get(`${thing} ${reference.id}`) ?? 0) > 0);
  const unresolved: Unresolved[] = [];
  let referring = effects.flatMap((it) => {
    const named = references(it.effect);
    return named.length === 0 ? [] : [{ it, named }];
  });
  const orphans = new Set<ActEffect>();
  for (let changed = true; changed;) {
    changed = false;
    referring = referring.filter(({ it, named }) => {
      const gone = named.filter((reference) => !exists(reference));
      if (gone.length === 0) return true;
      const listed = named.filter((reference) => reference.listed);
      const lost = gone.some((reference) => !reference.listed) || listed.every((reference) => !exists(reference));
      if (!lost) return true;
      const own = made(it.effect);
      if (own) count(`${own.thing} ${own.id}`, -1);
      unresolved.push(...gone.map((reference) => dangling(it, reference, 'the effect does nothing')));
      orphans.add(it);
      changed = true;
      return false;
    });
  }
  for (const { it, named } of referring) {
    for (const reference of named) {
      if (!exists(reference)) unresolved.push(dangling(it, reference, 'the rest of the list still counts'));
    }
  }
  return { effects: orphans.size === 0 ? effects : effects.filter((it) => !orphans.has(it)), unresolved };
}

function dangling(it: ActEffect, reference: Reference, consequence: string): Unresolved {
  return {
    entry: it.act.entry.id,
    effect: it.index,
    kind: it.effect.kind,
    refersTo: reference.id,
    detail: `No believed entry makes the ${reference.anyOf.join(' or ')} ${reference.id}: ${consequence}.`,
  };
}

/** Parties that every effect treats alike need to be worked out once (MODEL §8). */
function grouped(roster: Roster, effects: readonly ActEffect[]): ReadonlyMap<string, readonly string[]> {
  const named = new Set<string>();
  for (const { effect } of effects) for (const { id } of namedParties(effect)) named.add(id);
  const bySignature = new Map<string, string[]>();
  for (const end of roster.ends) {
    const kind = roster.get(end)?.kind === 'enforcer' ? 'e' : 'p';
    const signature = `${kind} ${[...roster.above(end)]
      .filter((id) => named.has(id))
      .toSorted()
      .join(' ')}`;
    const group = bySignature.get(signature);
    if (group) group.push(end);
    else bySignature.set(signature, [end]);
  }
  return new Map([...bySignature.values()].map((group) => [group[0] ?? '', group]));
}

/** When the whole record has been seen: later than any act. */
export const FOREVER: Moment = Number.POSITIVE_INFINITY;
