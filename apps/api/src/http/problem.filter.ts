import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, NotFoundException } from '@nestjs/common';
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
    // Nest tells of an address that nobody routes by this exception; nothing here throws it.
    const known = error instanceof NotFoundException ? this.unrouted(request) : error;
    sendProblem(known, request, http.getResponse<FastifyReply>());
  }

  private unrouted(request: FastifyRequest): HttpRefusal {
    const methods = this.routes.methodsOf(pathOf(request));
    if (methods.length === 0) return new HttpRefusal('not-found', 'Nothing answers at this address; see /docs.');
    const allow = methods.join(', ');
    return new HttpRefusal('method-not-allowed', `This address takes ${allow}.`, { headers: { allow } });
  }
}
