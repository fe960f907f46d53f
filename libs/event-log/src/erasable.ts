import type { EventLog } from './port.ts';

/** Where the sealed part of a private value lies. */
export interface SealedPlace {
  readonly stream: string;
  readonly revision: number;
  /** RFC 6901, from the event's data. */
  readonly pointer: string;
}

/** A store that can take away the sealed part of a private value, `{ salted, sealed }`, and nothing else of an event. */
export interface Erasable {
  /**
   * Whether there was one, and it is gone from the store: from its pages and its write-ahead log, not from copies of it.
   * @throws LogReadOnly, LogUnavailable
   */
  eraseSealed(place: SealedPlace): Promise<boolean>;
}

export function isErasable(log: EventLog): log is EventLog & Erasable {
  return 'eraseSealed' in log && typeof log.eraseSealed === 'function';
}

/** The value that a pointer names; undefined when there is none. */
export function valueAt(data: unknown, pointer: string): unknown {
  if (pointer !== '' && !pointer.startsWith('/')) return undefined;
  const names = pointer.split('/').slice(1);
  return names.reduce<unknown>((value, name) => {
    const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? Reflect.get(value, key)
      : undefined;
  }, data);
}

export const ERASURE_STREAM = 'evidence-erasures';
export const PRIVATE_ERASED = 'PrivateErased';

/** That something was taken away, where, and why. When, and by whom, says the event itself. */
export interface PrivateErased {
  readonly event: string;
  readonly stream: string;
  readonly revision: number;
  /** RFC 6901, from the data of that event. */
  readonly pointer: string;
  /** The hash that stays in the leaf. */
  readonly salted: string;
  readonly reason: string;
}

/** Undefined for an event that is none. */
export function erasureIn({
  type,
  data,
}: {
  readonly type: string;
  readonly data: unknown;
}): PrivateErased | undefined {
  if (type !== PRIVATE_ERASED || typeof data !== 'object' || data === null) return undefined;
  const { event, stream, revision, pointer, salted, reason } = Object.assign<Partial<PrivateErased>, object>({}, data);
  if (event === undefined || stream === undefined || revision === undefined) return undefined;
  if (pointer === undefined || salted === undefined || reason === undefined) return undefined;
  return { event, stream, revision, pointer, salted, reason };
}
