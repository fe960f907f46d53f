import { isObject } from './plain-json.ts';
import { checkedBy, type DtoClass, type Finding, type Required, rule, type Schema } from './shape.ts';

/** What stands in one place: the class to read an object as, words against it, or undefined for a good plain value. */
type Choice = DtoClass | { readonly at: readonly string[]; readonly message: string } | undefined;

/** A place where objects of other shapes stand. */
export interface Slot {
  /** Of a union, in the schemas. */
  readonly name?: string;
  readonly about?: string;
  /** The field that chooses the class, and what each of its values chooses. */
  readonly discriminator?: { readonly field: string; readonly values: ReadonlyMap<string, DtoClass> };
  readonly classes: readonly DtoClass[];
  /** Plain values that may stand here as well. */
  readonly plain?: Schema;
  /** How many slots of this name may stand inside each other. */
  readonly deepest?: number;
  readonly choose: (value: unknown) => Choice;
}

const notAnObject: Choice = { at: [], message: 'must be an object' };

export function one(target: DtoClass): Slot {
  return { classes: [target], choose: (value) => (isObject(value) ? target : notAnObject) };
}

/** An object whose class is chosen by the text in one of its fields. */
export function oneOf(
  name: string,
  key: string,
  classes: Readonly<Record<string, DtoClass>>,
  refused: Readonly<Record<string, string>> = {},
): Slot {
  const byValue = new Map(Object.entries(classes));
  const expected = `one of ${[...byValue.keys()].join(', ')}`;
  const choose = (value: unknown): Choice => {
    if (!isObject(value)) return notAnObject;
    if (!Object.hasOwn(value, key)) return { at: [key], message: `is required: ${expected}` };
    const chosen = value[key];
    if (typeof chosen !== 'string') return { at: [key], message: `must be ${expected}` };
    if (Object.hasOwn(refused, chosen)) return { at: [key], message: refused[chosen] ?? '' };
    return byValue.get(chosen) ?? { at: [key], message: `must be ${expected}` };
  };
  return { name, discriminator: { field: key, values: byValue }, classes: [...new Set(byValue.values())], choose };
}

/** A plain value, or an object whose class is chosen by the first of these fields that it has. */
export function byField(
  union: Pick<Slot, 'name' | 'about' | 'plain' | 'deepest'>,
  isPlain: (value: unknown) => boolean,
  classes: readonly (readonly [key: string, target: DtoClass])[],
  expected: string,
): Slot {
  const choose = (value: unknown): Choice => {
    if (isPlain(value)) return undefined;
    if (!isObject(value)) return { at: [], message: `must be ${expected}` };
    const found = classes.find(([key]) => Object.hasOwn(value, key));
    return found ? found[1] : { at: [], message: `must be ${expected}` };
  };
  return { ...union, classes: [...new Set(classes.map(([, target]) => target))], choose };
}

/** A field that holds one object. */
export function nested(slot: Slot): Required {
  // The slot's own schema and faults say the rest: see `instantiate`.
  return { ...checkedBy(rule('present', {}, () => undefined)), slot };
}

/** A field that holds a list of objects, of which no two may share the value of the field `distinct`. */
export function list(slot: Slot, { least = 0, distinct }: { least?: number; distinct?: string } = {}): Required {
  const counted = rule('list', {}, (value) => {
    if (!Array.isArray(value)) return undefined;
    if (value.length < least) return `must have at least ${least} ${least === 1 ? 'item' : 'items'}`;
    return distinct === undefined ? undefined : repeated(value, distinct);
  });
  return { ...checkedBy(counted), slot, list: true, least };
}

function repeated(items: readonly unknown[], key: string): Finding | undefined {
  const seen = new Set<unknown>();
  const faults = items.flatMap((item, index) => {
    const value: unknown = isObject(item) ? item[key] : undefined;
    if (value === undefined || !seen.has(value)) {
      seen.add(value);
      return [];
    }
    return [{ at: [index, key], message: 'is in the list already' }];
  });
  return faults.length > 0 ? faults : undefined;
}
