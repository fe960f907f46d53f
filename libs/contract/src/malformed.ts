/** One thing wrong with a request: at an RFC 6901 pointer into the body, or at a query parameter. */
export type ShapeError =
  | { readonly pointer: string; readonly parameter?: never; readonly message: string }
  | { readonly parameter: string; readonly pointer?: never; readonly message: string };

/** No answer lists more than this many errors. */
export const MOST_ERRORS = 50;

/** A body or query that does not have the shape asked for. It says nothing yet about the record. */
export class Malformed extends Error {
  readonly rule = 'malformed';
  readonly errors: readonly ShapeError[];
  constructor(errors: readonly ShapeError[]) {
    const [first, ...rest] = errors;
    const where = first?.pointer ?? first?.parameter;
    super(
      `${where ? `${where} ` : ''}${first?.message ?? 'is malformed'}${rest.length > 0 ? `, and ${rest.length} more` : ''}`,
    );
    this.errors = errors.slice(0, MOST_ERRORS);
  }
  override get name(): string {
    return 'Malformed';
  }
}

/** Names longer than this are cut where an answer repeats them. */
const LONGEST_ECHO = 100;

/** RFC 6901 pointer of a path. */
export function pointer(path: readonly (string | number)[]): string {
  return path.map((step) => `/${escaped(String(step))}`).join('');
}

function escaped(step: string): string {
  const shown = step.length > LONGEST_ECHO ? `${step.slice(0, LONGEST_ECHO)}…` : step;
  return shown.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
