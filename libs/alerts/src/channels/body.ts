import type { Json } from '#libs/event-log';
import { type AlertMessage, messageOf, type RaisedAlert } from '../alert.ts';

/** Standard Webhooks, "Payload size". */
export const MOST_BODY_BYTES = 20_000;

/**
 * The exact bytes of a message as text. What would make it too large is left out, the least needed first, and a marker
 * says so; the same alert always gives the same text.
 */
export function bodyOf(raised: RaisedAlert): string {
  const message = messageOf(raised);
  for (const shortened of shorter(message)) {
    const text = JSON.stringify(shortened);
    if (Buffer.byteLength(text) <= MOST_BODY_BYTES) return text;
  }
  throw new TypeError(`The alert ${raised.alert.id} is too large to send.`);
}

function* shorter(message: AlertMessage): Generator<AlertMessage> {
  yield message;
  const { data } = message;
  const [before, after, deadline] = [marker(data.before), marker(data.after), marker(data.deadline)];
  yield { ...message, data: { ...data, before } };
  yield { ...message, data: { ...data, before, after } };
  yield { ...message, data: { ...data, before, after, deadline } };
  const text = `${data.text.slice(0, 1000).toWellFormed()}…`;
  yield { ...message, data: { ...data, before, after, deadline, text } };
}

function marker(left: Json): Json {
  return left === null ? null : { trimmed: true, bytes: Buffer.byteLength(JSON.stringify(left)) };
}
