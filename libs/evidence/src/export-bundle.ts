import { epochMs, isInstant } from '#libs/calendar';
import { encodePosition, type EventLog } from '#libs/event-log';
import { answerFrom } from './bundle/answer.ts';
import { type BundledAnswer, type BundleEvent, streamOfMatter } from './bundle/bundle.ts';
import { makeBundle } from './bundle/make.ts';
import { parseNote, parseVerifierKey } from './core/note.ts';
import { hasSigned, sha256 } from './node-crypto.ts';
import type { StoredCheckpoint } from './store/checkpoints.ts';
import type { EvidenceStore } from './store/evidence-store.ts';
import { asTakenIn } from './store/leaves.ts';

export interface BundleExport {
  readonly log: EventLog;
  readonly store: EvidenceStore;
  /** The checkpoint that everything in the bundle is under. */
  readonly checkpoint: StoredCheckpoint;
  readonly matter: string;
  /** The answer that the events up to a revision give, and no later ones. */
  readonly answer: (revision: number) => Promise<BundledAnswer>;
}

/** The matter has no events under the checkpoint. */
export class NothingSealed extends Error {
  override get name(): string {
    return 'NothingSealed';
  }
}

/** One file with all that it takes to check an answer. @throws NothingSealed */
export async function exportBundle({ log, store, checkpoint, matter, answer }: BundleExport): Promise<Uint8Array> {
  const { size, note } = checkpoint;
  const stream = streamOfMatter(matter);
  const head = store.head(stream, size);
  if (!head) throw new NothingSealed(`No event of ${matter} is under the newest checkpoint yet.`);
  const inclusion = store.inclusions(size);
  const events = [];
  for await (const event of log.read(stream, { to: head.revision })) {
    const leaf = store.leafOf(event.id);
    if (!leaf) throw new Error(`Event ${event.id} was never taken in.`);
    const { index, proof } = inclusion(leaf.index);
    const taken = { ...asTakenIn(event, leaf), position: encodePosition(event.position) };
    events.push({ event: taken, index, proof, later: taken.recordedAt !== event.recordedAt });
  }
  const key = signerOf(store, note);
  const handovers = store.handovers.slice(0, store.keys.indexOf(key));
  const parts = { matter, events, head, checkpoint: note, key, handovers };
  return makeBundle(sha256, { ...parts, answer: inLogOrder(events, await answer(head.revision)) });
}

/** As if it had been asked of the log, and not of the stream alone: its last event may be of a little later there. */
function inLogOrder(
  events: readonly { readonly event: BundleEvent; readonly later: boolean }[],
  answer: BundledAnswer,
): BundledAnswer {
  const last = events.find(({ event }) => event.position === answer.position);
  if (!last?.later) return answer;
  const { matter, party, enforcer, clocks } = answer;
  const { recordedAt } = last.event;
  const isBefore = isInstant(clocks.knownAt) && epochMs(clocks.knownAt) < epochMs(recordedAt);
  const knownAt = isBefore ? recordedAt : clocks.knownAt;
  const all = events.map(({ event }) => event);
  return answerFrom(all, { matter, party, enforcer, clocks: { ...clocks, knownAt } });
}

/** The verifier key that a checkpoint of the log is signed with: since then, it may have been handed over. */
export function signerOf(store: EvidenceStore, text: string): string {
  const note = parseNote(text);
  const signer = store.keys.findLast((each) => {
    const key = parseVerifierKey(sha256, each);
    return key !== undefined && hasSigned(note, key);
  });
  if (signer === undefined) throw new Error('The checkpoint is signed by no key of this log.');
  return signer;
}
