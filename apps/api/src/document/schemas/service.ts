import { arrayOf, instant, nullable, object, text, whole, type Schema } from './words.ts';

/** What the service says of itself, and why it refuses. */
export const service: Readonly<Record<string, Schema>> = {
  Problem: {
    ...object(
      {
        type: { ...text, description: 'urn:inforce:problem:<rule>' },
        title: text,
        status: whole,
        rule: text,
        detail: text,
        instance: text,
        requestId: text,
        errors: arrayOf(object({ pointer: text, parameter: text, message: text }, ['pointer', 'parameter'])),
        revision: { ...whole, description: 'Of the matter as it stands, for revision-conflict.' },
      },
      ['instance', 'requestId', 'errors', 'revision'],
    ),
    description: 'RFC 9457.',
  },
  Document: { type: 'object' },
  Live: object({ status: { const: 'live' } }),
  Ready: object({
    status: { enum: ['ready', 'not-ready'] },
    log: object({ writable: { type: 'boolean' }, head: text }),
    views: object({
      caughtUp: { type: 'boolean' },
      position: text,
      lag: object({ events: whole, ageMs: { type: 'number' } }),
      rebuilding: nullable(object({ view: text, done: whole, total: whole })),
      quarantined: arrayOf(object({ view: text, position: text, eventId: text, reason: text })),
      error: nullable(text),
      reconnecting: nullable(text),
    }),
    integrity: object({
      state: { enum: ['checking', 'ok', 'incident'] },
      detail: nullable(text),
      position: nullable(text),
      eventId: nullable(text),
      at: nullable(text),
    }),
    evidence: object({
      size: whole,
      sealedSize: whole,
      sealedAt: nullable(instant),
      incident: { ...nullable(text), description: 'Why the log is not what was sealed.' },
      error: nullable(text),
    }),
    alerts: object({
      caughtUp: { type: 'boolean' },
      pending: { ...whole, description: 'Planned, and not raised yet.' },
      error: { ...nullable(text), description: 'Why alerts wait.' },
    }),
  }),
};
