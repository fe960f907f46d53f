import type { ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { HttpRefusal } from '../http/http-refusal.ts';

/**
 * Steps with a breath between them: as many a second as asked for, else only so that others get their turn.
 * @throws HttpRefusal when the signal aborts: a part must not pass for the whole.
 */
export async function* paced<Step>(
  steps: Iterable<Step>,
  speed: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<Step, void> {
  let first = true;
  for (const step of steps) {
    if (!first) await breath(speed, signal);
    first = false;
    yield step;
  }
}

async function breath(speed: number | undefined, signal: AbortSignal): Promise<void> {
  try {
    await (speed === undefined ? turn(undefined, { signal }) : pause(1000 / speed, undefined, { signal }));
  } catch {
    throw new HttpRefusal('not-ready', 'The replay was cut short.');
  }
}

/** Aborts when the client is gone, or the service stops: nobody waits for the next step. */
export function untilGone(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}
