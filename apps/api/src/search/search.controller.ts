import { Controller, Get, Query } from '@nestjs/common';
import { parseSearchQuery, type RawQuery } from '#libs/contract';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { Reading } from '../http/reading.ts';
import { ViewLists } from '../views/view-lists.ts';

@Controller('v1/search')
export class SearchController {
  constructor(
    private readonly reading: Reading,
    private readonly lists: ViewLists,
  ) {}

  @Get()
  @Call({
    id: 'search',
    tag: 'Search',
    summary: 'Find entries by their words',
    about: 'With knownAt or publishedBy, entries that were not believed then are left out: a page may hold fewer.',
    access: 'read',
    query: 'search',
    results: answers('A page of entries, the best first.', 'SearchList'),
  })
  async search(@Query() raw: RawQuery): Promise<Answer> {
    const query = parseSearchQuery(raw);
    await this.reading.reached(query);
    return Answer.read(await this.lists.search(query));
  }
}
