import { createTransport } from 'nodemailer';
import type { RaisedAlert } from '../alert.ts';
import type { Attempt, Attempted, Sender } from '../deliver/channel.ts';
import { type CalendarDeadline, deadlineCalendar } from '../feeds/calendar.ts';
import { isMailAddress, type SmtpServer } from './mail-setup.ts';
import { htmlOf, subjectOf, textOf } from './mail-text.ts';

export interface EmailOptions {
  readonly server: SmtpServer;
  /** The sender's address. */
  readonly from: string;
  /** Where a watch is unsubscribed with one click; absent: we have no public address. */
  readonly unsubscribe?: (watch: string) => string;
  readonly connectMs?: number;
  readonly totalMs?: number;
}

type Transport = ReturnType<typeof createTransport>;

const CONNECT_MS = 10_000;
const TOTAL_MS = 30_000;
const MOST_ANSWER = 4096;

/** Mail over SMTP. The Message-ID is the alert's: a mail that is sent twice is one mail to whoever gets it. */
export class EmailSender implements Sender {
  readonly #options: EmailOptions;
  readonly render = textOf;

  constructor(options: EmailOptions) {
    this.#options = options;
  }

  async send({ raised, receiver, body, at, signal }: Attempt): Promise<Attempted> {
    const { channel } = receiver;
    if (channel.kind !== 'email') throw new TypeError(`The watch ${receiver.watch} has no mail address.`);
    if (!isMailAddress(channel.to)) return { result: 'failed', status: null, answer: 'That is not a mail address.' };
    const { from, totalMs = TOTAL_MS } = this.#options;
    const unsubscribe = this.#options.unsubscribe?.(receiver.watch);
    const transport = this.#connect();
    // Closing alone leaves a connection that is being made.
    const limit = AbortSignal.any([signal, AbortSignal.timeout(totalMs)]);
    try {
      const { response } = await transport.sendMail({
        signal: limit,
        from: { name: 'Inforce', address: from },
        to: { name: '', address: channel.to },
        subject: subjectOf(raised),
        messageId: `<${raised.alert.id}@${domainOf(from)}>`,
        date: new Date(at),
        text: unsubscribe === undefined ? body : `${body}\nStop these messages: ${unsubscribe}\n`,
        html: htmlOf(raised, unsubscribe),
        headers: { 'Auto-Submitted': 'auto-generated', ...(unsubscribe !== undefined && oneClick(unsubscribe)) },
        attachments: attachmentsOf(raised, from),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { result: 'delivered', status: codeOf(response), answer: kept(String(response ?? '')) };
    } catch (error) {
      return failed(error);
    } finally {
      transport.close();
    }
  }

  /** One connection for each mail: there are few of them, and none can be held up by another. */
  #connect(): Transport {
    const { server, connectMs = CONNECT_MS, totalMs = TOTAL_MS } = this.#options;
    return createTransport({
      host: server.host,
      port: server.port,
      secure: server.secure,
      requireTLS: server.requireTls,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: totalMs,
      dnsTimeout: connectMs,
      ...(server.auth && { auth: { ...server.auth } }),
    });
  }
}

/** RFC 8058: what the mail programs' own button does. */
function oneClick(unsubscribe: string): Record<string, string> {
  return { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
}

function attachmentsOf(
  { alert, raisedAt }: RaisedAlert,
  sender: string,
): { filename: string; content: string; contentType: string }[] {
  const deadline = deadlineOf(alert.deadline);
  if (!deadline) return [];
  const content = deadlineCalendar([deadline], { name: deadline.title, asOf: raisedAt, sender });
  return [{ filename: 'deadline.ics', content, contentType: 'text/calendar; charset=utf-8; method=PUBLISH' }];
}

/** The planner puts a deadline there, as `shownDeadline` makes it, or null. */
function deadlineOf(deadline: RaisedAlert['alert']['deadline']): CalendarDeadline | undefined {
  const shown = typeof deadline === 'object' && deadline !== null && 'history' in deadline;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as it stands in our own log
  return shown ? (deadline as unknown as CalendarDeadline) : undefined;
}

function failed(error: unknown): Attempted {
  const of = (field: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, field) : null;
  const [status, response] = [of('responseCode'), of('response')];
  const answer = typeof response === 'string' ? response : String(of('message') ?? error);
  const gone = of('command') === 'RCPT TO' && saysNobody(answer);
  return { result: gone ? 'gone' : 'failed', status: typeof status === 'number' ? status : null, answer: kept(answer) };
}

/**
 * There is no such mailbox, says the server that should know (RFC 5321 §4.2.3): no use in trying on. With an enhanced code
 * it has to be one about the address (RFC 3463 §3.2), for 550 also stands for what may pass, such as a blocklist.
 */
function saysNobody(answer: string): boolean {
  const [, enhanced] = /^55[013][ -](\d\.\d{1,3}\.\d{1,3})?/.exec(answer) ?? ['', ''];
  return enhanced === undefined || enhanced.startsWith('5.1.');
}

const kept = (answer: string): string => answer.slice(0, MOST_ANSWER);

function codeOf(response: string | undefined): number | null {
  const code = /^\d{3}/.exec(response ?? '')?.[0];
  return code === undefined ? null : Number(code);
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
