import type { WrittenBody } from '#libs/register';
import { type Told, toldBy } from '../answers/answer-given.ts';
import { etagOf } from './etag.ts';
import type { Ticket } from './hot-answers.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** For how long a ready answer may be given again, and the ticket that says nothing has changed meanwhile. */
export interface Keeping {
  readonly ticket: Ticket;
  /** Epoch milliseconds; null: until the matter changes. */
  readonly validUntil: number | null;
}

/** An answer that is ready to send. */
export class Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string | undefined;
  readonly keeping: Keeping | undefined;
  /** What goes on record before somebody with a key gets this answer. */
  readonly told: Told | undefined;

  private constructor(answer: Pick<Answer, 'status' | 'bytes'> & Partial<Answer>) {
    this.status = answer.status;
    this.bytes = answer.bytes;
    this.type = answer.type ?? JSON_TYPE;
    this.headers = answer.headers ?? {};
    this.etag = answer.etag;
    this.keeping = answer.keeping;
    this.told = answer.told;
  }

  /** What was asked for. The ETag is of its bytes unless one is given. */
  static read(body: object, { etag, keeping }: { etag?: string; keeping?: Keeping } = {}): Answer {
    const bytes = Buffer.from(JSON.stringify(body));
    return new Answer({ status: 200, bytes, etag: etag ?? etagOf(bytes), ...(keeping && { keeping }) });
  }

  /** A status answer, with what it tells. */
  recordable(): Answer {
    const { status, bytes, type, headers, etag, keeping } = this;
    return new Answer({ status, bytes, type, headers, etag, keeping, told: toldBy(bytes) });
  }

  /** What is no JSON. */
  static bytes(
    bytes: Buffer,
    { type, headers = {} }: { type: string; headers?: Readonly<Record<string, string>> },
  ): Answer {
    return new Answer({ status: 200, bytes, type, headers, etag: etagOf(bytes) });
  }

  /** What was written, and where it is. */
  static written(body: WrittenBody, { repeated, location }: { repeated: boolean; location: string }): Answer {
    const headers = { location };
    const bytes = Buffer.from(JSON.stringify(body));
    return new Answer({ status: repeated ? 200 : 201, bytes, headers, etag: `"${body.revision}"` });
  }

  /** An answer that nobody asks for twice. */
  static once(
    body: object | string,
    status = 200,
    { type = JSON_TYPE, headers = {} }: { type?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Answer {
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return new Answer({ status, bytes, type, headers: { 'cache-control': 'no-store', ...headers } });
  }
}
