import { versions } from '#libs/calendar';
import { type Sha256, toBase64, utf8 } from '../core/bytes.ts';
import { canonicalText } from '../core/canonical.ts';
import type { HeadProof } from '../core/heads.ts';
import { type Bundle, BUNDLE_FORMAT, type BundledAnswer, type BundleEvent, type BundledEvent } from './bundle.ts';
import { digestOf } from './verify.ts';

/** What a bundle is made of. */
export interface BundleParts {
  readonly matter: string;
  /** All of the matter's events, with where each is and how it leads to the root. */
  readonly events: readonly {
    readonly event: BundleEvent;
    readonly index: number;
    readonly proof: readonly Uint8Array[];
  }[];
  readonly head: HeadProof;
  readonly checkpoint: string;
  readonly key: string;
  /** Up to this key, the oldest first. */
  readonly handovers?: readonly string[];
  readonly answer: BundledAnswer;
}

/** The bytes of a bundle: RFC 8785, without a newline. */
export function makeBundle(
  sha256: Sha256,
  { matter, events, head, checkpoint, key, handovers = [], answer }: BundleParts,
): Uint8Array {
  const rest: Omit<Bundle, 'digest'> = {
    format: BUNDLE_FORMAT,
    matter,
    clocks: answer.clocks,
    events: events.map(({ event, index, proof }): BundledEvent => ({
      event: shown(event),
      index,
      proof: proof.map(toBase64),
    })),
    head: { ...head, proof: head.proof.map(toBase64) },
    checkpoint,
    key,
    ...(handovers.length > 0 && { handovers }),
    versions,
    answer: JSON.parse(JSON.stringify(answer)),
  };
  return utf8(canonicalText({ ...rest, digest: digestOf(sha256, rest) }));
}

function shown({ id, stream, revision, position, type, schema, recordedAt, data, meta }: BundleEvent): BundleEvent {
  return { id, stream, revision, position, type, schema, recordedAt, data, meta };
}
