import type { Party } from './entry.ts';

/**
 * The parties of a matter and how classes contain one another. An *end member* has no members itself:
 * answers are worked out for end members and rolled up.
 */
export class Roster {
  readonly #parties = new Map<string, Party>();
  readonly #members = new Map<string, string[]>();
  readonly #above = new Map<string, ReadonlySet<string>>();
  readonly #leaves = new Map<string, readonly string[]>();
  readonly #places: ReadonlyMap<string, number>;
  /** Every end member, in the order in which the parties were added. */
  readonly ends: readonly string[];

  constructor(parties: readonly Party[]) {
    for (const party of parties) this.#parties.set(party.id, party);
    for (const party of parties) {
      for (const above of party.memberOf ?? []) {
        const members = this.#members.get(above);
        if (members) members.push(party.id);
        else this.#members.set(above, [party.id]);
      }
    }
    this.ends = parties.filter((party) => !this.#members.has(party.id)).map((party) => party.id);
    this.#places = new Map(this.ends.map((id, place) => [id, place]));
  }

  has(id: string): boolean {
    return this.#parties.has(id);
  }

  get(id: string): Party | undefined {
    return this.#parties.get(id);
  }

  /** The party of that name: an author's default party (MODEL §1). */
  named(name: string): Party | undefined {
    for (const party of this.#parties.values()) if (party.name === name) return party;
    return undefined;
  }

  /** The party itself and every class above it. */
  above(id: string): ReadonlySet<string> {
    const known = this.#above.get(id);
    if (known) return known;
    const above = new Set<string>([id]);
    for (const next of above) for (const parent of this.#parties.get(next)?.memberOf ?? []) above.add(parent);
    this.#above.set(id, above);
    return above;
  }

  /** Whether the list names the party or a class above it. */
  covers(list: readonly string[], id: string): boolean {
    if (list.length === 1) return list[0] === id || this.above(id).has(list[0] ?? '');
    const above = this.above(id);
    return list.some((named) => above.has(named));
  }

  /** The end members at or below a party. */
  leaves(id: string): readonly string[] {
    const known = this.#leaves.get(id);
    if (known) return known;
    const leaves = this.ends.filter((end) => this.above(end).has(id));
    this.#leaves.set(id, leaves);
    return leaves;
  }

  /** The same end members in the order of the roster, so that what is not known yet cannot reorder an answer. */
  sorted(ids: readonly string[]): readonly string[] {
    return ids.length < 2 ? ids : ids.toSorted((a, b) => this.place(a) - this.place(b));
  }

  /** An end member's place in the roster. */
  place(id: string): number {
    return this.#places.get(id) ?? -1;
  }

  /** Whether two scopes can concern the same party; an absent scope concerns all. */
  overlap(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
    if (!a || !b) return true;
    return this.ends.some((end) => this.covers(a, end) && this.covers(b, end));
  }
}
