import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Alerting, type RaisedAlert } from '#libs/alerts';
import { OwnWatches } from '../watches/own-watches.ts';

/** The alerts of a matter that whoever asks may see. */
@Injectable()
export class AlertsTold {
  constructor(
    private readonly alerting: Alerting,
    private readonly own: OwnWatches,
  ) {}

  /**
   * Those of one's own watches, and for auditors of all; undefined without a key.
   * @throws HttpRefusal while alerts are behind the log.
   */
  async to(request: FastifyRequest, matter: string): Promise<readonly RaisedAlert[] | undefined> {
    const { kind, roles } = request.caller;
    if (kind !== 'key' && kind !== 'admin') return undefined;
    const own = new Set((await this.own.list(request)).map(({ id }) => id));
    const isWanted = (watch: string): boolean => roles.has('auditor') || own.has(watch);
    return Array.fromAsync(this.alerting.raised.about(matter, isWanted));
  }
}
