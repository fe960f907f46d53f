import { ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import type { Slot } from './slot.ts';

/** Base of every class that describes a body. Instances live only while class-validator looks at them. */
export abstract class Dto {
  [field: string]: unknown;
}
export type DtoClass = (new () => Dto) & { readonly name: string };

/** A fragment of JSON Schema. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

/** What a check found: words about the value itself, or about places inside it. */
export type Finding = string | readonly { readonly at: readonly (string | number)[]; readonly message: string }[];
/** Looks at a value that is present; undefined when it is as it should be. */
export type Check = (value: unknown, owner: object) => Finding | undefined;

export interface Field {
  readonly optional: boolean;
  readonly rules: readonly PropertyDecorator[];
  /** Where objects of other shapes stand. */
  readonly slot?: Slot;
  readonly list?: boolean;
  readonly least?: number;
  readonly about?: string;
}
export type Required = Field & { readonly optional: false };
export type Optional = Field & { readonly optional: true };

/** One field per property of `T`, as optional as the property. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? Optional : Required;
};

export interface Shape {
  readonly about: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly exactlyOne: readonly string[];
}

/** Every shape by its class. */
export const shapes = new Map<DtoClass, Shape>();
/** The names of the checks, for which `rule` leaves a JSON Schema in the metadata. */
export const ruleNames = new Set<string>();

/** Declares what a class describes, by applying class-validator's decorators as functions: this source is only stripped. */
export function shape<T>(
  target: DtoClass,
  words: string,
  fields: Fields<T>,
  { exactlyOne = [] }: { readonly exactlyOne?: readonly (keyof T & string)[] } = {},
): void {
  declareShape(target, { about: words, fields: new Map(Object.entries<Field>(fields)), exactlyOne });
}

export function declareShape(target: DtoClass, declared: Shape): void {
  shapes.set(target, declared);
  for (const [key, field] of declared.fields) {
    for (const decorate of decorators(key, field, declared.exactlyOne)) decorate(target.prototype, key);
  }
}

function decorators(key: string, field: Field, exactlyOne: readonly string[]): PropertyDecorator[] {
  const all = [...field.rules];
  if (field.slot) all.push(ValidateNested());
  if (key === exactlyOne[0]) {
    const given = (owner: object) => exactlyOne.filter((name) => Reflect.get(owner, name) !== undefined).length;
    all.unshift(oneGiven(exactlyOne, given));
    all.unshift(ValidateIf((owner: object, value) => value !== undefined || given(owner) === 0));
  } else if (field.optional) {
    // Not IsOptional: it would let null pass.
    all.unshift(ValidateIf((_, value) => value !== undefined));
  }
  return all;
}

/** The name under which class-validator reports a fault of the whole object. */
export const EXACTLY_ONE = 'exactlyOne';

function oneGiven(names: readonly string[], given: (owner: object) => number): PropertyDecorator {
  ruleNames.add(EXACTLY_ONE);
  return ValidateBy({
    name: EXACTLY_ONE,
    constraints: [{}],
    validator: {
      validate: (_, args) => args !== undefined && given(args.object) === 1,
      defaultMessage: () => `must have exactly one of ${names.join(', ')}`,
    },
  });
}

/** A custom class-validator decorator whose message can carry places inside the value, and whose schema editors see. */
export function rule(name: string, schema: Schema, check: Check): PropertyDecorator {
  ruleNames.add(name);
  const found = (value: unknown, owner: object) => (value === undefined ? 'is required' : check(value, owner));
  return ValidateBy({
    name,
    constraints: [schema],
    validator: {
      validate: (value, args) => args !== undefined && found(value, args.object) === undefined,
      defaultMessage: (args) => (args === undefined ? '' : encodeFinding(found(args.value, args.object) ?? [])),
    },
  });
}

/** class-validator replaces `$value` and the like inside messages; what a client sent must not be read as such. */
function encodeFinding(finding: Finding): string {
  return JSON.stringify(finding).replaceAll('$', String.raw`\u0024`);
}

export function decodeFinding(message: string): Finding {
  if (!/^["[]/.test(message)) return message;
  const finding: Finding = JSON.parse(message);
  return finding;
}

export function checkedBy(...rules: readonly PropertyDecorator[]): Required {
  return { optional: false, rules };
}

export function optional(required: Required): Optional {
  return { ...required, optional: true };
}

/** Words for editors and the API document. */
export function about<F extends Field>(words: string, described: F): F {
  return { ...described, about: words };
}
