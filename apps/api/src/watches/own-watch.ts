import type { Watch, WatchDesk } from '#libs/alerts';
import { isUuid } from '#libs/event-log';
import type { Caller } from '../http/caller.ts';
import { HttpRefusal } from '../http/http-refusal.ts';

/** A watch of whoever asks; those of others are not there. @throws HttpRefusal */
export async function ownWatch(desk: WatchDesk, id: string, { actor }: Caller): Promise<Watch> {
  const watch = isUuid(id) ? await desk.read(id) : undefined;
  if (watch?.owner === actor && watch.state !== 'removed') return watch;
  throw new HttpRefusal('unknown-watch', 'You have no such watch.');
}
