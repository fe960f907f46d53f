import { type Belief, changesBetween, type Deadline, deadlineChanges, deadlinesOf, interpret } from '#libs/matter';
import { publicFrom } from '#libs/matter';
import { encodePosition } from '#libs/event-log';
import type { ReplayStep, StatusAnswer } from './answers.ts';
import type { Happening, Moment } from './moments.ts';
import { publicMoments } from './public-moments.ts';
import { recordMoments } from './record-moments.ts';
import type { MatterFile, ReplayAsked } from './shapes.ts';
import { statusAnswer, type Who, whoOf } from './status.ts';
import { publicDayOf, type View, viewOf } from './view.ts';

/** A replay: the question is judged at once, the steps are made as they are taken. */
export interface Replay {
  /** The view its last step ends in. */
  readonly end: View;
  readonly steps: Iterable<ReplayStep>;
}

/**
 * How the answer to one question came about, step by step, by record time or by public time. `after` is the answer to
 * the same question with the step's own clock.
 * @throws NotFound, UnknownParty
 */
export function replayOf(file: MatterFile, asked: ReplayAsked, now: number): Replay {
  const end = viewOf(file, asked.clocks, now);
  const who = whoOf(end.belief.matter, asked);
  return { end, steps: new Replaying(end, who).steps(asked.by ?? 'recorded') };
}

/** An answer with what a change is measured from. */
interface Seen {
  readonly answer: StatusAnswer;
  readonly deadlines: readonly Deadline[];
}

class Replaying {
  readonly #end: View;
  readonly #who: Who;
  #step = 0;
  /** What the last step led to. */
  #shown: StatusAnswer | undefined;

  constructor(end: View, who: Who) {
    this.#end = end;
    this.#who = who;
  }

  *steps(by: 'recorded' | 'published'): Generator<ReplayStep, void> {
    const { before, moments } = by === 'published' ? publicMoments(this.#end) : recordMoments(this.#end);
    let seen = this.#see(before);
    this.#shown = seen.answer;
    for (const moment of moments) {
      const after = this.#see(moment.view);
      yield* this.#within(moment, seen, after);
      seen = after;
    }
  }

  /** The steps of one moment: the first leads to the answer after all of them, since nobody could ask between. */
  *#within({ day, happenings, view }: Moment, before: Seen, after: Seen): Generator<ReplayStep, void> {
    const onTheDay = { at: day, headline: this.#headlineOn(day, view, after) };
    const together = happenings.map(({ event }) => event.id);
    let prior = before;
    for (const [index, happening] of happenings.entries()) {
      const own = index === happenings.length - 1 ? after : this.#see(happening.view);
      const change = {
        headline: { before: prior.answer.headline, after: own.answer.headline },
        changes: changesBetween(prior.answer, own.answer),
        deadlines: deadlineChanges(prior.deadlines, own.deadlines),
      };
      prior = own;
      if (happening.silent && change.changes.length === 0 && change.deadlines.length === 0) continue;
      this.#step += 1;
      const answers = { before: this.#shown ?? before.answer, after: after.answer };
      this.#shown = after.answer;
      yield { step: this.#step, ...identityOf(happening), together, ...answers, ...change, onTheDay };
    }
  }

  #see(view: View): Seen {
    const belief = this.#withParties(view.belief);
    const answer = statusAnswer({ ...view, belief }, this.#who);
    return { answer, deadlines: deadlinesOf(belief.matter, belief.entries, { at: view.clocks.at }) };
  }

  #headlineOn(day: string, view: View, { answer }: Seen): StatusAnswer['headline'] {
    if (day === view.clocks.at) return answer.headline;
    const { matter, entries } = this.#withParties(view.belief);
    return interpret(matter, entries, { at: day, ...this.#who }).headline;
  }

  /** The parties asked about must be in the matter: before they were added, the later matter stands in. */
  #withParties(belief: Belief): Belief {
    const had = new Set(belief.matter.parties.map(({ id }) => id));
    const complete = Object.values(this.#who).every((id: string) => had.has(id));
    return complete ? belief : { ...belief, matter: this.#end.belief.matter };
  }
}

function identityOf({ event, kind, view }: Happening) {
  const { id: eventId, revision, position, recordedAt, meta } = event;
  const place = { eventId, revision, position: encodePosition(position), recordedAt, recordedBy: meta.actor };
  const none = { entry: null, party: null, occurredOn: null, publishedOn: null, reason: null };
  switch (event.type) {
    case 'MatterOpened':
      throw new Error('An opening is no step.');
    case 'PartyAdded':
      return { kind, ...none, party: event.data.id, title: event.data.name, ...place };
    case 'EntryCorrected':
    case 'EntryRetracted': {
      const { entry, reason } = event.data;
      const recorded = view.file.record.entries.get(entry);
      const { title, occurredOn } = view.belief.entries.find(({ id }) => id === entry) ??
        recorded?.entry ?? { title: entry, occurredOn: null };
      const publishedOn = event.data.sources?.some((source) => source.publishedOn) ? publicDayOf(event) : null;
      return { kind, ...none, entry, title, occurredOn, publishedOn, reason, ...place };
    }
    default: {
      const entry = view.belief.entries.find(({ id }) => id === event.data.id) ?? event.data;
      const { id, title, occurredOn } = entry;
      return { kind, ...none, entry: id, title, occurredOn, publishedOn: publicFrom(entry), ...place };
    }
  }
}
