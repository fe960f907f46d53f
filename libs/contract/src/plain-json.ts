import { Malformed, MOST_ERRORS, pointer, type ShapeError } from './malformed.ts';

export interface PlainObject {
  readonly [key: string]: Plain;
}
/** A value that JSON can carry. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject;

const DEEPEST = 32;
const LONGEST_KEY = 200;

export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A copy of `value`, which must be plain JSON of bounded size. Signatures are made over RFC 8785 text, which has no form
 * for lone surrogates or non-finite numbers; `__proto__` would be an assignment to whoever copies the object next.
 * @throws Malformed
 */
export function plainJson(value: unknown, mostValues: number): Plain {
  const copier = new Copier(mostValues);
  const copy = copier.copy(value);
  if (copier.errors.length > 0) throw new Malformed(copier.errors);
  return copy;
}

class Copier {
  readonly errors: ShapeError[] = [];
  private readonly path: (string | number)[] = [];
  private left: number;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
    this.left = most;
  }

  copy(value: unknown): Plain {
    this.left -= 1;
    if (this.left < 0) throw new Malformed([{ pointer: '', message: `must not hold more than ${this.most} values` }]);
    switch (typeof value) {
      case 'string':
        return value.isWellFormed() ? value : this.refuse('must be well-formed Unicode, without lone surrogates');
      case 'number':
        return Number.isFinite(value) ? value : this.refuse('must be a finite number');
      case 'boolean':
        return value;
      case 'object':
        return value === null ? value : this.container(value);
      case 'undefined':
      case 'function':
      case 'bigint':
      case 'symbol':
        return this.refuse('must be a JSON value');
    }
  }

  private container(value: object): Plain {
    if (this.path.length >= DEEPEST) {
      const message = `must not be nested more than ${DEEPEST} levels deep`;
      throw new Malformed([{ pointer: pointer(this.path), message }]);
    }
    if (Array.isArray(value)) return this.list(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    // Objects of another realm (a test runner, a worker) have an Object.prototype of their own.
    const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
    return plain ? this.object(value) : this.refuse('must be a JSON value');
  }

  private list(items: readonly unknown[]): Plain {
    const copies: Plain[] = [];
    for (let index = 0; index < items.length && this.errors.length < MOST_ERRORS; index += 1) {
      this.path.push(index);
      copies.push(this.copy(items[index]));
      this.path.pop();
    }
    return copies;
  }

  private object(value: object): Plain {
    const copies: Record<string, Plain> = {};
    for (const [key, item] of Object.entries(value)) {
      if (this.errors.length >= MOST_ERRORS) break;
      this.path.push(key);
      if (key === '__proto__') this.refuse('is not a name a field may have');
      else if (key.length > LONGEST_KEY) this.refuse(`is a name longer than ${LONGEST_KEY} characters`);
      else if (!key.isWellFormed()) this.refuse('is a name with lone surrogates');
      else copies[key] = this.copy(item);
      this.path.pop();
    }
    return copies;
  }

  private refuse(message: string): null {
    this.errors.push({ pointer: pointer(this.path), message });
    return null;
  }
}
