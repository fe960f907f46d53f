import {
  type Appended,
  type EventLog,
  type Json,
  LogUnavailable,
  type NewEvent,
  uuidv7,
  WrongRevision,
} from '#libs/event-log';
import type { Vault } from '#libs/vault';
import type { Channel, Watch, WatchSettings } from '../watch.ts';
import { decideWatch, type SealedChannel, type WatchCommand, type WatchEdit } from './decide.ts';
import { evolveWatch } from './evolve.ts';
import { WatchRefusal } from './refusal.ts';
import { checkChannel } from './settings.ts';
import { readWatchEvent, type WatchEvent, watchStream } from './watch-event.ts';

export interface WatchDeskOptions {
  readonly log: EventLog;
  readonly vault: Vault;
  readonly newId?: () => string;
}

/** A watch as it stands after a command, and the position from which everybody who follows the log knows it. */
export interface WatchWritten {
  readonly watch: Watch;
  readonly position: bigint;
}

/** As an owner sends it: the channel in the open. */
export type WatchWish =
  | ({ readonly kind: 'change'; readonly channel?: Channel } & WatchEdit)
  | Exclude<WatchCommand, { kind: 'create' | 'change' }>;

const MOST_TRIES = 20;

/** Writes watches to the log, and opens what is sealed in them. */
export class WatchDesk {
  readonly #log: EventLog;
  readonly #vault: Vault;
  readonly #newId: () => string;

  constructor({ log, vault, newId = () => uuidv7() }: WatchDeskOptions) {
    this.#log = log;
    this.#vault = vault;
    this.#newId = newId;
  }

  /** @throws WatchRefusal */
  async create(owner: string, settings: WatchSettings, channel: Channel): Promise<WatchWritten> {
    const id = this.#newId();
    const { name, filter, leads, at, timeZone } = settings;
    const command = { kind: 'create', owner, settings: { name, filter, leads, at, timeZone } } as const;
    return this.#tell(id, owner, { ...command, channel: this.#sealed(id, channel) });
  }

  /** @param actor whoever asks, as the log is to name them. @throws WatchRefusal */
  async tell(id: string, actor: string, wish: WatchWish): Promise<WatchWritten> {
    if (wish.kind !== 'change') return this.#tell(id, actor, wish);
    const { channel, ...change } = wish;
    return this.#tell(id, actor, { ...change, ...(channel && { channel: this.#sealed(id, channel) }) });
  }

  /** As its stream gives it now; undefined for one that there never was. */
  async read(id: string): Promise<Watch | undefined> {
    return (await this.#read(id)).watch;
  }

  /** Undefined once it was erased. @throws VaultError */
  channelOf({ id, channelKind, address }: Watch): Channel | undefined {
    const text = this.#vault.open(address, watchStream(id));
    if (typeof text !== 'string') return undefined;
    return channelKind === 'webhook' ? { kind: 'webhook', url: text } : { kind: 'email', to: text };
  }

  /** What the watch signs with after so many rotations: 32 bytes for a purpose, such as `hmac`. */
  keyOf({ id }: Pick<Watch, 'id'>, purpose: string, rotation: number): Buffer {
    return this.#vault.derive(`watch-${purpose}`, id, String(rotation));
  }

  #sealed(id: string, channel: Channel): SealedChannel {
    checkChannel(channel);
    const text = channel.kind === 'webhook' ? channel.url : channel.to;
    return { kind: channel.kind, address: this.#vault.seal(text, watchStream(id)) };
  }

  async #read(id: string): Promise<{ readonly watch: Watch | undefined; readonly position: bigint }> {
    let watch: Watch | undefined;
    let position = 0n;
    for await (const event of this.#log.read(watchStream(id))) {
      const read = readWatchEvent(event);
      if (read) watch = evolveWatch(watch, read);
      position = event.position;
    }
    return { watch, position };
  }

  async #tell(id: string, actor: string, command: WatchCommand): Promise<WatchWritten> {
    // No command makes more events; the same ids in every try.
    const ids = [this.#newId(), this.#newId()];
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const known = await this.#read(id);
      const decided = decideWatch(known.watch, command);
      if (decided.length === 0) return written(known);
      const events = decided.map((event, at) => logged(event, { id: ids[at] ?? this.#newId(), actor }));
      const appended = await this.#append(id, known.watch, events);
      if (appended) return written(await this.#read(id));
    }
    throw new LogUnavailable(`The watch ${id} has more writers than this one can keep up with.`);
  }

  /** @returns undefined when the watch has moved on. */
  async #append(id: string, watch: Watch | undefined, events: readonly NewEvent[]): Promise<Appended | undefined> {
    const expectation = watch ? { revision: watch.revision } : 'no-stream';
    try {
      return await this.#log.append(watchStream(id), expectation, events);
    } catch (error) {
      if (error instanceof WrongRevision) return undefined;
      if (!(error instanceof LogUnavailable)) throw error;
      // Once more: if the append that ended in doubt did reach the log, the log knows the events by their ids.
      return this.#log.append(watchStream(id), expectation, events);
    }
  }
}

function logged({ type, data }: WatchEvent, { id, actor }: { readonly id: string; readonly actor: string }): NewEvent {
  // Events are plain JSON; the type knows their fields by name only.
  const plain: Json = JSON.parse(JSON.stringify(data));
  return { id, type, schema: 1, data: plain, meta: { actor } };
}

function written({ watch, position }: { readonly watch: Watch | undefined; readonly position: bigint }): WatchWritten {
  if (!watch) throw new WatchRefusal('unknown-watch', 'There is no such watch.');
  return { watch, position };
}
