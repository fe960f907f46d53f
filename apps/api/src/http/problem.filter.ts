import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Injectable,
  NotFoundException,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpRefusal } from './http-refusal.ts';
import { pathOf } from './request-id.ts';
import { Routes } from './routes.ts';
import { sendProblem } from './send-problem.ts';

/** The one place where errors become answers. */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly routes: Routes) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    sendProblem(this.plain(error, request), request, http.getResponse<FastifyReply>());
  }

  /** What Nest has wrapped: an address that nobody routes (nothing here throws that), and Fastify's own refusals. */
  private plain(error: unknown, request: FastifyRequest): unknown {
    if (error instanceof NotFoundException) return this.unrouted(request);
    return error instanceof HttpException ? (error.cause ?? error) : error;
  }

  private unrouted(request: FastifyRequest): HttpRefusal {
    const methods = this.routes.methodsOf(pathOf(request));
    if (methods.length === 0) return new HttpRefusal('not-found', 'Nothing answers at this address; see /docs.');
    const allow = methods.join(', ');
    return new HttpRefusal('method-not-allowed', `This address takes ${allow}.`, { headers: { allow } });
  }
}
