import { canonicalText, sha256, toBase64, utf8 } from '#libs/evidence';
import type { Clocks, StatusAnswer } from '#libs/register';

/** What was told to somebody. */
export interface Told {
  readonly matter: string;
  readonly party: string | null;
  readonly enforcer: string | null;
  /** As resolved: whoever asks with them again gets the same answer. */
  readonly clocks: Clocks;
  /** Of the newest event that it takes into account. */
  readonly position: string;
  readonly headline: string;
  /** Base64 of SHA-256 over the RFC 8785 bytes of the body. */
  readonly digest: string;
  /** The entries that decided it: a correction of one of these concerns whoever was told. */
  readonly told: readonly string[];
}

/** How: `not-modified` and `head` say again, or vouch for, what the client has or could have. */
export type Form = 'whole' | 'not-modified' | 'head';

/** The data of an `AnswerGiven`. */
export interface AnswerGiven extends Told {
  readonly form: Form;
}

/** What the bytes of a status answer tell. */
export function toldBy(bytes: Buffer): Told {
  const body: StatusAnswer = JSON.parse(bytes.toString());
  const { matter, party, enforcer, clocks, position, headline, because } = body;
  const digest = toBase64(sha256(utf8(canonicalText(body))));
  const told = [...new Set(because.map(({ entry }) => entry))];
  return { matter, party, enforcer, clocks, position, headline: headline.code, digest, told };
}
