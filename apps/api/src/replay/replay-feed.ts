import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { ReplayStep } from '#libs/register';
import { EventChannel } from '../events/event-channel.ts';
import { HttpRefusal } from '../http/http-refusal.ts';

const HEARTBEAT_MS = 15_000;
const MOST_FEEDS = 200;

/** Replays as server-sent events: a step is made when the client has taken the one before. */
@Injectable()
export class ReplayFeed {
  #open = 0;

  get full(): boolean {
    return this.#open >= MOST_FEEDS;
  }

  /** Ends with an event of its own, so that a client can tell the end from a connection that was cut. */
  async serve(response: ServerResponse, steps: AsyncIterable<ReplayStep>): Promise<void> {
    const channel = new EventChannel(response);
    const heartbeat = setInterval(() => channel.beat(), HEARTBEAT_MS);
    this.#open += 1;
    try {
      let last = 0;
      for await (const step of steps) {
        last = step.step;
        await channel.send(`id: ${last}\ndata: ${JSON.stringify(step)}\n\n`);
      }
      await channel.send(`event: end\ndata: ${JSON.stringify({ steps: last })}\n\n`);
    } catch (error) {
      // Cut short: the client comes back, or is gone.
      if (!(error instanceof HttpRefusal)) throw error;
    } finally {
      clearInterval(heartbeat);
      this.#open -= 1;
      channel.end();
    }
  }
}
