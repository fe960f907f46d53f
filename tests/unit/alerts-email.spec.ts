import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { type Alert, type Attempted, type EmailOptions, EmailSender, isMailAddress, Unsubscribing } from '#libs/alerts';
import { addDays } from '#libs/calendar';
import { Chronicle } from '../support/alerts.ts';
import { anAlert, raised } from '../support/alerts-delivery.ts';
import { issued, movesDeadline, setsDeadline } from '../support/matter.ts';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

const mails: Mail[] = [];
const closing: (() => void)[] = [];
afterEach(() => {
  mails.length = 0;
  for (const close of closing.splice(0)) close();
});

/** A real SMTP server; answers its port. */
async function server(more: SMTPServerOptions = {}): Promise<number> {
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(parts).toString() });
        done();
      });
    },
    ...more,
  });
  smtp.on('error', () => undefined);
  const listening = smtp.listen(0, '127.0.0.1');
  closing.push(() => smtp.close());
  await once(listening, 'listening');
  return portOf(listening.address());
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function send(
  port: number,
  alert: Partial<Alert> = {},
  more: Partial<EmailOptions> = {},
  to = 'ann@example.org',
) {
  const smtp = { host: '127.0.0.1', port, secure: false, requireTls: false };
  const sender = new EmailSender({ server: smtp, from: 'alerts@inforce.example', ...more });
  const told = raised(anAlert('one', 1, alert), 3);
  const receiver = { watch: 'one', channel: { kind: 'email', to }, state: 'active', secrets: [] } as const;
  const { signal } = new AbortController();
  return sender.send({
    raised: told,
    receiver,
    body: sender.render(told),
    at: Date.parse('2025-04-04T13:00:05Z'),
    signal,
  });
}

const refusing = (responseCode: number, message: string): Partial<SMTPServerOptions> => ({
  onRcptTo: (_address, _session, done) => done(Object.assign(new Error(message), { responseCode })),
});

/** Header fields, unfolded, by name. */
function headersOf(raw: string): Map<string, string> {
  const [head = ''] = raw.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
}

/** Decoded parts, by media type. */
function partsOf(raw: string): Map<string, string> {
  const parts = raw.split(/\r\n--[^\r\n]+\r\n/).slice(1);
  return new Map(
    parts.flatMap((part) => {
      const headers = headersOf(part);
      const type = headers.get('content-type')?.split(';')[0] ?? '';
      if (type.startsWith('multipart/')) return [];
      const body = part.slice(part.indexOf('\r\n\r\n') + 4).split('\r\n--')[0] ?? '';
      return [[type, decoded(body, headers.get('content-transfer-encoding') ?? '7bit')] as const];
    }),
  );
}

