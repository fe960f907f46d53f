import { validateSync, type ValidationError } from 'class-validator';
import { Malformed, MOST_ERRORS, pointer, type ShapeError } from './malformed.ts';
import { isObject, plainJson } from './plain-json.ts';
import { decodeFinding, type Dto, type DtoClass, EXACTLY_ONE, shapes } from './shape.ts';
import type { Slot } from './slot.ts';

type Path = (string | number)[];

const options = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
  validationError: { target: false, value: false },
} as const;

/** A request body is at most 1 MB; one that means something has far fewer values than this. */
const BODY_VALUES = 50_000;

/**
 * `value` as what stands in `slot`, copied. About 60 µs for an entry with three effects; the largest body takes 0.2 s.
 * @throws Malformed with everything found wrong.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names what the slot's checks amount to
export function read<T>(slot: Slot, value: unknown, mostValues = BODY_VALUES): T {
  const copy = plainJson(value, mostValues);
  const faults = new Faults();
  const instance = new Instantiation(faults).instance(slot, copy);
  if (instance !== null && typeof instance === 'object') faults.collect(validateSync(instance, options), []);
  if (faults.errors.length > 0) throw new Malformed(faults.errors);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is the parser: all checks passed
  return copy as T;
}

class Faults {
  readonly errors: ShapeError[] = [];
  private readonly seen = new Set<string>();

  add(path: readonly (string | number)[], message: string): void {
    const at = pointer(path);
    // What could not be read at all is reported once, by whoever saw it first.
    if (this.seen.has(at) || this.errors.length >= MOST_ERRORS) return;
    this.seen.add(at);
    this.errors.push({ pointer: at, message });
  }

  collect(found: readonly ValidationError[], path: Path): void {
    for (const error of found) {
      const here = error.property === undefined ? path : [...path, error.property];
      for (const [name, message] of Object.entries(error.constraints ?? {})) this.constraint(name, message, path, here);
      if (error.children) this.collect(error.children, here);
    }
  }

  private constraint(name: string, message: string, owner: Path, here: Path): void {
    // Whether an object stands where one must is known since `Instantiation`; a good plain value may stand there too.
    if (name === 'nestedValidation') return;
    const finding = decodeFinding(message);
    if (name === EXACTLY_ONE) this.add(owner, message);
    else if (typeof finding === 'string') this.add(here, finding);
    else for (const { at, message: words } of finding) this.add([...here, ...at], words);
  }
}

/** Makes the instances that class-validator looks at, and reports what no instance can be made of. */
class Instantiation {
  private readonly path: Path = [];
  private readonly open = new Map<string, number>();
  private readonly faults: Faults;

  constructor(faults: Faults) {
    this.faults = faults;
  }

  /** An instance, a good plain value, or null where a fault was reported: present, and never looked at again. */
  instance(slot: Slot, value: unknown): unknown {
    const choice = slot.choose(value);
    if (choice === undefined) return value;
    if (typeof choice !== 'function') {
      this.faults.add([...this.path, ...choice.at], choice.message);
      return null;
    }
    if (slot.deepest === undefined || slot.name === undefined) return this.object(choice, value);
    const level = (this.open.get(slot.name) ?? 0) + 1;
    if (level > slot.deepest) {
      this.faults.add(this.path, `must not stand more than ${slot.deepest} deep inside others of its kind`);
      return null;
    }
    this.open.set(slot.name, level);
    const made = this.object(choice, value);
    this.open.set(slot.name, level - 1);
    return made;
  }

  private object(target: DtoClass, value: unknown): Dto {
    const made = new target();
    const fields = shapes.get(target)?.fields;
    if (!fields || !isObject(value)) throw new TypeError(`${target.name} has no shape.`);
    for (const [key, item] of Object.entries(value)) {
      const declared = fields.get(key);
      this.path.push(key);
      // Not left to class-validator's whitelist: it takes `constructor` and `toString` for known names.
      if (!declared)
        this.faults.add(this.path, `is not a known field here; known are ${[...fields.keys()].join(', ')}`);
      else if (!declared.slot) made[key] = item;
      else made[key] = declared.list ? this.list(declared.slot, item) : this.instance(declared.slot, item);
      this.path.pop();
    }
    return made;
  }

  private list(slot: Slot, items: unknown): unknown {
    if (!Array.isArray(items)) {
      this.faults.add(this.path, 'must be a list');
      return null;
    }
    return items.map((item, index) => {
      this.path.push(index);
      const made = this.instance(slot, item);
      this.path.pop();
      return made;
    });
  }
}
