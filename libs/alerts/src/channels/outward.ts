import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { admitAddress, hostOf, outwardUrl, type OutwardRules } from './outward-url.ts';

export interface OutwardOptions extends OutwardRules {
  /** Every address of a name. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  /** Whose certificates count, beside the usual ones; for tests. */
  readonly ca?: string;
  readonly connectMs?: number;
  readonly totalMs?: number;
}

export interface OutwardRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal?: AbortSignal;
}

export interface OutwardAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of it. */
  readonly body: string;
}

const CONNECT_MS = 3000;
const TOTAL_MS = 15_000;
const MOST_ANSWER = 4096;

/**
 * Sends to addresses that strangers chose, and to none that only we can reach. The addresses of a name are checked in
 * the look-up whose result the socket connects to, so there is no moment between check and connection in which a
 * name could change. Redirects are answers like any other; no proxy and no old connection is used.
 */
export class Outward {
  readonly #options: OutwardOptions;
  readonly #resolve: (host: string) => Promise<readonly LookupAddress[]>;

  constructor(options: OutwardOptions) {
    this.#options = options;
    this.#resolve = options.resolve ?? resolveAll;
  }

  /** @throws OutwardRefused, or what the network throws */
  async post({ url: text, headers, body, signal }: OutwardRequest): Promise<OutwardAnswer> {
    const { connectMs = CONNECT_MS, totalMs = TOTAL_MS } = this.#options;
    const url = outwardUrl(text, this.#options);
    const host = hostOf(url);
    // Node asks nobody about an address that is written out.
    if (isIP(host) > 0) admitAddress(host, url, this.#options);
    const total = AbortSignal.timeout(totalMs);
    const connecting = new AbortController();
    const impatience = setTimeout(
      () => connecting.abort(new Error(`No connection within ${connectMs / 1000} s.`)),
      connectMs,
    );
    const signals = [total, connecting.signal, ...(signal ? [signal] : [])];
    try {
      const response = await this.#send(url, {
        headers: { ...headers, 'content-length': String(body.length) },
        body,
        signal: AbortSignal.any(signals),
        connected: () => clearTimeout(impatience),
      });
      return { status: response.statusCode ?? 0, headers: response.headers, body: await beginning(response) };
    } catch (error) {
      // An aborted request says only that it was aborted.
      if (total.aborted) throw new Error(`No answer within ${totalMs / 1000} s.`, { cause: error });
      throw signals.find(({ aborted }) => aborted)?.reason ?? error;
    } finally {
      clearTimeout(impatience);
    }
  }

  #send(url: URL, { headers, body, signal, connected }: Sending): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const secure = url.protocol === 'https:';
    const agent = secure ? new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 }) : new HttpAgent();
    const { ca } = this.#options;
    const common = { method: 'POST', headers, signal, lookup: this.#lookup(url), agent };
    const request = secure
      ? requestHttps(url, { ...common, ...(ca !== undefined && { ca }) })
      : requestHttp(url, common);
    request.on('response', resolve).on('error', reject);
    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', connected);
      socket.once('connect', () => {
        try {
          admitAddress(socket.remoteAddress ?? '', url, this.#options);
        } catch (error) {
          request.destroy(error instanceof Error ? error : undefined);
        }
      });
    });
    request.end(body);
    return promise;
  }

  /** One address that may not be reached is enough to refuse them all: whoever runs the name means harm. */
  #lookup(url: URL): LookupFunction {
    return (host, { all }, done) => {
      const answer = async (): Promise<void> => {
        try {
          const found = await this.#resolve(host);
          const [first] = found;
          if (!first) throw new Error(`The name ${host} has no address.`);
          for (const { address } of found) admitAddress(address, url, this.#options);
          if (all === true) done(null, [...found]);
          else done(null, first.address, first.family);
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)), []);
        }
      };
      void answer();
    };
  }
}

interface Sending {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
  readonly connected: () => void;
}

function resolveAll(host: string): Promise<readonly LookupAddress[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly LookupAddress[]>();
  dnsLookup(host, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  return promise;
}

/** What of the answer is kept. The status has decided by now: an answer that does not end loses only its rest. */
async function beginning(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response) {
      if (!Buffer.isBuffer(part)) continue;
      parts.push(part);
      size += part.length;
      if (size >= MOST_ANSWER) break;
    }
  } catch {
    // The connection broke, or the time was up.
  }
  response.destroy();
  return Buffer.concat(parts).subarray(0, MOST_ANSWER).toString('utf8');
}
