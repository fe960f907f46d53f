import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { WatchDesk } from '#libs/alerts';
import { parseUnsubscribeQuery, type RawQuery } from '#libs/contract';
import { isUuid } from '#libs/event-log';
import { Unsubscribe } from '../composition/unsubscribe.ts';
import { Answer } from '../http/answer.ts';
import { Call } from '../http/call.ts';
import { HttpRefusal } from '../http/http-refusal.ts';

const PLAIN = 'text/plain; charset=utf-8';

const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Unsubscribe</title>
  <form method="post">
    <p>Stop all mails of this watch?</p>
    <button>Unsubscribe</button>
  </form>
</html>
`;

/** Ends mails without a key: the address itself proves the right (RFC 8058). */
@Controller('v1/watches/:watch/unsubscribe')
export class UnsubscribeController {
  constructor(
    private readonly desk: WatchDesk,
    private readonly unsubscribe: Unsubscribe,
  ) {}

  @Get()
  @Call({
    id: 'showUnsubscribe',
    tag: 'Watches',
    summary: 'What the link in a mail leads to',
    about: 'Looking changes nothing: programs look at links, too.',
    access: 'open',
    query: 'unsubscribe',
    results: [{ status: 200, about: 'A page with a button.', mediaTypes: ['text/html'] }],
    refusals: ['unknown-watch'],
  })
  async show(@Param('watch') id: string, @Query() raw: RawQuery): Promise<Answer> {
    await this.mustBeMeant(id, raw);
    return Answer.once(page, 200, { type: 'text/html; charset=utf-8' });
  }

  @Post()
  @HttpCode(200)
  @Call({
    id: 'unsubscribe',
    tag: 'Watches',
    summary: 'End the mails of a watch: it is disabled',
    access: 'open',
    query: 'unsubscribe',
    form: true,
    results: [{ status: 200, about: 'No more mails are sent.', mediaTypes: ['text/plain'] }],
    refusals: ['unknown-watch'],
  })
  async end(@Param('watch') id: string, @Query() raw: RawQuery): Promise<Answer> {
    await this.mustBeMeant(id, raw);
    await this.desk.tell(id, 'unsubscribed', { kind: 'disable', reason: 'The receiver unsubscribed.' });
    return Answer.once('You have unsubscribed: no more mails are sent.\n', 200, { type: PLAIN });
  }

  private async mustBeMeant(id: string, raw: RawQuery): Promise<void> {
    const { token } = parseUnsubscribeQuery(raw);
    const known = isUuid(id) && this.unsubscribe.accepts(id, token) ? await this.desk.read(id) : undefined;
    if (!known || known.state === 'removed') throw new HttpRefusal('unknown-watch', 'There is no such watch any more.');
  }
}
