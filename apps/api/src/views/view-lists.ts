import { Injectable } from '@nestjs/common';
import {
  type AllCalendarQuery,
  type AllDeadlinesQuery,
  Malformed,
  type MattersQuery,
  nextCursor,
  type PagedQuery,
  type ResolvedClocks,
  type SearchQuery,
} from '#libs/contract';
import { LogUnavailable } from '#libs/event-log';
import type { Deadline } from '#libs/matter';
import { Clock } from '../composition/clock.ts';
import { NotFound, Register, UnknownParty } from '#libs/register';
import { BadCursor, type ClockedPage, type MatterListed, type SearchHit, Views } from '#libs/views';
import { LogEnd } from '../events/log-end.ts';
import { HttpRefusal } from '../http/http-refusal.ts';
import { clocksOf } from '../http/reading.ts';

/** The lists that go across matters, from the views. */
@Injectable()
export class ViewLists {
  constructor(
    private readonly views: Views,
    private readonly register: Register,
    private readonly end: LogEnd,
    private readonly clock: Clock,
  ) {}

  async matters(query: MattersQuery): Promise<ClockedPage<MatterListed>> {
    const page = await this.page(query, (start) => this.views.matters({ ...filterOf(query), ...start }));
    return { ...page, next: next(query, page.clocks, page.next) };
  }

  async deadlines(query: AllDeadlinesQuery): Promise<ClockedPage<Deadline>> {
    const page = await this.page(query, (start) => this.views.deadlines({ ...filterOf(query), ...start }));
    // Asked last: a view that lags behind the first entry of a party must not call it unknown when it has caught up.
    const [unknown] = query.party === undefined ? [] : this.views.unknownParties(query.party);
    if (unknown !== undefined) throw new UnknownParty(unknown, { parameter: 'party' });
    return { ...page, next: next(query, page.clocks, page.next) };
  }

  /** What retractions took out of that list, as withdrawn. */
  async takenBack(query: AllCalendarQuery, { knownAt }: ClockedPage<Deadline>['clocks']): Promise<readonly Deadline[]> {
    const { from, to, state, party, jurisdiction } = query;
    const found: Deadline[] = [];
    const clocks = { ...clocksOf(query), ...(knownAt !== null && { knownAt }) };
    const asked = { clocks, ...(state && { state }), ...(party && { party }) };
    for (const matter of this.views.retracted()) {
      if (jurisdiction && !jurisdiction.includes(matter.jurisdiction)) continue;
      for (const deadline of await this.known(this.register.takenBack(matter.id, asked))) {
        const day = deadline.due?.date;
        const within = day !== undefined && day >= (from ?? day) && day <= (to ?? day);
        if (within || (from === undefined && to === undefined)) found.push(deadline);
      }
    }
    return found;
  }

  /** Nothing of a matter that was not known then; nor of one that cannot be interpreted, which must not keep the others out. */
  private async known<Item>(items: Promise<readonly Item[]>): Promise<readonly Item[]> {
    try {
      return await items;
    } catch (error) {
      if (error instanceof LogUnavailable) throw error;
      return [];
    }
  }

  async search(query: SearchQuery): Promise<ClockedPage<SearchHit>> {
    const page = await this.page(query, (start) => this.views.search({ ...filterOf(query), ...start }));
    const { at, knownAt, publishedBy } = query;
    const { recordedAt } = await this.end.newest();
    const today = this.clock.iso().slice(0, 10);
    const clocks = { at: at ?? today, knownAt: knownAt ?? recordedAt, publishedBy: publishedBy ?? null };
    const asBelieved = knownAt !== undefined || publishedBy !== undefined;
    const items = asBelieved ? await this.believed(page.items, query) : page.items;
    return { clocks, items, next: next(query, clocks, page.next) };
  }

  /** The words of an entry are indexed as believed now; whether it was believed then, the record knows. */
  private async believed(hits: readonly SearchHit[], query: SearchQuery): Promise<readonly SearchHit[]> {
    const checked = await Promise.all(
      hits.map(async (hit): Promise<SearchHit[]> => {
        try {
          const { body } = await this.register.entry(hit.matter, hit.entry, clocksOf(query));
          return [{ ...hit, title: body.title, occurredOn: body.occurredOn }];
        } catch (error) {
          if (error instanceof NotFound) return [];
          throw error;
        }
      }),
    );
    return checked.flat();
  }

  private async page<Page>(
    { cursor, limit }: PagedQuery,
    ask: (start: { readonly limit: number; readonly cursor?: string }) => Promise<Page>,
  ): Promise<Page> {
    const { rebuilding, caughtUp } = this.views.state;
    // While a newer version is built, the one before answers; the very first build has none before it.
    if (rebuilding && !caughtUp)
      throw new HttpRefusal('not-caught-up', 'The views are being built.', { headers: { 'retry-after': '2' } });
    const after = cursor?.after;
    if (after !== undefined && typeof after !== 'string') throw foreignCursor();
    try {
      return await ask({ limit, ...(after !== undefined && { cursor: after }) });
    } catch (error) {
      if (error instanceof BadCursor) throw foreignCursor();
      throw error;
    }
  }
}

function filterOf<Query extends PagedQuery>(query: Query): Omit<Query, 'cursor' | 'origin' | 'minPosition'> {
  const { cursor: _, origin: __, minPosition: ___, ...filter } = query;
  return filter;
}

function next(query: PagedQuery, clocks: ResolvedClocks, after: string | null): string | null {
  return after === null ? null : nextCursor(query, clocks, after);
}

function foreignCursor(): Malformed {
  return new Malformed([{ parameter: 'cursor', message: 'must be the `next` of an earlier answer' }]);
}
