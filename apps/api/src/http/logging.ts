import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify';
import { destination, type DestinationStream, type Logger, pino } from 'pino';
import { pathOf } from './request-id.ts';

/** JSON lines; the path is logged without its query, and no header at all. */
export function createLogger(stream: DestinationStream): Logger {
  return pino(
    { base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['*.headers.authorization', '*.authorization'] },
    stream,
  );
}

/** stderr, without waiting for it. */
export function standardError(): ReturnType<typeof destination> {
  return destination({ dest: 2, sync: false });
}

export function logAnswer(logger: FastifyBaseLogger, request: FastifyRequest, reply: FastifyReply): void {
  const level = levelOf(request.method, reply.statusCode);
  logger[level](
    {
      requestId: request.id,
      method: request.method,
      path: pathOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      actor: request.caller.actor,
    },
    'answered',
  );
}

function levelOf(method: string, status: number): 'debug' | 'info' | 'warn' | 'error' {
  // 503 says that something is not there yet, or not any more; what caused it is logged where it is known.
  if (status >= 500 && status !== 503) return 'error';
  if (status >= 400) return 'warn';
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS' ? 'debug' : 'info';
}
