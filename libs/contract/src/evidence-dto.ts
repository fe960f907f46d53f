import { integer, text } from './rules.ts';
import { about, checkedBy, Dto, type Required, rule, shape } from './shape.ts';
import { read } from './read.ts';
import { one } from './slot.ts';

/** What witnesses signed of one checkpoint. */
export interface Cosignatures {
  readonly size: number;
  /** Signature lines of C2SP tlog-cosignature. */
  readonly lines: string;
}

/** A private value that is to be taken away. */
export interface Erasure {
  readonly event: string;
  /** RFC 6901, from the event's data. */
  readonly pointer: string;
  readonly reason: string;
}

export class CosignaturesDto extends Dto {}
export class ErasureDto extends Dto {}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const POINTER = /^(?:\/(?:[^~/]|~[01])*)+$/;

function matching(name: string, pattern: RegExp, words: string): Required {
  const schema = { type: 'string', pattern: pattern.source, maxLength: 1000 };
  const good = (value: unknown): boolean => typeof value === 'string' && value.length <= 1000 && pattern.test(value);
  return checkedBy(rule(name, schema, (value) => (good(value) ? undefined : words)));
}

shape<Cosignatures>(CosignaturesDto, 'What witnesses signed of one checkpoint.', {
  size: about('The size in the checkpoint.', integer(1, Number.MAX_SAFE_INTEGER)),
  lines: about('Signature lines as in C2SP tlog-cosignature, each with its newline.', text(20_000)),
});

shape<Erasure>(ErasureDto, 'A private value that is to be taken away. Its salted hash, and every proof, stay.', {
  event: about('The id of the event.', matching('uuid', UUID, 'must be the id of an event')),
  pointer: about(
    'Where in its data (RFC 6901), such as /channel/to.',
    matching('pointer', POINTER, 'must be a JSON pointer'),
  ),
  reason: about('Why, in words.', text(2000)),
});

export const parseCosignatures = (value: unknown): Cosignatures => read(one(CosignaturesDto), value);
export const parseErasure = (value: unknown): Erasure => read(one(ErasureDto), value);
