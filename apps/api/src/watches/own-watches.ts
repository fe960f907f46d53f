import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Alerting, type Channel, isMailAddress, outwardUrl, OutwardRefused, type Watch, WatchDesk } from '#libs/alerts';
import { Malformed } from '#libs/contract';
import { EventLog, isUuid } from '#libs/event-log';
import { Settings } from '../composition/settings.ts';
import { Lifetime } from '../composition/lifetime.ts';
import { HttpRefusal } from '../http/http-refusal.ts';

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
    const watch = isUuid(id) ? await this.desk.read(id) : undefined;
    if (watch?.owner === caller.actor && watch.state !== 'removed') return watch;
    throw new HttpRefusal('unknown-watch', 'You have no such watch.');
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
    const fault = this.fault(channel);
    if (fault) throw new Malformed([fault]);
  }

  private async reached(): Promise<boolean> {
    return this.alerting.reached(await this.log.head(), this.patience());
  }

  private fault(channel: Channel): { readonly pointer: string; readonly message: string } | undefined {
    if (channel.kind === 'webhook') return refusalOf(channel.url, this.settings.allowLoopbackWebhooks);
    if (!this.settings.sendsMail)
      return { pointer: '/channel/kind', message: 'cannot be email: this service sends none' };
    return isMailAddress(channel.to) ? undefined : { pointer: '/channel/to', message: 'must be a mail address' };
  }
}

/** What can be said of an address before anybody is asked where it leads. */
function refusalOf(url: string, allowLoopback: boolean) {
  try {
    outwardUrl(url, { allowLoopback });
    return undefined;
  } catch (error) {
    if (!(error instanceof OutwardRefused)) throw error;
    return { pointer: '/channel/url', message: `is refused: ${error.message}` };
  }
}
