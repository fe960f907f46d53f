import type { FastifyRequest } from 'fastify';
import type { KeyStore } from '#libs/access';
import type { WatchDesk } from '#libs/alerts';
import type { EventLog } from '#libs/event-log';
import { NotFound, type Register } from '#libs/register';
import { placeOf, tileName } from '../evidence/found.ts';
import type { Sealing } from '../evidence/sealing.ts';
import { ownFeed } from '../feeds/own-feed.ts';
import type { Lookups } from '../http/call.ts';
import { ownWatch } from '../watches/own-watch.ts';

interface Holders {
  readonly log: EventLog;
  readonly register: Pick<Register, 'file' | 'fresh'>;
  readonly keys: KeyStore;
  readonly desk: WatchDesk;
  readonly sealing: Sealing;
}

const SLUG = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Where to look for what paths name. */
export function lookups({ log, register, keys, desk, sealing }: Holders): Lookups {
  const matter = async (id: string) => {
    if (!SLUG.test(id)) throw new NotFound('unknown-matter', 'There is no matter with this id.');
    return register.file(id);
  };
  return {
    matter: ({ params }) => matter(named(params, 'matter')),
    entry: async ({ params }) => {
      const [id, entry] = [named(params, 'matter'), named(params, 'entry')];
      if ((await matter(id)).record.entries.has(entry)) return;
      // Another replica may have recorded it a moment ago.
      if (!(await register.fresh(id)).record.entries.has(entry))
        throw new NotFound('unknown-entry', `The matter ${id} has no entry with this id.`);
    },
    event: ({ params }) => placeOf({ sealing, log }, named(params, 'event')),
    feed: ({ params, caller }) => ownFeed(keys, named(params, 'feed'), caller),
    tile: (request) => tileName(sealing, request),
    watch: ({ params, caller }) => ownWatch(desk, named(params, 'watch'), caller),
  };
}

function named(params: FastifyRequest['params'], name: string): string {
  const value: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  return typeof value === 'string' ? value : '';
}