function decoded(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

const unsubscribing = new Unsubscribing({ publicUrl: 'https://inforce.example', keyOf: () => Buffer.alloc(32, 7) });

/** The alerts about a deadline that was moved so often, as they were planned. */
async function plannedFor(moves: number): Promise<readonly Pick<Alert, 'type' | 'deadline'>[]> {
  const chronicle = await Chronicle.of('2025-03-01T17:00:00Z');
  await chronicle.watch();
  await chronicle.records(issued('rule', '2025-03-01', [setsDeadline('report', '2025-06-01')]));
  for (let move = 1; move <= moves; move += 1) {
    const act = issued(`move-${move}`, '2025-03-01', [movesDeadline('report', addDays('2025-06-01', move))]);
    await chronicle.records({ ...act, order: move });
  }
  return (await chronicle.planned('2025-12-01T00:00:00Z')).filter(({ deadline }) => deadline !== null);
}

async function attached(deadline: Alert['deadline'] = null) {
  mails.length = 0;
  await send(await server(), { deadline });
  const text = partsOf(mails[0]?.raw ?? '').get('text/calendar');
  const calendar = text === undefined ? undefined : new ICAL.Component(ICAL.parse(text));
  const event = calendar?.getFirstSubcomponent('vevent');
  return {
    method: calendar?.getFirstPropertyValue('method'),
    of: (name: string): string => String(event?.getFirstPropertyValue(name) ?? ''),
  };
}

describe('a mail', () => {
  it('is taken by a real server, with plain text and HTML', async () => {
    const text = 'The pause ends on 5 April: <b>Zwölf</b> & more.';
    expect(await send(await server(), { text })).toMatchObject({ result: 'delivered', status: 250 });
    expect(mails).toMatchObject([{ from: 'alerts@inforce.example', to: ['ann@example.org'] }]);
    const headers = headersOf(mails[0]?.raw ?? '');
    const parts = partsOf(mails[0]?.raw ?? '');
    expect(headers.get('from')).toBe('Inforce <alerts@inforce.example>');
    expect(headers.get('to')).toBe('ann@example.org');
    expect(headers.get('message-id')).toBe(`<${anAlert('one', 1).id}@inforce.example>`);
    expect(headers.get('date')).toBe('Fri, 04 Apr 2025 13:00:05 +0000');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(parts.get('text/plain')?.replaceAll('\r\n', '\n')).toBe(
      `${text}\n\nMatter: us-tiktok\nLead: P1D\nAlert 3 of your watch, as of 2025-04-04T13:00:00.000Z.\n`,
    );
    expect(parts.get('text/html')).toContain('&lt;b&gt;Zwölf&lt;/b&gt; &amp; more.');
  });

  it('lets its reader stop with one click (RFC 8058)', async () => {
    await send(await server(), {}, { unsubscribe: unsubscribing.url });
    const { raw } = mails[0] ?? { raw: '' };
    const link = unsubscribing.url('one');
    expect(headersOf(raw).get('list-unsubscribe')).toBe(`<${link}>`);
    expect(headersOf(raw).get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(partsOf(raw).get('text/plain')).toContain(link);
    const token = new URL(link).searchParams.get('token') ?? '';
    expect(link).toMatch(/^https:\/\/inforce\.example\/v1\/watches\/one\/unsubscribe\?token=[\w-]{43}$/);
    expect([unsubscribing.accepts('one', token), unsubscribing.accepts('one', 'AAAA')]).toEqual([true, false]);
  });

  it('brings the deadline of an alert, as it was planned, as a calendar', async () => {
    const planned = await plannedFor(1);
    expect(new Set(planned.map(({ type }) => type))).toEqual(
      new Set(['deadline-set', 'deadline-moved', 'deadline-reminder', 'deadline-closed']),
    );
    for (const { deadline } of planned) {
      const { method, of } = await attached(deadline);
      expect([method, of('uid')]).toEqual(['PUBLISH', 'matter.report@inforce']);
      expect(of('organizer')).toBe('mailto:alerts@inforce.example');
    }
    const { of } = await attached(planned.find(({ type }) => type === 'deadline-moved')?.deadline);
    expect([of('dtstart'), of('sequence'), of('status')]).toEqual(['2025-06-02', '1', 'CONFIRMED']);
    expect((await attached(null)).method).toBeUndefined();
  });

  it('counts every date of a deadline, though an alert shows the last of them only', async () => {
    const moved = (await plannedFor(14)).filter(({ type }) => type === 'deadline-moved');
    const { of } = await attached(moved.at(-1)?.deadline);
    expect([of('dtstart'), of('sequence')]).toEqual(['2025-06-15', '14']);
  });

  it('is one mail, however often it is sent', async () => {
    const port = await server();
    await send(port);
    await send(port);
    const [first, second] = mails.map(({ raw }) => headersOf(raw).get('message-id'));
    expect(first).toBe(second);
  });

  it('lets no words become headers, or other receivers', async () => {
    const text = 'Due\r\nBcc: eve@example.org\r\n\r\nEvil';
    await send(await server(), { text });
    expect(mails[0]?.to).toEqual(['ann@example.org']);
    const headers = headersOf(mails[0]?.raw ?? '');
    expect(headers.has('bcc')).toBe(false);
    expect(headers.get('subject')).toBe('Reminder: Due Bcc: eve@example.org Evil');
  });

  it.each([
    'ann@example.org, eve@example.org',
    'ann@example.org\r\nBcc: eve@example.org',
    'Ann <ann@example.org>',
    '@',
    '',
  ])('is not sent to %p', async (to) => {
    expect(isMailAddress(to)).toBe(false);
    expect(await send(await server(), {}, {}, to)).toMatchObject({ result: 'failed' });
    expect(mails).toEqual([]);
  });
});

describe('a mail server', () => {
  const cases: [number, string, Attempted['result']][] = [
    [550, '5.1.1 No such user', 'gone'],
    [550, 'No such user', 'gone'],
    [550, '5.7.1 You are on a list', 'failed'],
    [450, '4.2.1 Later', 'failed'],
    [452, 'The mailbox is full', 'failed'],
  ];

  it.each(cases)('that answers %i %s makes it %s', async (code, message, result) => {
    const attempted = await send(await server(refusing(code, message)));
    expect(attempted).toEqual({ result, status: code, answer: `${code} ${message}` });
  });

  it('that does not let us in has said nothing of the address', async () => {
    const port = await server({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(Object.assign(new Error('5.7.8 Wrong'), { responseCode: 535 })),
    });
    expect(await send(port)).toMatchObject({ result: 'failed' });
  });

  it('that offers no TLS is told nothing where TLS is demanded', async () => {
    const port = await server();
    const demanding = { host: '127.0.0.1', port, secure: false, requireTls: true, auth: { user: 'a', pass: 'b' } };
    expect(await send(port, {}, { server: demanding })).toMatchObject({ result: 'failed' });
    expect(mails).toEqual([]);
  });

  it('that is not there is a failure with a reason', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const port = portOf(nobody.address());
    nobody.close();
    await once(nobody, 'close');
    expect(await send(port)).toMatchObject({
      result: 'failed',
      status: null,
      answer: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('that takes the connection and says nothing is given up', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    closing.push(() => void silent.close());
    await once(silent, 'listening');
    expect(await send(portOf(silent.address()), {}, { totalMs: 100 })).toMatchObject({
      result: 'failed',
      status: null,
    });
  });
});
