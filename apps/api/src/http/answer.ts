import type { WrittenBody } from '#libs/register';
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
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string;
  readonly etag: string | undefined;
  readonly keeping: Keeping | undefined;

  private constructor(answer: Pick<Answer, 'status' | 'bytes'> & Partial<Answer>) {
    this.status = answer.status;
    this.bytes = answer.bytes;
    this.headers = answer.headers ?? {};
    this.type = answer.type ?? JSON_TYPE;
    this.etag = answer.etag;
    this.keeping = answer.keeping;
  }

  /** What was asked for. The ETag is of its bytes unless one is given. */
  static read(body: object, { etag, keeping }: { etag?: string; keeping?: Keeping } = {}): Answer {
    const bytes = Buffer.from(JSON.stringify(body));
    return new Answer({ status: 200, bytes, etag: etag ?? etagOf(bytes), ...(keeping && { keeping }) });
  }

  /** A document of another kind than JSON. */
  static document(text: string, type: string, headers: Readonly<Record<string, string>> = {}): Answer {
    const bytes = Buffer.from(text);
    return new Answer({ status: 200, bytes, type, headers, etag: etagOf(bytes) });
  }

  /** What was written, and where it is. */
  static written(body: WrittenBody, { repeated, location }: { repeated: boolean; location: string }): Answer {
    const headers = { location };
    const bytes = Buffer.from(JSON.stringify(body));
    return new Answer({ status: repeated ? 200 : 201, bytes, headers, etag: `"${body.revision}"` });
  }

  /** An answer that nobody asks for twice. */
  static once(body: object, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
    const bytes = Buffer.from(JSON.stringify(body));
    return new Answer({ status, bytes, headers: { 'cache-control': 'no-store', ...headers } });
  }
}
