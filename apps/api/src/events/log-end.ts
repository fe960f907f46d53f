import { Injectable } from '@nestjs/common';
import { EventLog } from '#libs/event-log';
import { Clock } from '../composition/clock.ts';

/** The log's end, as a question about all matters sees it. */
export interface Newest {
  readonly position: bigint;
  /** When the record last changed: what `knownAt` is when nobody asks for another. */
  readonly recordedAt: string;
}

@Injectable()
export class LogEnd {
  constructor(
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  async newest(): Promise<Newest> {
    const newest = await this.log.newest();
    return newest ?? { position: 0n, recordedAt: this.clock.iso() };
  }
}
