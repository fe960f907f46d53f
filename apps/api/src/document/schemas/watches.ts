import { alertKindNames } from '#libs/contract';
import { arrayOf, instant, nullable, object, ref, slug, text, texts, whole, type Schema } from './words.ts';

const any: Schema = {};
const secretFields = {
  secret: { ...text, description: 'For HMAC-SHA256 (v1). Of webhooks.' },
  publicKey: { ...text, description: 'For Ed25519 (v1a). Of webhooks.' },
};

/** Watches, what they were told, and feeds. */
export const watches: Readonly<Record<string, Schema>> = {
  WatchAnswer: object({
    id: { type: 'string', format: 'uuid' },
    name: text,
    filter: ref('WatchFilter'),
    leads: texts,
    at: text,
    timeZone: text,
    channel: {
      ...nullable(ref('Channel')),
      description: 'null: erased, or sealed under a secret that this service does not have.',
    },
    state: { enum: ['active', 'paused', 'disabled'] },
    reason: { ...nullable(text), description: 'Why it is disabled.' },
    createdAt: instant,
    rotatedAt: nullable(instant),
  }),
  WatchMade: { allOf: [ref('WatchChanged'), object(secretFields, ['secret', 'publicKey'])] },
  WatchChanged: {
    allOf: [
      ref('WatchAnswer'),
      object({ warnings: { ...texts, description: 'What its filter names and nothing on record bears.' } }),
    ],
  },
  WatchList: object({ items: arrayOf(ref('WatchAnswer')), next: nullable(text) }),
  WatchSecret: object({ ...secretFields, rotatedAt: instant }, ['secret', 'publicKey']),
  TestAnswer: object({
    alert: { type: 'string', format: 'uuid' },
    seq: whole,
    delivered: { type: 'boolean' },
    status: { ...nullable(whole), description: 'Of the receiver’s answer.' },
    answer: { ...text, description: 'The beginning of it, or why there was none.' },
  }),
  ReplayAnswer: object({ after: whole, alerts: { ...whole, description: 'How many are sent again.' } }),
  Receipt: object({
    seq: whole,
    alert: { type: 'string', format: 'uuid' },
    type: text,
    test: { type: 'boolean' },
    raisedAt: instant,
    state: { enum: ['waiting', 'delivered', 'failed'] },
    nextAttemptAt: nullable(instant),
    attempts: arrayOf(
      object({
        attempt: whole,
        round: { ...whole, description: 'How often it was sent again before.' },
        outcome: { enum: ['delivered', 'failed', 'gone', 'gave-up'] },
        startedAt: instant,
        ms: whole,
        status: nullable(whole),
        answer: text,
        bodyHash: text,
        nextAttemptAt: nullable(instant),
      }),
    ),
    body: { ...text, description: 'The exact body.' },
    bodyHash: { ...text, description: 'SHA-256 of its bytes, in base64.' },
    intact: { type: 'boolean', description: 'Every attempt carried these bytes.' },
  }),
  ReceiptList: object({
    items: arrayOf(ref('Receipt')),
    next: { ...nullable(whole), description: 'The next `after`.' },
  }),
  AlertMessage: object({
    type: { enum: [...alertKindNames, 'test', 'watch-disabled'] },
    timestamp: instant,
    data: object({
      alert: { type: 'string', format: 'uuid' },
      watch: { type: 'string', format: 'uuid' },
      seq: { ...whole, description: 'Strictly increasing for each watch.' },
      matter: nullable(slug),
      entry: { ...nullable(slug), description: 'The entry that made it.' },
      lead: { ...nullable(text), description: 'Of a reminder, such as P7D.' },
      late: { type: 'boolean', description: 'Raised well after it fell due.' },
      test: { type: 'boolean' },
      corrects: { ...nullable({ type: 'string', format: 'uuid' }), description: 'The alert that it corrects.' },
      answer: {
        ...nullable({ type: 'string', format: 'uuid' }),
        description: 'The recorded answer that had told what it corrects.',
      },
      before: any,
      after: any,
      deadline: any,
      text: { ...text, description: 'One plain sentence.' },
    }),
  }),
  FeedToken: object(
    {
      id: { type: 'string', format: 'uuid' },
      url: { ...text, description: 'A calendar of all deadlines; any feed takes the token.' },
      token: { ...text, description: 'Shown only this once.' },
      createdAt: instant,
      revokedAt: nullable(instant),
    },
    ['url', 'token', 'revokedAt'],
  ),
  FeedTokenList: object({ items: arrayOf(ref('FeedToken')) }),
};
