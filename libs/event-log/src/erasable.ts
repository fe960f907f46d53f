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
