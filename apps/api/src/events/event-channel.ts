import type { ServerResponse } from 'node:http';
import { secureHeaders } from '../http/secure-headers.ts';
import { SSE } from './media.ts';

/** A client that takes nothing for this long is let go; it resumes from the last event it took. */
export const PATIENCE_MS = 60_000;

/** The headers of an event stream. */
export function eventStreamHead(requestId: string): Readonly<Record<string, string>> {
  return {
    ...secureHeaders,
    'content-type': `${SSE}; charset=utf-8`,
    'cache-control': 'no-store',
    // nginx would hold events back until it has a buffer full of them.
    'x-accel-buffering': 'no',
    'x-request-id': requestId,
  };
}

/** The writing end of one server-sent event stream (WHATWG HTML §9.2). It holds what Node buffers, and no more. */
export class EventChannel {
  readonly #response: ServerResponse;
  readonly #patienceMs: number;

  constructor(response: ServerResponse, patienceMs = PATIENCE_MS) {
    this.#response = response;
    this.#patienceMs = patienceMs;
  }

  /** False once the client has no room for more, or is gone; this frame it still gets. */
  write(frame: string | Buffer): boolean {
    const { socket, destroyed } = this.#response;
    if (destroyed) return false;
    // Node would send at the end of this turn of the event loop, and whatever else is to be done in it comes before that.
    socket?.cork();
    const room = this.#response.write(frame);
    socket?.uncork();
    return room;
  }

  /** Resolves once the client has room for more; destroys the connection of one that has none for too long. */
  async room(): Promise<void> {
    if (this.#response.destroyed || !this.#response.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#response.off('drain', end).off('close', end);
        resolve();
      };
      const timer = setTimeout(() => this.#response.destroy(), this.#patienceMs);
      this.#response.once('drain', end).once('close', end);
    });
  }

  async send(frame: string | Buffer): Promise<void> {
    if (!this.write(frame)) await this.room();
  }

  /** A comment, to keep proxies from closing a quiet connection; a busy one needs none. */
  beat(): void {
    if (!this.#response.destroyed && !this.#response.writableNeedDrain) this.#response.write(':\n\n');
  }

  end(): void {
    this.#response.end();
  }
}
