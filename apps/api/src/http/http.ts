import { Readable } from 'node:stream';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { Malformed } from '#libs/contract';
import type { Told } from '../answers/answer-given.ts';
import type { AnswersLog } from '../answers/answers-log.ts';
import type { Lifetime } from '../composition/lifetime.ts';
import type { Integrity } from '../health/integrity.ts';
import type { Lookups } from './call.ts';
import { type Caller, type Gatekeeper, nobody } from './caller.ts';
import type { HotAnswers, Kept } from './hot-answers.ts';
import { isKnown } from './etag.ts';
import { HttpRefusal } from './http-refusal.ts';
import { acceptJson, BODY_LIMIT } from './json-body.ts';
import { type Limit, limits, type Rates } from './limits.ts';
import { logAnswer } from './logging.ts';
import type { Metrics } from './metrics.ts';
import { requestIds } from './request-id.ts';
import { Routes } from './routes.ts';
import { headersFor } from './secure-headers.ts';
import { sendProblem, sendRawProblem } from './send-problem.ts';

export interface HttpParts {
  readonly gatekeeper: Gatekeeper;
  readonly hot: HotAnswers;
  readonly answersLog: AnswersLog;
  readonly metrics: Metrics;
  readonly lookups: Lookups;
  readonly logger: FastifyBaseLogger;
  readonly rates: Rates;
  readonly lifetime: Lifetime;
  readonly integrity: Pick<Integrity, 'state' | 'broken'>;
  /** Whose X-Forwarded-For is believed. */
  readonly trustProxy: boolean | readonly string[];
}

export interface Http {
  readonly instance: FastifyInstance;
  readonly routes: Routes;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Answered with an answer that was ready: measured by the cache, and not worth a line in the log. */
    ready: boolean;
  }
}

/** Header bytes; Node's own default, said so that the refusal can name it. */
const HEADER_LIMIT = 16 * 1024;
const LONGEST_PARAMETER = 256;
const REQUEST_TIMEOUT = 30_000;

/** Fastify with everything that is common to all calls, in the order in which a request is judged. */
export async function createHttp(parts: HttpParts): Promise<Http> {
  const { logger, gatekeeper, hot, answersLog, metrics, lookups, rates, lifetime, integrity, trustProxy } = parts;
  const instance: FastifyInstance = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // One logger for all: what is logged of a request names it.
    childLoggerFactory: (parent) => parent,
    genReqId: requestIds(),
    // Behind a proxy every client has the proxy's address; limits are per client.
    trustProxy: typeof trustProxy === 'boolean' ? trustProxy : [...trustProxy],
    bodyLimit: BODY_LIMIT,
    // Node would refuse a request that names no host without saying why.
    http: { maxHeaderSize: HEADER_LIMIT, requireHostHeader: false },
    requestTimeout: REQUEST_TIMEOUT,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: (error, socket) => sendRawProblem(error, socket),
  });
  // RFC 9110 §10.1.1: what is expected beyond 100-continue may be passed over. Node would answer 417, without a problem.
  instance.server.on('checkExpectation', (request, response) => instance.server.emit('request', request, response));
  const routes = Routes.of(instance);
  acceptJson(instance);
  const limit = await limits(instance, rates);
  rememberCaller(instance);
  instance.decorateRequest('ready', false);
  const send = (request: FastifyRequest, reply: FastifyReply, kept: Kept): void => {
    request.ready = true;
    reply.hijack();
    hot.send(kept, request.headers['if-none-match'], request.id, reply.raw);
  };
  /** What goes on record costs an append, and so counts as a request. */
  const onRecord = async (request: FastifyRequest, { etag }: Kept, told: Told): Promise<void> => {
    await limit.requests(request);
    const form = isKnown(request.headers['if-none-match'], etag) ? 'not-modified' : 'whole';
    await answersLog.record(request.caller, request.id, { ...told, form });
  };
  instance.addHook('onRequest', (request, reply, done) => {
    if (lifetime.over) return done(new HttpRefusal('not-ready', 'The service is stopping.', closing));
    // RFC 9112 §3.2.
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      return done(new HttpRefusal('malformed', 'The request names no host.'));
    const refused = identify(request, gatekeeper);
    if (refused) return void limit.badKeys(request).then(() => done(refused), done);
    // After an incident nobody tells of changes any more: nothing that was made ready before is sent.
    if (request.raw.method === 'GET' && !integrity.broken && gatekeeper.mayRead(request.caller)) {
      const kept = hot.find(request.raw.url ?? '');
      if (kept?.told && answersLog.concerns(request.caller))
        return void onRecord(request, kept, kept.told).then(() => send(request, reply, kept), done);
      if (kept) return send(request, reply, kept);
    }
    void reply.headers(headersFor(request.url)).header('x-request-id', request.id);
    return done();
  });
  instance.addHook('onRequest', (request) => admit(request, { gatekeeper, lookups, integrity, limit: limit.requests }));
  // RFC 9110 §8.6: of lines, and of what has not changed, the length is not known; Fastify would say 0 to HEAD.
  instance.addHook('onSend', ({ method }, _reply, payload, done) =>
    done(null, method === 'HEAD' && payload === undefined ? Readable.from([]) : payload),
  );
  instance.addHook('onResponse', (request, reply, done) => {
    if (!request.ready) {
      metrics.observe(request, reply);
      logAnswer(logger, request, reply);
    }
    done();
  });
  return { instance, routes };
}

