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
    const position = await this.log.head();
    if (position > 0n) {
      for await (const { recordedAt } of this.log.readAll({ after: position - 1n })) return { position, recordedAt };
    }
    return { position, recordedAt: this.clock.iso() };
  }
}
