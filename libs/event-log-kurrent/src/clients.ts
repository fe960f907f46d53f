import { setTimeout as pause } from 'node:timers/promises';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { LogUnavailable, LogUnusable } from '#libs/event-log';

const RELEASE_MS = 250;
const DISCOVERY_MS = 50;

/**
 * One client object for one purpose. A failing call closes the channel for everything else on the same object, so that
 * writes, reads and each subscription have their own; and an object whose first look-up of the server's features
 * failed refuses every later append without asking again, so that it must be possible to throw it away.
 */
export class ClientHolder {
  readonly #connectionString: string;
  /** Thrown away, and what will give back its connection. */
  readonly #leaving = new Map<KurrentDBClient, NodeJS.Timeout>();
  #client: KurrentDBClient | undefined;
  #closed = false;

  constructor(connectionString: string) {
    this.#connectionString = withHaste(connectionString);
  }

  /** @throws LogUnavailable when closed. */
  get(): KurrentDBClient {
    if (this.#closed) throw new LogUnavailable('The log is closed.');
    this.#client ??= KurrentDBClient.connectionString(this.#connectionString);
    return this.#client;
  }

  /** Throws this object away; whoever asks next gets a new one. What is under way on it may still end. */
  discard(client: KurrentDBClient, afterMs: number): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    const leave = (): void => {
      this.#leaving.delete(client);
      void release(client);
    };
    this.#leaving.set(client, setTimeout(leave, afterMs).unref());
  }

  async close(): Promise<void> {
    this.#closed = true;
    const clients = [...this.#leaving.keys()];
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    if (this.#client) clients.push(this.#client);
    this.#client = undefined;
    await Promise.all(clients.map(release));
  }
}

/** @throws LogUnusable for what is no connection string, without repeating it: it may hold a password. */
export function checkConnectionString(connectionString: string): void {
  try {
    KurrentDBClient.connectionString(withHaste(connectionString));
  } catch (error) {
    const [firstLine = ''] = String(Reflect.get(Object(error), 'message')).split('\n');
    const clean = firstLine.replace(/^Unexpected ".*" at position/, 'unexpected text at position');
    throw new LogUnusable(`This is no connection string for KurrentDB: ${clean}`);
  }
}

/**
 * The client's reading half waits before it first connects, half a second unless told otherwise, and looks for a new
 * leader as seldom. And it warns of the scheme's old name each time: the new one means the same.
 */
function withHaste(connectionString: string): string {
  const renamed = connectionString.replace(/^esdb(?=\+|:)/, 'kurrentdb');
  if (/[?&]discoveryInterval=/i.test(renamed)) return renamed;
  return `${renamed}${renamed.includes('?') ? '&' : '?'}discoveryInterval=${DISCOVERY_MS}`;
}

/**
 * Cancels the object's streams and closes its channel. It has a public way to do the first only; without the second
 * its sockets and keep-alive timers would outlive it.
 */
async function release(client: KurrentDBClient): Promise<void> {
  try {
    const getChannel: unknown = Reflect.get(client, 'getChannel');
    const channel: unknown = typeof getChannel === 'function' ? await Reflect.apply(getChannel, client, []) : undefined;
    // A stream that the server has ended on its side alone is never done, and would be waited for for ever.
    await Promise.race([client.dispose(), pause(RELEASE_MS, undefined, { ref: false })]);
    const close: unknown = Reflect.get(Object(channel), 'close');
    if (typeof close === 'function') Reflect.apply(close, channel, []);
  } catch {
    // A channel that was never reached leaves nothing to close.
  }
}