const closing = { headers: { connection: 'close', 'retry-after': '1' } };

const CALLER = Symbol('caller');

/** Fastify takes no object as a default: requests would share it. They may share this one. */
function rememberCaller(instance: FastifyInstance): void {
  interface Known {
    [CALLER]?: Caller;
  }
  instance.decorateRequest('caller', {
    getter(this: FastifyRequest & Known): Caller {
      return this[CALLER] ?? nobody;
    },
    setter(this: FastifyRequest & Known, caller: Caller) {
      this[CALLER] = caller;
    },
  });
}

function identify(request: FastifyRequest, gatekeeper: Gatekeeper): Error | undefined {
  try {
    const { authorization } = request.headers;
    const token = authorization === undefined ? feedTokenOf(request) : undefined;
    request.caller = token === undefined ? gatekeeper.identify(authorization) : gatekeeper.identifyFeed(token);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Only where feeds are read: elsewhere an address is no place for a secret. */
function feedTokenOf({ routeOptions, query }: FastifyRequest): string | undefined {
  if (routeOptions.config.call?.access !== 'feed' || typeof query !== 'object' || query === null) return undefined;
  const token: unknown = Reflect.get(query, 'token');
  return typeof token === 'string' ? token : undefined;
}

interface Admission {
  readonly gatekeeper: Gatekeeper;
  readonly lookups: Lookups;
  readonly integrity: Pick<Integrity, 'state' | 'broken'>;
  readonly limit: Limit;
}

/** CONTRACT, order of checks: the key, what it may do, what the path names; then the handler looks at the shape. */
async function admit(request: FastifyRequest, { gatekeeper, lookups, integrity, limit }: Admission): Promise<void> {
  const { call } = request.routeOptions.config;
  // Whoever watches over the service must not be turned away by its traffic.
  if (call?.access === 'open') return;
  await limit(request);
  if (!call) return;
  gatekeeper.admit(request.caller, call.access);
  if (integrity.broken && call.access !== 'read' && request.method !== 'GET') throw incident(integrity.state);
  if (call.names) await lookups[call.names](request);
  if (call.query === undefined) noParameters(request);
}

/** An operator has to decide what is true before anything is added to it. */
function incident({ detail }: Integrity['state']): HttpRefusal {
  return new HttpRefusal('integrity-incident', `Nothing is recorded until an operator has decided. ${detail}`);
}

/** @throws Malformed */
function noParameters({ query }: FastifyRequest): void {
  const names = typeof query === 'object' && query !== null ? Object.keys(query) : [];
  const message = 'is not a known parameter here; this call takes none';
  const errors = names.map((name) => ({ parameter: name.toWellFormed().slice(0, 100), message }));
  if (errors.length > 0) throw new Malformed(errors);
}
