import type { Attempt, Attempted, Sender } from '../deliver/channel.ts';
import { retryAfterMs } from '../deliver/schedule.ts';
import { bodyOf } from './body.ts';
import { Outward, type OutwardOptions } from './outward.ts';
import { signature } from './secrets.ts';

const GONE = 410;

/** Webhooks as Standard Webhooks 1.0.0 has them: `webhook-id` is the alert, `webhook-timestamp` the attempt. */
export class WebhookSender implements Sender {
  readonly #outward: Outward;
  readonly render = bodyOf;

  constructor(options: OutwardOptions) {
    this.#outward = new Outward(options);
  }

  async send({ raised, receiver, body, at, signal }: Attempt): Promise<Attempted> {
    const { channel, secrets } = receiver;
    if (channel.kind !== 'webhook') throw new TypeError(`The watch ${receiver.watch} has no URL.`);
    const id = raised.alert.id;
    const timestamp = Math.floor(at / 1000);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Inforce',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': secrets.map((secret) => signature(secret, id, timestamp, body)).join(' '),
    };
    try {
      const answer = await this.#outward.post({ url: channel.url, headers, body: Buffer.from(body), signal });
      const retryAfter = retryAfterMs(answer.headers['retry-after'], at);
      return {
        result: resultOf(answer.status),
        status: answer.status,
        answer: isRedirect(answer.status) ? `Redirects are not followed. ${answer.body}`.slice(0, 4096) : answer.body,
        ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
      };
    } catch (error) {
      return { result: 'failed', status: null, answer: error instanceof Error ? error.message : String(error) };
    }
  }
}

function resultOf(status: number): Attempted['result'] {
  if (status === GONE) return 'gone';
  return status >= 200 && status < 300 ? 'delivered' : 'failed';
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;
