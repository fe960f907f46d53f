import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Alerting, type Channel, channelFault, type Watch, WatchDesk } from '#libs/alerts';
import { Malformed } from '#libs/contract';
import { EventLog } from '#libs/event-log';
import { Settings } from '../composition/settings.ts';
import { Lifetime } from '../composition/lifetime.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { ownWatch } from './own-watch.ts';

const PATIENCE_MS = 5000;

/** The watches of whoever asks; those of others are not there. */
@Injectable()
export class OwnWatches {
  constructor(
    private readonly desk: WatchDesk,
    private readonly alerting: Alerting,
    private readonly log: EventLog,
    private readonly lifetime: Lifetime,
    private readonly settings: Settings,
  ) {}

  /** @throws HttpRefusal */
  async find(id: string, { caller }: FastifyRequest): Promise<Watch> {
    return ownWatch(this.desk, id, caller);
  }

  /** As everything stands that was recorded by now. @throws HttpRefusal */
  async list({ caller }: FastifyRequest): Promise<readonly Watch[]> {
    await this.caughtUp();
    return this.alerting.watches.of(caller.actor);
  }

  /** What its filter names and nothing on record bears; nothing while the record is still being read. */
  async warnings({ filter }: Watch): Promise<readonly string[]> {
    return (await this.reached()) ? this.alerting.unheardOf(filter) : [];
  }

  /** Until alerts have seen what the log holds now. @throws HttpRefusal */
  async caughtUp(): Promise<void> {
    if (await this.reached()) return;
    throw new HttpRefusal('not-caught-up', 'The watches are being read.', { headers: { 'retry-after': '1' } });
  }

  patience(): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), this.lifetime.signal]);
  }

  /** @throws Malformed for where this service does not send. */
  mayReach(channel: Channel): void {
    const { sendsMail, allowLoopbackWebhooks: allowLoopback } = this.settings;
    const fault = channelFault(channel, { sendsMail, allowLoopback });
    if (fault) throw new Malformed([fault]);
  }

  private async reached(): Promise<boolean> {
    return this.alerting.reached(await this.log.head(), this.patience());
  }
}
