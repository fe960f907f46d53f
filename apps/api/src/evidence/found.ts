import type { FastifyRequest } from 'fastify';
import { type EventLog, isUuid } from '#libs/event-log';
import { parseTilePath, type TileName } from '#libs/evidence';
import { HttpRefusal } from '../http/http-refusal.ts';
import { pathOf } from '../http/request-id.ts';
import type { Sealing } from './sealing.ts';

const PATIENCE_MS = 5000;

interface Tree {
  readonly sealing: Sealing;
  readonly log: EventLog;
}

/** The index of an event among all leaves. @throws HttpRefusal */
export async function placeOf(tree: Tree, event: string): Promise<number> {
  const { store } = tree.sealing.evidence;
  const place = isUuid(event) ? (store.indexOf(event) ?? (await takenIn(tree, event))) : undefined;
  if (place === undefined) throw new HttpRefusal('unknown-event', 'There is no event with this id.');
  return place;
}

/** What was recorded just now may still be on its way into the tree. */
async function takenIn({ sealing: { evidence }, log }: Tree, event: string): Promise<number | undefined> {
  try {
    await evidence.catchUp(await log.head(), { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new HttpRefusal('not-caught-up', 'The evidence has not taken in everything that was recorded.', {
      headers: { 'retry-after': '1' },
    });
  }
  return evidence.store.indexOf(event);
}

/** The tile that a path names, which the tree that was sealed is large enough for. @throws HttpRefusal */
export function tileName({ evidence: { store } }: Sealing, request: FastifyRequest): TileName {
  const name = parseTilePath(pathOf(request).slice(1));
  if (!name || !store.reaches(name, store.newest?.size ?? 0)) throw noTile();
  return name;
}

export function noTile(): HttpRefusal {
  return new HttpRefusal('not-found', 'The tree that was sealed has no such tile.');
}
