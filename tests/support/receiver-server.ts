import { createServer as createHttp, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { once } from 'node:events';

/** For `receiver.test` and 127.0.0.1, signed by itself; good for a hundred years and nothing but these tests. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrmAqYNuu+25Dgqye
ZA5xTfpho2+vswJJoszV18RyzY+hRANCAARbin3yaHVeen8QtGHTlCLAvp2kRvMV
eTG5JcflIVNeudYxT9EiZpFogJRLL0TSr8ltXfLAtksLBOu/fRP3aWV0
-----END PRIVATE KEY-----`;
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBpjCCAU2gAwIBAgIUbEab7CvMOWeVxIQipM/2ZBOo9IkwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVzdDAgFw0yNjExMjQwMTQ2MzhaGA8yMTI2
MTAzMTAxNDYzOFowGDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVzdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABFuKffJodV56fxC0YdOUIsC+naRG8xV5Mbklx+UhU165
1jFP0SJmkWiAlEsvRNKvyW1d8sC2SwsE6799E/dpZXSjczBxMB0GA1UdDgQWBBTG
/9JZE6aINMoxw3pD64ZxTX14LjAfBgNVHSMEGDAWgBTG/9JZE6aINMoxw3pD64Zx
TX14LjAPBgNVHRMBAf8EBTADAQH/MB4GA1UdEQQXMBWCDXJlY2VpdmVyLnRlc3SH
BH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgBgOG2s/b3Rm0D6TWMr6IUfGWO8OlFbzr
wp2ynHpW1i4CIA9BVTsq1VbG/fZiO2fIXevTdP2ji18FPpFcbgqkgpWv
-----END CERTIFICATE-----`;

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Answering = (received: Received, ...http: Parameters<RequestListener>) => void;

/** Somebody's server: keeps what it gets, and answers 204 unless told otherwise. */
export class ReceiverServer {
  readonly received: Received[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #scheme: string;

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    this.#scheme = scheme;
    server.on('connection', () => (this.connections += 1));
  }

  static async start(answer: Answering = (_, __, response) => void response.writeHead(204).end(), tls = false) {
    const listener: RequestListener = async (request, response) => {
      const parts: Buffer[] = await Array.fromAsync(request);
      const body = Buffer.concat(parts).toString();
      const received = { path: request.url ?? '', headers: request.headers, body };
      running.received.push(received);
      answer(received, request, response);
    };
    const server = tls ? createHttps({ key, cert: certificate }, listener) : createHttp(listener);
    const running = new ReceiverServer(server, tls ? 'https' : 'http');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return running;
  }

  get last(): Received {
    const last = this.received.at(-1);
    if (!last) throw new Error('Nothing was received.');
    return last;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}/hook`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
