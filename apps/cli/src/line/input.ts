/** What was typed after a command's name, checked against its specification. */
export class Input {
  readonly #arguments: ReadonlyMap<string, string>;
  readonly #options: ReadonlyMap<string, readonly string[]>;

  constructor(given: ReadonlyMap<string, string>, options: ReadonlyMap<string, readonly string[]>) {
    this.#arguments = given;
    this.#options = options;
  }

  /** An argument that the specification does not call optional. */
  argument(name: string): string {
    const value = this.#arguments.get(name);
    if (value === undefined) throw new Error(`The command has no argument ${name}.`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.#arguments.get(name);
  }

  option(name: string): string | undefined {
    return this.#options.get(name)?.[0];
  }

  /** The values of an option that may be given several times. */
  all(name: string): readonly string[] {
    return this.#options.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#options.has(name);
  }
}
