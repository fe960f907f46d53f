/** What addresses that we give to others begin with. */
export class PublicUrl {
  readonly #given: string | undefined;

  constructor(given: string | undefined) {
    this.#given = given;
  }

  /** As it was configured, or else as this request has found us. */
  for({ protocol, host }: { readonly protocol: string; readonly host: string }): string {
    return this.#given ?? `${protocol}://${host}`;
  }
}
