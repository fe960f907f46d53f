import { connect, type Socket } from 'node:net';
import { once } from 'node:events';

/** Many clients of one event stream, each as little as a client can be: it looks for one text in what comes. */
export class Crowd {
  readonly #sockets: Socket[] = [];
  /** What came last to each, in case the text was cut. */
  readonly #tails: string[] = [];
  #wanted = '';
  #missing = new Set<number>();
  #heard: (() => void) | undefined;

  static async of(count: number, url: string): Promise<Crowd> {
    const crowd = new Crowd();
    const { hostname, port, pathname } = new URL(url);
    const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAccept: text/event-stream\r\n\r\n`;
    for (let first = 0; first < count; first += 100) {
      const some = Array.from({ length: Math.min(100, count - first) }, (_, index) =>
        crowd.#join(first + index, { hostname, port: Number(port), request }),
      );
      await Promise.all(some);
    }
    return crowd;
  }

  /** Milliseconds since 1970 at which the last of them had this text. To be asked for before it is sent. */
  async hears(text: string): Promise<number> {
    this.#wanted = text;
    this.#missing = new Set(this.#sockets.keys());
    await new Promise<void>((resolve) => (this.#heard = resolve));
    return performance.timeOrigin + performance.now();
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #join(index: number, { hostname, port, request }: { hostname: string; port: number; request: string }) {
    const socket = connect(port, hostname).setNoDelay(true);
    this.#sockets[index] = socket;
    this.#tails[index] = '';
    await once(socket, 'connect');
    socket.write(request);
    // The stream's head, and its first comment.
    while (!this.#tails[index]?.includes('\n:\n\n')) {
      const [chunk]: Buffer[] = await once(socket, 'data');
      this.#tails[index] += chunk?.toString('latin1') ?? '';
    }
    socket.on('data', (chunk) => this.#take(index, chunk));
  }

  #take(index: number, chunk: Buffer): void {
    if (!this.#missing.has(index)) return;
    const seen = (this.#tails[index] ?? '') + chunk.toString('latin1');
    this.#tails[index] = seen.slice(-this.#wanted.length);
    if (!seen.includes(this.#wanted)) return;
    this.#missing.delete(index);
    if (this.#missing.size === 0) this.#heard?.();
  }
}
