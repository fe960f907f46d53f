import type { Matter } from '#libs/matter';

/** How the parties of a matter are called. */
export class Names {
  readonly #names: ReadonlyMap<string, string>;

  constructor({ parties }: Pick<Matter, 'parties'>) {
    this.#names = new Map(parties.map(({ id, name }) => [id, name]));
  }

  /** The name with the id that commands take. */
  full(id: string): string {
    const name = this.#names.get(id);
    return name === undefined || name === id ? id : `${name} (${id})`;
  }
}
