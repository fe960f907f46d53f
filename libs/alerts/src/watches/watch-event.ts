import type { RecordedEvent } from '#libs/event-log';
import type { PrivateValue } from '#libs/vault';
import { isPrivateValue } from '#libs/vault';
import type { Channel, WatchSettings } from '../watch.ts';

export const WATCH_STREAMS = 'watch-';

export function watchStream(id: string): string {
  return `${WATCH_STREAMS}${id}`;
}

/** The channel as the log holds it. */
interface Addressed {
  readonly channelKind: Channel['kind'];
  readonly address: PrivateValue;
}

type Nothing = Readonly<Record<string, never>>;

/** What the stream of a watch may hold. */
export type WatchEvent =
  | { readonly type: 'WatchCreated'; readonly data: WatchSettings & Addressed & { readonly owner: string } }
  | { readonly type: 'WatchChanged'; readonly data: Partial<WatchSettings & Addressed> }
  | { readonly type: 'WatchPaused'; readonly data: Nothing }
  | { readonly type: 'WatchResumed'; readonly data: Nothing }
  | { readonly type: 'WatchDisabled'; readonly data: { readonly reason: string } }
  | { readonly type: 'WatchEnabled'; readonly data: Nothing }
  | { readonly type: 'WatchSecretRotated'; readonly data: Nothing }
  | { readonly type: 'WatchRemoved'; readonly data: Nothing };

export type LoggedWatchEvent = WatchEvent & Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'recordedAt'>;

const types: ReadonlySet<string> = new Set<WatchEvent['type']>([
  'WatchCreated',
  'WatchChanged',
  'WatchPaused',
  'WatchResumed',
  'WatchDisabled',
  'WatchEnabled',
  'WatchSecretRotated',
  'WatchRemoved',
]);

/** An event of a watch's stream; undefined for one that only a newer version of this program can read. */
export function readWatchEvent(event: RecordedEvent): LoggedWatchEvent | undefined {
  if (!types.has(event.type) || event.schema !== 1) return undefined;
  if (event.type === 'WatchCreated' && !(typeof event.data === 'object' && isPrivateValue(addressIn(event.data)))) {
    return undefined;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this library alone writes these streams, checked
  return event as unknown as LoggedWatchEvent;
}

function addressIn(data: object | null): unknown {
  return data && Reflect.get(data, 'address');
}
