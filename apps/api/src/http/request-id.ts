import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';

const ACCEPTED = /^[\w.:+/=@-]{1,128}$/;

/** The caller's own id of the request, or one of ours: this process's mark and a count, which costs nothing to make. */
export function requestIds(): (raw: Pick<IncomingMessage, 'headers'>) => string {
  const mark = randomBytes(6).toString('hex');
  let count = 0;
  return ({ headers }) => {
    const given = headers['x-request-id'];
    if (typeof given === 'string' && ACCEPTED.test(given)) return given;
    count += 1;
    return `${mark}-${count.toString(36)}`;
  };
}

/** The request's path as it was sent, without its query. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  const end = url.indexOf('?');
  return (end === -1 ? url : url.slice(0, end)).slice(0, 1000);
}
