import type { Basis } from './basis.ts';
import type { Effect } from './effect.ts';
import type { Entry } from './entry.ts';

export type Thing = 'provision' | 'restraint' | 'ending' | 'deadline' | 'instrument' | 'entry';

/** What an effect can make. */
export type Makeable = 'provision' | 'restraint' | 'ending' | 'deadline';

/** Something an effect names that another entry (or this one) must have made. `anyOf`: one of several kinds will do. */
export interface Reference {
  readonly anyOf: readonly Thing[];
  readonly id: string;
  /** RFC 6901 pointer inside the effect. */
  readonly pointer: string;
  /** One of a list: the rest of the list still counts when this one is gone. */
  readonly listed: boolean;
}

/** What an effect makes, that others may name. */
export function made(effect: Effect): { readonly thing: Makeable; readonly id: string } | undefined {
  switch (effect.kind) {
    case 'establishes':
      return { thing: 'provision', id: effect.provision };
    case 'restrains':
      return { thing: 'restraint', id: effect.restraint };
    case 'ends':
      return effect.ending === undefined ? undefined : { thing: 'ending', id: effect.ending };
    case 'sets-deadline':
      return { thing: 'deadline', id: effect.deadline };
    default:
      return undefined;
  }
}

/** Everything an effect names, parties excepted, in the order of its fields. */
export function references(effect: Effect): readonly Reference[] {
  const found: Reference[] = [];
  const one = (id: string | undefined, pointer: string, ...anyOf: Thing[]): void => {
    if (id !== undefined) found.push({ anyOf, id, pointer, listed: false });
  };
  const many = (ids: readonly string[] | undefined, pointer: string, ...anyOf: Thing[]): void => {
    ids?.forEach((id, index) => found.push({ anyOf, id, pointer: `${pointer}/${index}`, listed: true }));
  };
  const dates = (basis: Basis | undefined, pointer: string): void => {
    if (basis !== undefined) triggers(basis, pointer, found);
  };
  switch (effect.kind) {
    case 'establishes':
      dates(effect.force, '/force');
      dates(effect.applies, '/applies');
      dates(effect.until, '/until');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'commences':
    case 'postpones':
      one(effect.provision, '/provision', 'provision');
      dates(effect.to, '/to');
      dates(effect.on, '/on');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'determines':
      one(effect.provision, '/provision', 'provision');
      dates(effect.from, '/from');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'restrains':
      many(effect.provisions, '/provisions', 'provision');
      many(effect.of, '/of', 'restraint', 'ending');
      dates(effect.from, '/from');
      dates(effect.until, '/until');
      break;
    case 'varies':
      one(effect.restraint, '/restraint', 'restraint');
      dates(effect.on, '/on');
      many(effect.provisions, '/provisions', 'provision');
      break;
    case 'extends':
      one(effect.restraint, '/restraint', 'restraint');
      one(effect.provision, '/provision', 'provision');
      dates(effect.until, '/until');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'lifts':
    case 'reinstates':
      one(effect.restraint, '/restraint', 'restraint');
      one(effect.ending, '/ending', 'ending');
      dates(effect.on, '/on');
      break;
    case 'ends':
      one(effect.provision, '/provision', 'provision');
      one(effect.instrument, '/instrument', 'instrument');
      dates(effect.on, '/on');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'releases':
      many(effect.provisions, '/provisions', 'provision');
      break;
    case 'satisfies':
      dates(effect.on, '/on');
      break;
    case 'contests':
      one(effect.provision, '/provision', 'provision');
      one(effect.restraint, '/restraint', 'restraint');
      break;
    case 'sets-deadline':
      one(effect.provision, '/provision', 'provision');
      dates(effect.basis, '/basis');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'moves-deadline':
      one(effect.deadline, '/deadline', 'deadline');
      dates(effect.basis, '/basis');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'closes-deadline':
      one(effect.deadline, '/deadline', 'deadline');
      dates(effect.on, '/on');
      one(effect.under, '/under', 'provision', 'instrument');
      break;
    case 'replaces':
      one(effect.instrument, '/instrument', 'instrument');
      one(effect.by, '/by', 'instrument');
      break;
  }
  return found;
}

function triggers(basis: Basis, pointer: string, found: Reference[]): void {
  if (typeof basis === 'string') return;
  if ('period' in basis) {
    const [trigger, side] = basis.after === undefined ? [basis.before, 'before'] : [basis.after, 'after'];
    if (typeof trigger !== 'object') return;
    const [thing, id] =
      'entry' in trigger ? (['entry', trigger.entry] as const) : (['instrument', trigger.instrument] as const);
    found.push({ anyOf: [thing], id, pointer: `${pointer}/${side}/${thing}`, listed: false });
  } else if ('earliest' in basis) {
    basis.earliest.forEach((each, index) => triggers(each, `${pointer}/earliest/${index}`, found));
  } else if ('latest' in basis && Array.isArray(basis.latest)) {
    basis.latest.forEach((each: Basis, index) => triggers(each, `${pointer}/latest/${index}`, found));
  }
}

/** The parties an effect names, with pointers. */
export function namedParties(effect: Effect): readonly { readonly id: string; readonly pointer: string }[] {
  const found: { id: string; pointer: string }[] = [];
  const many = (ids: readonly string[] | 'all' | undefined, pointer: string): void => {
    if (ids !== undefined && ids !== 'all')
      ids.forEach((id, index) => found.push({ id, pointer: `${pointer}/${index}` }));
  };
  if ('addressees' in effect) many(effect.addressees, '/addressees');
  if ('enforcers' in effect) many(effect.enforcers, '/enforcers');
  if ('protects' in effect) many(effect.protects, '/protects');
  if ('for' in effect) many(effect.for, '/for');
  if ('obligated' in effect) many(effect.obligated, '/obligated');
  if ('party' in effect && effect.party !== undefined) found.push({ id: effect.party, pointer: '/party' });
  return found;
}

/** Whether `entry` makes the thing; an entry makes itself and its instrument. */
export function makes(entry: Entry, thing: Thing, id: string): boolean {
  if (thing === 'entry') return entry.id === id;
  if (thing === 'instrument') return entry.instrument?.id === id;
  return entry.effects.some((effect) => {
    const it = made(effect);
    return it !== undefined && it.thing === thing && it.id === id;
  });
}
