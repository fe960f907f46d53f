import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, type ProblemRule } from '#libs/contract';
import { problemOf } from './problem-of.ts';
import { pathOf } from './request-id.ts';
import { secureHeaders } from './secure-headers.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** Answers with the problem that an error is. What is our own fault is logged whole, and told to nobody else. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { problem: told, headers } = problemOf(error, { instance: pathOf(request), requestId: request.id });
  const ours = told.rule === 'internal' || told.rule === 'log-unavailable';
  if (ours) reply.log.error({ requestId: request.id, err: error }, told.title);
  if (reply.sent || reply.raw.headersSent) {
    // Too late for an answer: a half-sent one must not look whole.
    reply.raw.destroy();
    return;
  }
  // What a handler had set was about the answer that it did not give.
  for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name);
  void reply
    .code(told.status)
    .headers({ ...secureHeaders, ...headers, 'x-request-id': request.id, 'cache-control': 'no-store' })
    .type(PROBLEM_TYPE)
    .send(Buffer.from(JSON.stringify(told)));
}

/** For what is no HTTP, or comes in no time: Node has refused it before there was a request. */
export function sendRawProblem(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const rule = rawRules[error.code ?? ''] ?? 'malformed';
  const told = problem(rule, rawDetails[rule] ?? 'The request is not HTTP.');
  const body = JSON.stringify(told);
  const head = [
    `HTTP/1.1 ${told.status} ${STATUS_CODES[told.status] ?? ''}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(secureHeaders).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

const rawRules: Readonly<Record<string, ProblemRule>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

const rawDetails: Partial<Record<ProblemRule, string>> = {
  'headers-too-large': 'The headers may have at most 16 kB together.',
  'request-timeout': 'The request took too long to arrive.',
};
