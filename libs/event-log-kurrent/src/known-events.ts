import type { RecordedEvent as Recorded } from '@kurrent/kurrentdb-client';
import { EventIdTaken, type Appended, type AppendRequest } from '#libs/event-log';
import { expectationOf, placeOf, type Place } from './envelope.ts';

interface Known {
  readonly stream: string;
  readonly place: Place;
}

/**
 * The events this process wrote or met lately. The server looks for an id only where the expectation points, and stores
 * the same event again at a later revision: the same event elsewhere is refused as far as this memory goes.
 */
export class KnownEvents {
  readonly #most: number;
  readonly #known = new Map<string, Known>();

  constructor(most: number) {
    this.#most = most;
  }

  add(stream: string, places: readonly Place[]): void {
    for (const place of places) {
      this.#known.delete(place.id);
      this.#known.set(place.id, { stream, place });
    }
    for (const id of this.#known.keys()) {
      if (this.#known.size <= this.#most) break;
      this.#known.delete(id);
    }
  }

  /** What this append was answered before, if it is known. @throws EventIdTaken */
  recall(request: AppendRequest): Appended | undefined {
    const found = request.events.map(({ id }) => this.#known.get(id));
    const elsewhere = found.find((one) => one !== undefined && one.stream !== request.stream);
    if (elsewhere) throw new EventIdTaken(elsewhere.place.id);
    const places = found.map((one) => one?.place);
    return places.some((place) => place !== undefined) ? repeatOf(request, places) : undefined;
  }
}

/**
 * The answer to a repeat, given what the log holds where its events are or should be.
 * @throws EventIdTaken when this is not the same batch under the same expectation.
 */
export function repeatOf(request: AppendRequest, places: readonly (Place | undefined)[]): Appended {
  const [first] = places;
  const last = places.at(-1);
  const whole = request.events.every(({ id }, index) => {
    const place = places[index];
    return place?.id === id && place.index === index && place.size === request.events.length;
  });
  if (!whole || !first || !last || !sameExpectation(request, first)) {
    const taken = places.find((place) => request.events.some(({ id }) => id === place?.id));
    throw new EventIdTaken(taken?.id ?? request.events[0].id);
  }
  const recordedAt = new Date(last.at).toISOString();
  return { revision: last.revision, position: last.position, recordedAt, repeated: true };
}

/** What an answer of the server says of where the events are. */
export function placesOf(events: readonly Recorded[]): Place[] {
  return events.map(placeOf);
}

function sameExpectation({ expectation }: AppendRequest, first: Place): boolean {
  const before = expectationOf(first);
  if (typeof before === 'string' || typeof expectation === 'string') return before === expectation;
  return before.revision === expectation.revision;
}
