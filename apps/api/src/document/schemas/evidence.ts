import { alertKindNames } from '#libs/contract';
import {
  arrayOf,
  date,
  dateOrNull,
  instant,
  nullable,
  object,
  ref,
  slug,
  text,
  texts,
  whole,
  type Schema,
} from './words.ts';

const clocks = ref('Clocks');
const changes = arrayOf(ref('Change'));
const deadlineChanges = arrayOf(ref('DeadlineChange'));

/** Replays, bundles, proofs, and what was answered to whom. */
export const evidence: Readonly<Record<string, Schema>> = {
  AnswerGiven: object({
    id: { type: 'string', format: 'uuid' },
    key: { ...text, description: 'The id of the key it was given to, or admin.' },
    recorded: { ...text, description: 'Its own position in the log.' },
    recordedAt: instant,
    request: { ...text, description: 'The x-request-id.' },
    matter: slug,
    party: nullable(slug),
    enforcer: nullable(slug),
    clocks,
    position: { ...text, description: 'Of the answer.' },
    headline: text,
    digest: { ...text, description: 'Base64 of SHA-256 over the RFC 8785 bytes of the body.' },
    told: { ...texts, description: 'The entries that decided it.' },
    form: { enum: ['whole', 'not-modified', 'head'] },
  }),
  AnswerList: object({ items: arrayOf(ref('AnswerGiven')), next: nullable(text) }),
  Bundle: object(
    {
      format: { const: 'inforce-bundle/1' },
      matter: slug,
      clocks,
      events: arrayOf(
        object({ event: ref('Event'), index: whole, proof: texts, reveal: arrayOf({ type: 'object' }) }, ['reveal']),
      ),
      head: object({ stream: text, revision: whole, index: whole, streams: whole, proof: texts }),
      checkpoint: { ...text, description: 'The signed note.' },
      key: { ...text, description: 'The verifier key.' },
      handovers: { ...texts, description: 'The signed notes by which the first key was handed over to this one.' },
      versions: object({ rules: { type: 'object' }, calendars: { type: 'object' }, tzdb: text }),
      answer: ref('StatusAnswer'),
      digest: { ...text, description: 'Base64 of SHA-256 over the rest; tells damage.' },
    },
    ['handovers'],
  ),
  ReplayStep: object(
    {
      step: { ...whole, description: 'From 1.' },
      kind: { enum: ['recorded', 'corrected', 'retracted', 'party-added'] },
      entry: nullable(slug),
      party: nullable(slug),
      title: text,
      occurredOn: dateOrNull,
      publishedOn: dateOrNull,
      reason: nullable(text),
      eventId: { type: 'string', format: 'uuid' },
      revision: whole,
      position: text,
      recordedAt: instant,
      recordedBy: text,
      together: { ...texts, description: 'The events that share its moment, in order.' },
      before: ref('StatusAnswer'),
      after: ref('StatusAnswer'),
      headline: { ...object({ before: ref('Headline'), after: ref('Headline') }), description: 'By this event alone.' },
      changes,
      deadlines: deadlineChanges,
      onTheDay: object({ at: date, headline: ref('Headline') }),
      alerts: {
        ...arrayOf(ref('StepAlert')),
        description: 'What was told because of it, or by the clock before the next; with a key, by record time.',
      },
    },
    ['alerts'],
  ),
  StepAlert: object({
    id: { type: 'string', format: 'uuid' },
    type: { enum: [...alertKindNames, 'test', 'watch-disabled'] },
    watch: { type: 'string', format: 'uuid' },
    seq: whole,
    lead: nullable(text),
    deadline: { ...nullable(text), description: 'Its id.' },
    text,
    dueAt: instant,
  }),
  Checkpoint: object(
    {
      origin: text,
      size: whole,
      root: text,
      heads: object({ streams: whole, root: text }),
      recordedAt: instant,
      note: { ...text, description: 'The signed note, with the cosignatures that came since.' },
    },
    ['heads'],
  ),
  CheckpointList: object({ items: arrayOf(ref('Checkpoint')), next: nullable(text) }),
  VerifierKeyList: object({
    items: arrayOf(
      object({
        key: { ...text, description: 'As C2SP signed-note writes it.' },
        generation: { ...whole, description: 'From 1.' },
        handover: { ...nullable(text), description: 'The signed note; null for the first key.' },
      }),
    ),
    next: nullable(text),
  }),
  InclusionProof: object({
    index: whole,
    size: whole,
    leafHash: text,
    proof: texts,
    checkpoint: { ...text, description: 'The signed note whose root the proof leads to.' },
  }),
  Erased: object({
    event: text,
    pointer: text,
    recordedAt: instant,
    removed: { type: 'boolean', description: 'Whether it is gone from the store; copies are their owners’ affair.' },
    position: text,
  }),
  ConsistencyProof: object({ from: whole, to: whole, proof: texts }),
};
