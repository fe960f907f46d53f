import type { ServerResponse } from 'node:http';
import type { Told } from '../answers/answer-given.ts';
import { type Answer, JSON_TYPE } from './answer.ts';
import { isKnown } from './etag.ts';
import { readHeaders } from './read-headers.ts';

/** Taken before an answer is computed: an answer that was overtaken by a change is not kept. */
export interface Ticket {
  readonly matter: string;
  readonly generation: number;
}

export interface Kept {
  readonly matter: string;
  readonly validUntil: number;
  readonly bytes: Buffer;
  readonly etag: string;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly head: readonly string[];
  readonly notModified: readonly string[];
  readonly size: number;
  /** What has to be on record before somebody with a key gets it. */
  readonly told: Told | undefined;
}

export interface HotAnswersOptions {
  readonly now: () => number;
  readonly mostBytes?: number;
}

const MOST_BYTES = 64 * 1024 * 1024;
/** Of an answer beside its body: key, headers, places in the maps. */
const OVERHEAD = 1000;

/**
 * Answers about one matter, ready to send, by raw URL: what is asked often costs a look-up. The same for everybody who
 * may read. An answer holds while its matter is unchanged and its time has not come (MODEL §8).
 */
export class HotAnswers {
  readonly #now: () => number;
  readonly #mostBytes: number;
  /** In order of use, the least recent first. */
  readonly #kept = new Map<string, Kept>();
  readonly #ofMatter = new Map<string, Set<string>>();
  #generation = 0;
  readonly #changedAt = new Map<string, number>();
  #bytes = 0;
  hits = 0;
  misses = 0;

  constructor({ now, mostBytes = MOST_BYTES }: HotAnswersOptions) {
    this.#now = now;
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#kept.size;
  }

  ticket(matter: string): Ticket {
    return { matter, generation: this.#changedAt.get(matter) ?? 0 };
  }

  /** Forgets what was answered about a matter. */
  changed(matter: string): void {
    this.#generation += 1;
    this.#changedAt.set(matter, this.#generation);
    for (const url of this.#ofMatter.get(matter) ?? []) this.#drop(url);
  }

  keep(url: string, { keeping, bytes, etag, told }: Answer): void {
    if (!keeping || etag === undefined) return;
    const { ticket, validUntil } = keeping;
    const size = bytes.length + 2 * url.length + OVERHEAD;
    if ((this.#changedAt.get(ticket.matter) ?? 0) !== ticket.generation || size > this.#mostBytes / 16) return;
    if (this.#kept.has(url)) this.#drop(url);
    const notModified = Object.entries(readHeaders(etag)).flat();
    const head = [...notModified, 'content-type', JSON_TYPE, 'content-length', String(bytes.length)];
    const until = validUntil ?? Number.POSITIVE_INFINITY;
    const { matter } = ticket;
    this.#kept.set(url, { matter, validUntil: until, bytes, etag, head, notModified, size, told });
    let urls = this.#ofMatter.get(matter);
    if (!urls) this.#ofMatter.set(matter, (urls = new Set()));
    urls.add(url);
    this.#bytes += size;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#drop(oldest);
    }
  }

  send(kept: Kept, ifNoneMatch: string | undefined, requestId: string, response: ServerResponse): void {
    if (isKnown(ifNoneMatch, kept.etag))
      response.writeHead(304, [...kept.notModified, 'x-request-id', requestId]).end();
    else response.writeHead(200, [...kept.head, 'x-request-id', requestId]).end(kept.bytes);
  }

  /** What is kept for this URL, if anything is. */
  find(url: string): Kept | undefined {
    const kept = this.#kept.get(url);
    if (kept && this.#now() < kept.validUntil) {
      this.hits += 1;
      // Moving it on every hit costs more than sending it; now and then is enough to keep it from being the oldest.
      if ((this.hits & 63) === 0) this.#use(url, kept);
      return kept;
    }
    if (kept) this.#drop(url);
    return undefined;
  }

  #use(url: string, kept: Kept): void {
    this.#kept.delete(url);
    this.#kept.set(url, kept);
  }

  #drop(url: string): void {
    const kept = this.#kept.get(url);
    if (!kept) return;
    this.#kept.delete(url);
    this.#bytes -= kept.size;
    const urls = this.#ofMatter.get(kept.matter);
    urls?.delete(url);
    if (urls?.size === 0) this.#ofMatter.delete(kept.matter);
  }
}
