import type { Matter, Roster } from '#libs/matter';
import type { AlertType } from '../alert.ts';
import type { Watch } from '../watch.ts';

/** The watches that listen, each found by the narrowest bound of its filter. */
export class Interest {
  readonly #by = new Map<string, Set<Watch>>();
  /** Grows with every change, so that whoever remembers an answer knows when to ask again. */
  version = 0;

  add(watch: Watch): void {
    this.version += 1;
    for (const key of keysOf(watch)) {
      const known = this.#by.get(key);
      if (known) known.add(watch);
      else this.#by.set(key, new Set([watch]));
    }
  }

  remove(watch: Watch): void {
    this.version += 1;
    for (const key of keysOf(watch)) this.#by.get(key)?.delete(watch);
  }

  /** Whoever may be told something of this matter, in order of creation. */
  of(matter: Matter, roster: Roster): readonly Watch[] {
    const keys = ['', `matter ${matter.id}`, `jurisdiction ${matter.jurisdiction}`];
    for (const { id } of matter.parties) keys.push(`party ${id}`);
    const found = new Set<Watch>();
    for (const key of keys) {
      for (const watch of this.#by.get(key) ?? []) if (isAbout(watch, matter, roster)) found.add(watch);
    }
    return [...found].toSorted((a, b) => (a.createdPosition < b.createdPosition ? -1 : 1));
  }
}

function keysOf({ filter: { matters, parties, jurisdictions } }: Watch): readonly string[] {
  if (matters) return matters.map((id) => `matter ${id}`);
  if (parties) return parties.map((id) => `party ${id}`);
  return jurisdictions ? jurisdictions.map((id) => `jurisdiction ${id}`) : [''];
}

export function isAbout({ filter }: Watch, { id, jurisdiction }: Matter, roster: Roster): boolean {
  return (
    (filter.matters?.includes(id) ?? true) &&
    (filter.jurisdictions?.includes(jurisdiction) ?? true) &&
    (filter.parties?.some((party) => roster.has(party)) ?? true)
  );
}

export function wants({ filter: { kinds } }: Watch, type: AlertType): boolean {
  return kinds?.some((kind) => kind === type) ?? true;
}

/** The parties of a matter that a watch is bound to; undefined: it is bound to none. */
export function boundTo({ filter: { parties } }: Watch, roster: Roster): readonly string[] | undefined {
  return parties?.filter((party) => roster.has(party));
}
