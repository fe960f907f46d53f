import { formatVerifierKey, type VerifierKey } from '../core/note.ts';
import { originOf, verifierOf } from '../seal/signing-keys.ts';
import type { Findings } from './report.ts';
import type { Walked } from './walk.ts';

/** The key that this installation would sign with, for each generation. */
export type SignsWith = (generation: number) => Uint8Array;

/** How many hand-overs a log may have been put back behind, and what its installation signed since is still known. */
const LATER = 16;

/**
 * The keys that may have signed for this log, by now or before it was put back: its own, the one that somebody trusts, and
 * those that the installation's secret gives next.
 */
export function knownKeys(
  { chains }: Walked,
  { key, signsWith }: { readonly key?: VerifierKey | undefined; readonly signsWith?: SignsWith | undefined },
): readonly VerifierKey[] {
  const newest = chains.at(-1);
  const known = [...chains.map((chain) => chain.key), ...(key ? [key] : [])];
  if (!signsWith) return known;
  const origin = newest?.origin ?? originOf({ publicKey: signsWith(1) });
  const next = (newest?.generation ?? 0) + 1;
  const later = Array.from({ length: LATER }, (_, at) => verifierOf(origin, { publicKey: signsWith(next + at) }));
  return [...known, ...later];
}

/** From which generation on signatures count: all, or those from the key on that somebody trusts. */
export function trustedFrom(
  { chains, place }: Walked,
  { key, findings }: { readonly key: VerifierKey | undefined; readonly findings: Findings },
): number {
  if (!key) return 1;
  const given = formatVerifierKey(key);
  const trusted = chains.find((chain) => formatVerifierKey(chain.key) === given);
  const [first] = chains;
  if (!trusted && first)
    findings.add({
      kind: 'log',
      ...place(first.index),
      index: first.index,
      what: `No key of this log is the one that was given: it is another log, was signed anew, or was put back to before that key. It begins with ${formatVerifierKey(first.key)}.`,
    });
  return trusted?.generation ?? Number.POSITIVE_INFINITY;
}
