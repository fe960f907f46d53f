// How the stand-in reads: a stream or the whole log, forwards or backwards, under a filter, once or for ever.
import { setTimeout as pause } from 'node:timers/promises';
import { status, type ServerWritableStream } from '@grpc/grpc-js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { KurrentStandInFaults } from './kurrent-stand-in-faults.ts';
import type { StandInLog, Stored } from './kurrent-stand-in-log.ts';
import {
  caughtUp,
  checkpoint,
  confirmation,
  failure,
  garbled,
  notLeader,
  streamName,
  streamNotFound,
} from './kurrent-stand-in-messages.ts';

export type ReadCall = ServerWritableStream<streams.ReadReq, Buffer>;
type Options = streams.ReadReq.Options;

const { BACKWARDS } = streams.ReadReq.Options.ReadDirection;

export async function answerRead(
  call: ReadCall,
  log: StandInLog,
  faults: KurrentStandInFaults,
  port: number,
): Promise<void> {
  const options = call.request.getOptions();
  if (!options || faults.take('silent-read')) return;
  if (faults.take('denied')) return void call.emit('error', failure(status.UNAUTHENTICATED, 'Access Denied'));
  if (faults.take('not-leader-read')) return void call.emit('error', notLeader(port));
  if (faults.slowMs > 0) await pause(faults.slowMs);
  if (options.hasSubscription()) return subscribe(call, options, log, faults);
  const stream = options.getStream();
  if (!stream) {
    await sendAll(call, options, log);
  } else {
    const name = streamName(stream.getStreamIdentifier());
    const events = log.stream(name);
    if (events) await sendStream(call, options, events);
    else call.write(streamNotFound(name));
  }
  call.end();
}

async function sendStream(call: ReadCall, options: Options, events: readonly Stored[]): Promise<void> {
  const from = options.getStream();
  const backwards = options.getReadDirection() === BACKWARDS;
  const start = from?.hasRevision() ? Number(from.getRevision()) : from?.hasEnd() ? events.length - 1 : 0;
  const step = backwards ? -1 : 1;
  let left = Number(options.getCount());
  for (let index = start; left > 0; index += step, left -= 1) {
    const event = events[index];
    if (!event || !(await send(call, event.response))) return;
  }
}

async function sendAll(call: ReadCall, options: Options, log: StandInLog): Promise<void> {
  const matches = filterOf(options);
  const backwards = options.getReadDirection() === BACKWARDS;
  const start = startOf(options, log);
  // Backwards, the position itself is left out; forwards, it is included.
  const step = backwards ? -1 : 1;
  let left = Number(options.getCount());
  for (let index = backwards ? start - 1 : start; ; index += step) {
    const event = log.events[index];
    if (!event) return;
    log.lookedAt += 1;
    if (!matches(event)) continue;
    // A server was seen to go on until it finds one more than it was asked for.
    if (left === 0) return;
    left -= 1;
    if (!(await send(call, event.response))) return;
  }
}

async function subscribe(
  call: ReadCall,
  options: Options,
  log: StandInLog,
  faults: KurrentStandInFaults,
): Promise<void> {
  const matches = filterOf(options);
  const filter = options.getFilter();
  const every = filter
    ? Math.max(1, filter.getMax() || 32) * Math.max(1, filter.getCheckpointintervalmultiplier())
    : Infinity;
  // A subscription begins after its position.
  const all = options.getAll();
  const after = all?.hasPosition() ? Number(all.getPosition()?.getCommitPosition()) : -1;
  let next = all?.hasEnd() ? log.events.length : log.indexAt(after + 1);
  let [passed, sent, live] = [0, 0, false];
  if (!(await send(call, confirmation(crypto.randomUUID())))) return;
  if (faults.take('garbled')) return void call.write(garbled());
  while (!gone(call)) {
    const event = log.events[next];
    if (!event) {
      if (!live) await send(call, caughtUp());
      live = true;
      await grown(call, log, next);
      continue;
    }
    live = false;
    next += 1;
    passed += 1;
    if (matches(event)) {
      if (!(await send(call, event.response))) return;
      if (faults.duplicate && !(await send(call, event.response))) return;
      sent += 1;
      if (sent === faults.afterEvents && breaks(call, faults)) return;
    }
    if (passed % every === 0 && !(await send(call, checkpoint(event.position)))) return;
  }
}

function breaks(call: ReadCall, faults: KurrentStandInFaults): boolean {
  if (faults.take('stall-subscription')) return true;
  if (faults.take('end-subscription')) {
    call.end();
    return true;
  }
  if (!faults.take('break-subscription')) return false;
  call.emit('error', failure(status.UNAVAILABLE, 'Server is shutting down'));
  return true;
}

function startOf(options: Options, log: StandInLog): number {
  const all = options.getAll();
  if (all?.hasEnd()) return log.events.length;
  return all?.hasPosition() ? log.indexAt(Number(all.getPosition()?.getCommitPosition())) : 0;
}

function filterOf(options: Options): (event: Stored) => boolean {
  const filter = options.getFilter();
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (!filter || !expression) return () => true;
  const named = filter.hasStreamIdentifier();
  const prefixes = expression.getPrefixList();
  const regex = prefixes.length > 0 ? undefined : new RegExp(expression.getRegex());
  return ({ stream, type }) => {
    const text = named ? stream : type;
    return regex ? regex.test(text) : prefixes.some((prefix) => text.startsWith(prefix));
  };
}

/** Waits when the reader is slow: what it has not taken is not read from the log either. */
async function send(call: ReadCall, message: Buffer): Promise<boolean> {
  if (gone(call)) return false;
  if (!call.write(message)) await until(call, call, 'drain');
  return !gone(call);
}

async function grown(call: ReadCall, log: StandInLog, seen: number): Promise<void> {
  if (log.events.length <= seen) await until(call, log.grown, 'grown');
}

function gone(call: ReadCall): boolean {
  return call.cancelled || call.destroyed || call.writableEnded;
}

/** Resolves at the event, or when the call is over. */
async function until(call: ReadCall, emitter: NodeJS.EventEmitter, name: string): Promise<void> {
  if (gone(call)) return;
  await new Promise<void>((resolve) => {
    const ends = ['cancelled', 'close', 'finish', 'error'];
    const done = (): void => {
      emitter.off(name, done);
      for (const end of ends) call.off(end, done);
      resolve();
    };
    emitter.on(name, done);
    for (const end of ends) call.on(end, done);
  });
}
