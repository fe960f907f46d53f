import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Answer } from './answer.ts';
import { isKnown } from './etag.ts';
import { HotAnswers } from './hot-answers.ts';

/** Sends what a handler answers: its status, headers and bytes, or only that nothing has changed. */
@Injectable()
export class SendAnswer implements NestInterceptor {
  constructor(private readonly hot: HotAnswers) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next
      .handle()
      .pipe(map((answer: unknown) => (answer instanceof Answer ? this.send(answer, request, reply) : answer)));
  }

  private send(answer: Answer, request: FastifyRequest, reply: FastifyReply): Buffer | undefined {
    const { status, headers, bytes, type, etag, keeping } = answer;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    void reply.code(status).headers(headers);
    if (etag !== undefined) void reply.header('etag', etag);
    if (etag !== undefined && isRead && !('cache-control' in headers)) void reply.header('cache-control', 'no-cache');
    if (keeping && request.method === 'GET') {
      this.hot.misses += 1;
      this.hot.keep(request.url, answer);
    }
    if (etag !== undefined && isRead && isKnown(request.headers['if-none-match'], etag)) {
      void reply.code(304);
      return undefined;
    }
    void reply.type(type);
    return bytes;
  }
}
