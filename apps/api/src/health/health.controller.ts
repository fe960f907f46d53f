import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { Metrics } from '../http/metrics.ts';
import { Readiness } from './readiness.ts';

@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @Call({
    id: 'live',
    tag: 'Health',
    summary: 'Whether the process answers',
    access: 'open',
    results: [{ status: 200, about: 'It does.', schema: 'Live' }],
  })
  live(): Answer {
    return Answer.once({ status: 'live' });
  }

  @Get('health/ready')
  @Call({
    id: 'ready',
    tag: 'Health',
    summary: 'Whether the log is writable and the views have caught up',
    access: 'open',
    results: [
      { status: 200, about: 'Both.', schema: 'Ready' },
      { status: 503, about: 'Not both, or stopping.', schema: 'Ready' },
    ],
  })
  async ready(): Promise<Answer> {
    const report = await this.readiness.report();
    return Answer.once(report, report.status === 'ready' ? 200 : 503);
  }

  @Get('metrics')
  @Call({
    id: 'metrics',
    tag: 'Health',
    summary: 'Measurements, in the format of Prometheus',
    access: 'read',
    results: [{ status: 200, about: 'The measurements.', mediaTypes: ['text/plain'] }],
  })
  async measurements(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(this.metrics.contentType).header('cache-control', 'no-store');
    return this.metrics.text();
  }
}
