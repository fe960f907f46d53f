import { isPinned, type Pinned } from '#libs/event-log';
import { fromServer } from './envelope.ts';
import type { Reader } from './reader.ts';
import { RunningMaximum } from './record-clock.ts';

/**
 * Whether the pinned event is still there. Servers have been known to lose what they had acknowledged, and what
 * subscribers had been shown, when a cluster changed its leader. Only the leader is asked: another node may not have the
 * event yet.
 */
export async function isThere(reader: Reader, prefix: string, pinned: Pinned): Promise<boolean> {
  const [found] = await reader.stream(pinned.stream, pinned.revision, 1, true);
  return found !== undefined && isPinned(fromServer(found, prefix, new RunningMaximum()), pinned);
}
