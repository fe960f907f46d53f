import { Controller, Get, Param, Query } from '@nestjs/common';
import { parseAllDeadlinesQuery, parseDeadlinesQuery, type RawQuery } from '#libs/contract';
import { Register } from '#libs/register';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { answers } from '../http/common-results.ts';
import { pageTag } from '../http/etag.ts';
import { Reading } from '../http/reading.ts';
import { ViewLists } from '../views/view-lists.ts';

@Controller('v1')
export class DeadlinesController {
  constructor(
    private readonly register: Register,
    private readonly reading: Reading,
    private readonly lists: ViewLists,
  ) {}

  @Get('matters/:matter/deadlines')
  @Call({
    id: 'listMatterDeadlines',
    tag: 'Deadlines',
    summary: 'The deadlines of a matter, with how each date was counted',
    access: 'read',
    names: 'matter',
    query: 'deadlines',
    results: answers('A page of deadlines.', 'DeadlineList'),
    refusals: ['unknown-party'],
  })
  async ofMatter(@Param('matter') matter: string, @Query() raw: RawQuery): Promise<Answer> {
    const query = parseDeadlinesQuery(raw, matter);
    return this.reading.aboutMatter(matter, query, (clocks) => this.register.deadlines(matter, { ...query, clocks }));
  }

  @Get('deadlines')
  @Call({
    id: 'listDeadlines',
    tag: 'Deadlines',
    summary: 'The deadlines of all matters',
    access: 'read',
    query: 'all-deadlines',
    results: answers('A page of deadlines.', 'DeadlineList'),
    refusals: ['unknown-party'],
  })
  async all(@Query() raw: RawQuery): Promise<Answer> {
    const query = parseAllDeadlinesQuery(raw);
    await this.reading.reached(query);
    const page = await this.lists.deadlines(query);
    return Answer.read(page, { etag: pageTag(page) });
  }
}
