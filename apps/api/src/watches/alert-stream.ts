import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import {
  catchError,
  defer,
  EMPTY,
  finalize,
  from,
  fromEvent,
  ignoreElements,
  interval,
  lastValueFrom,
  merge,
  of,
  share,
  takeUntil,
  tap,
} from 'rxjs';
import { Alerting, messageOf } from '#libs/alerts';
import { Lifetime } from '../composition/lifetime.ts';
import { EventChannel } from '../events/event-channel.ts';

const HEARTBEAT_MS = 15_000;
const MOST_STREAMS = 2000;

export interface AlertStreamOptions {
  readonly watch: string;
  readonly after: number;
  /** Asked before each alert: whoever listens may have lost the right to. */
  readonly isMeant?: (() => boolean) | undefined;
}

/** A watch's alerts to whoever listens: from a number on, and then as they are raised. */
@Injectable()
export class AlertStream {
  readonly #alerting: Alerting;
  readonly #lifetime: Lifetime;
  readonly #heartbeat$ = interval(HEARTBEAT_MS).pipe(share());
  #open = 0;

  constructor(alerting: Alerting, lifetime: Lifetime) {
    this.#alerting = alerting;
    this.#lifetime = lifetime;
  }

  get full(): boolean {
    return this.#open >= MOST_STREAMS;
  }

  /** Writes until the client is gone, or its key, or the service stops. */
  async serve(response: ServerResponse, { watch, after, isMeant }: AlertStreamOptions): Promise<void> {
    const channel = new EventChannel(response);
    const gone$ = merge(fromEvent(response, 'close'), fromEvent(response, 'error'));
    const stopped$ = this.#lifetime.over ? of(true) : fromEvent(this.#lifetime.signal, 'abort');
    const told$ = defer(() => {
      const ending = new AbortController();
      return from(this.#tell(channel, { watch, after, isMeant }, ending.signal)).pipe(finalize(() => ending.abort()));
    });
    this.#open += 1;
    const stream$ = merge(told$, this.#heartbeat$.pipe(tap(() => channel.beat()))).pipe(
      takeUntil(merge(gone$, stopped$)),
      // The log was closed under it: the client comes back, and goes on where it was.
      catchError(() => EMPTY),
      ignoreElements(),
      finalize(() => {
        this.#open -= 1;
        channel.end();
      }),
    );
    await lastValueFrom(stream$, { defaultValue: undefined });
  }

  /** Inside the iteration, so that a slow client holds one alert (docs/decisions/0012). */
  async #tell(
    channel: EventChannel,
    { watch, after, isMeant = () => true }: AlertStreamOptions,
    signal: AbortSignal,
  ): Promise<void> {
    for await (const raised of this.#alerting.raised.listen(watch, after, signal)) {
      if (!isMeant()) return channel.end();
      await channel.send(`id: ${raised.seq}\ndata: ${JSON.stringify(messageOf(raised))}\n\n`);
    }
  }
}
