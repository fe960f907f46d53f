import { validateSync } from 'class-validator';
import { type Cursor, foreign, readCursor, type ResolvedClocks } from './cursor.ts';
import { Malformed, type ShapeError } from './malformed.ts';
import type { Parameter } from './parameters.ts';
import { declareShape, decodeFinding, type DtoClass, type Finding } from './shape.ts';

/** Query parameters as an HTTP server or a command line gives them. */
export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

type Texts = Readonly<Record<string, string>>;
/** The shape of each call's query. */
export const calls = new Map<string, DtoClass>();

type Parse<Q> = (raw: RawQuery, scope?: string) => Q;

const options = { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true } as const;
const LONGEST = 4000;
const STANDARD_LIMIT = 50;

/** What may differ from page to page; all else is the cursor's. */
const perPage: ReadonlySet<string> = new Set(['cursor', 'limit', 'minPosition']);

/**
 * A parser of one call's query. `scope` is what the path names (a matter): a cursor of another scope is refused.
 * The parser throws Malformed.
 */
export function call<Q>(
  name: string,
  target: DtoClass,
  parameters: { readonly [K in Exclude<keyof Q & string, 'origin'>]-?: Parameter },
): Parse<Q> {
  const fields = new Map(Object.entries<Parameter>(parameters));
  calls.set(name, target);
  declareShape(target, { about: name, fields, exactlyOne: [] });
  const reader = new Reader(target, fields);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is the parser: every parameter was checked
  return (raw, scope) => reader.read(raw, scope === undefined ? name : `${name}:${scope}`) as Q;
}

class Reader {
  private readonly target: DtoClass;
  private readonly fields: ReadonlyMap<string, Parameter>;

  constructor(target: DtoClass, fields: ReadonlyMap<string, Parameter>) {
    this.target = target;
    this.fields = fields;
  }

  read(raw: RawQuery, name: string): object {
    const given = this.single(raw);
    if (!this.fields.has('cursor')) return this.values(given);
    const { cursor: text, ...rest } = given;
    if (text !== undefined) return this.nextPage(rest, readCursor(text, name));
    const { minPosition: _, ...asked } = rest;
    return { limit: STANDARD_LIMIT, ...this.values(rest), origin: { call: name, asked } };
  }

  /** Every parameter once, and none that is not known. */
  private single(raw: RawQuery): Texts {
    const errors: ShapeError[] = [];
    const unknown = `is not a known parameter here; known are ${[...this.fields.keys()].join(', ')}`;
    const texts: Record<string, string> = {};
    for (const [parameter, value] of Object.entries(raw)) {
      const [text, ...more] = typeof value === 'object' ? value : [value];
      if (!this.fields.has(parameter)) errors.push({ parameter: shown(parameter), message: unknown });
      else if (more.length > 0) errors.push({ parameter, message: 'is given more than once' });
      else if (text !== undefined && (text.length > LONGEST || !text.isWellFormed()))
        errors.push({ parameter, message: 'must be well-formed text of reasonable length' });
      else if (text !== undefined) texts[parameter] = text;
    }
    if (errors.length > 0) throw new Malformed(errors);
    return texts;
  }

  private values(texts: Texts): Record<string, unknown> {
    const errors = this.faults(texts);
    if (errors.length > 0) throw new Malformed(errors);
    return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, this.fields.get(key)?.as(text)]));
  }

  private faults(texts: Texts): ShapeError[] {
    const instance = Object.assign(new this.target(), texts);
    return validateSync(instance, options).flatMap(({ property, constraints = {} }) =>
      Object.values(constraints).map((message) => ({ parameter: property, message: wordsOf(decodeFinding(message)) })),
    );
  }

  private nextPage(given: Texts, cursor: Cursor): object {
    const errors = Object.entries(given)
      .filter(([key, text]) => !perPage.has(key) && text !== cursor.asked[key] && text !== clockOf(cursor, key))
      .map(([parameter]) => ({ parameter, message: 'contradicts the cursor' }));
    if (errors.length > 0) throw new Malformed(errors);
    const { at: _, knownAt: __, publishedBy: ___, ...filter } = cursor.asked;
    const kept = { ...filter, ...present(cursor.clocks) };
    const strange = Object.keys(kept).some((key) => key === 'cursor' || !this.fields.has(key));
    if (strange || this.faults(kept).length > 0) throw foreign();
    const values = this.values({ ...kept, ...given, ...present(cursor.clocks) });
    const { limit } = given;
    const asked = { ...cursor.asked, ...(limit !== undefined && { limit }) };
    return { limit: STANDARD_LIMIT, ...values, cursor, origin: { call: cursor.call, asked } };
  }
}

function clockOf({ clocks }: Cursor, key: string): string | null {
  return key === 'at' || key === 'knownAt' || key === 'publishedBy' ? clocks[key] : null;
}

function present(clocks: ResolvedClocks): Texts {
  const texts: Record<string, string> = {};
  for (const [key, text] of Object.entries(clocks)) if (typeof text === 'string') texts[key] = text;
  return texts;
}

const wordsOf = (finding: Finding): string =>
  typeof finding === 'string' ? finding : finding.map(({ message }) => message).join('; ');

const shown = (name: string): string => name.toWellFormed().slice(0, 100);
