import type { EventLog } from '#libs/event-log';
import { toBase64 } from '../core/bytes.ts';
import {
  formatVerifierKey,
  isBy,
  NoteMalformed,
  parseNote,
  parseSignature,
  parseVerifierKey,
  type SignedNote,
  type VerifierKey,
} from '../core/note.ts';
import { verifyCosignature } from '../core/cosignature.ts';
import { hasSigned, sha256, verifyEd25519 } from '../node-crypto.ts';
import type { EvidenceStore } from '../store/evidence-store.ts';
import { compareStore } from './compare-store.ts';
import { type AuditReport, type CheckOutcome, type CheckResult, Findings } from './report.ts';
import { judge, type OutsideCheckpoint, type Verdict } from './signed-for.ts';
import { knownKeys, type SignsWith, trustedFrom } from './trust.ts';
import { walk, type Walked } from './walk.ts';

/** Something else that has to agree with the log: views, receipts. */
export interface AuditCheck {
  readonly name: string;
  /** Throws nothing for a difference: it is what it answers. */
  readonly run: (audited: { readonly log: EventLog }) => Promise<CheckOutcome>;
}

export interface AuditOptions {
  readonly log: EventLog;
  /** What was taken in when it was recorded. Undefined: there is none. */
  readonly store?: EvidenceStore | undefined;
  /** What was wrong with the verifier's own state before it could be looked at. */
  readonly damage?: readonly string[];
  /** Checkpoints that were kept elsewhere. */
  readonly outside?: readonly OutsideCheckpoint[];
  /** A key of the log, from somebody else than the log: the first one, or a later one, and what that has signed counts. */
  readonly key?: VerifierKey | undefined;
  readonly witnesses?: readonly VerifierKey[];
  readonly signsWith?: SignsWith | undefined;
  readonly checks?: readonly AuditCheck[];
  readonly progress?: (done: number) => void;
}

/** Reads everything again, and compares it with everything that was ever signed. */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const { store } = options;
  // Before the log is read: what is taken in meanwhile must not look like events that are gone.
  store?.freeze();
  try {
    return await audited(options);
  } finally {
    store?.thaw();
  }
}

async function audited(options: AuditOptions): Promise<AuditReport> {
  const { log, store, key, signsWith, damage = [], progress = () => {} } = options;
  const findings = new Findings();
  for (const what of damage) findings.add({ kind: 'own-state', what });
  const walked = await walk(log, { findings, progress });
  const from = trustedFrom(walked, { key, findings });
  const checkpoints = walked.checkpoints.filter(({ generation }) => generation >= from);
  const known = knownKeys(walked, { key, signsWith });
  const outside = judged(options.outside ?? [], known, walked);
  const kept = judged(fromStore(store, walked), known, walked);
  const held = [...checkpoints.map(({ size }) => size), ...holding([...outside, ...kept])];
  const sealed = signedAnew(store, walked, findings) ? 0 : largest(held);
  if (store) await compareStore(store, walked, { findings, sealed });
  if (walked.broken)
    differs(findings, walked, { ...walked.broken, name: `the checkpoint of size ${walked.broken.size}` });
  for (const each of kept) blame(each, { findings, walked, own: true });
  for (const each of outside) blame(each, { findings, walked, own: false });
  signsOn(options, walked, findings);
  const cosignatures = await cosigned(options.witnesses ?? [], walked, findings);
  const checks = await runChecks(options, walked, findings);
  const { tree, chains } = walked;
  return {
    intact: findings.inOrder.length === 0,
    events: tree.size,
    sealed,
    root: toBase64(tree.root(tree.size)),
    checkpoints: checkpoints.length,
    outside: holding(outside).length,
    cosignatures,
    erased: walked.erased,
    keys: chains.map((chain) => formatVerifierKey(chain.key)),
    anchor: chains.length === 0 ? 'none' : key ? 'given' : 'log',
    checks,
    findings: findings.inOrder,
  };
}

interface Judged extends OutsideCheckpoint {
  readonly verdict: Verdict;
}

function judged(
  checkpoints: readonly OutsideCheckpoint[],
  keys: readonly VerifierKey[],
  { tree }: Walked,
): readonly Judged[] {
  return checkpoints.map((each) => ({ ...each, verdict: judge(each.note, keys, tree) }));
}

function holding(all: readonly Judged[]): number[] {
  return all.flatMap(({ verdict }) => (verdict.kind === 'holds' ? [verdict.checkpoint.size] : []));
}

const largest = (sizes: readonly number[]): number => sizes.reduce((most, size) => Math.max(most, size), 0);

/** Notes in evidence.db that are not in the log: signed all the same, perhaps. */
function fromStore(store: EvidenceStore | undefined, { checkpoints }: Walked): OutsideCheckpoint[] {
  const inLog = new Set(checkpoints.map(({ note }) => note));
  const strange = (store?.notes ?? []).filter((note) => !inLog.has(note));
  return strange.map((note, at) => ({
    name: `the checkpoint in evidence.db that is not in the log (${at + 1})`,
    note,
  }));
}

/** Whether the log has been signed with other keys than those that evidence.db has checkpoints of. */
function signedAnew(store: EvidenceStore | undefined, { chains, whole }: Walked, findings: Findings): boolean {
  if (!store || !whole) return false;
  const notes = store.notes.flatMap((note) => noteOf(note) ?? []);
  const other = store.keys.findIndex((text, at) => {
    const key = parseVerifierKey(sha256, text);
    const chain = chains[at];
    const replaced = key && !(chain && formatVerifierKey(chain.key) === text);
    return replaced && notes.some((note) => hasSigned(note, key));
  });
  if (other < 0) return false;
  const what = `The log is not signed with key ${other + 1} that it was signed with when it was taken in.`;
  findings.add({ kind: 'log', what });
  return true;
}

function noteOf(text: string): SignedNote | undefined {
  try {
    return parseNote(text);
  } catch (error) {
    if (error instanceof NoteMalformed) return undefined;
    throw error;
  }
}

interface Blaming {
  readonly findings: Findings;
  readonly walked: Walked;
  readonly own: boolean;
}

function blame({ name, verdict }: Judged, { findings, walked, own }: Blaming): void {
  if (verdict.kind === 'not-signed') {
    // What is stored and was never signed is told as damage of the list.
    if (!own) findings.add({ kind: 'outside', what: `${name} says nothing of this log: ${verdict.why}.` });
    return;
  }
  if (verdict.kind === 'holds') return;
  const { size } = verdict.checkpoint;
  const { tree, checkpoints, whole } = walked;
  if (verdict.kind === 'longer') {
    // Where it could not be read any further is known: nothing says that it ends there.
    if (!whole) return;
    const what = `The log has ${tree.size} events, and ${name} was signed over ${size}: it was put back to an earlier state, or cut.`;
    findings.add({ kind: 'log', index: tree.size, what });
  } else {
    const from = largest(checkpoints.map((each) => each.size).filter((each) => each < size));
    differs(findings, walked, { from, size, name });
  }
}

/** Where no copy of the event tells which one it is, the stretch in which it lies is named. */
function differs(
  findings: Findings,
  { place }: Walked,
  { from, size, name }: { readonly from: number; readonly size: number; readonly name: string },
): void {
  if (findings.blames(from, size)) return;
  const what = `From here on, before leaf ${size}, an event is not the one that ${name} was signed for, or one was put in or taken out.`;
  findings.add({ kind: 'log', ...place(from), index: from, what });
}

/** That the installation still has the key it signs with. */
function signsOn({ signsWith }: AuditOptions, { chains }: Walked, findings: Findings): void {
  const chain = chains.at(-1);
  if (!signsWith || !chain) return;
  if (Buffer.compare(signsWith(chain.generation), chain.key.publicKey) !== 0)
    findings.add({
      kind: 'own-state',
      what: 'The secret of this installation is not the one that this log was sealed with: nothing more can be sealed.',
    });
}

/** How many cosignatures hold. Those of unknown witnesses are passed over. */
async function cosigned(witnesses: readonly VerifierKey[], walked: Walked, findings: Findings): Promise<number> {
  let held = 0;
  for (const { size, line } of walked.cosigned) {
    const signature = parseSignature(line.slice(0, -1));
    const witness = witnesses.find((each) => isBy(each, signature));
    const checkpoint = walked.checkpointOf(size);
    if (!witness || !checkpoint) continue;
    const { text } = parseNote(checkpoint.note);
    if ((await verifyCosignature(verifyEd25519, text, signature, witness)) !== undefined) held += 1;
    else
      findings.add({
        kind: 'log',
        what: `A cosignature of ${witness.name} for the checkpoint of size ${size} does not hold.`,
      });
  }
  return held;
}

async function runChecks(
  { log, checks = [] }: AuditOptions,
  { whole }: Walked,
  findings: Findings,
): Promise<readonly CheckResult[]> {
  // They read it as well, and some would wait for the rest.
  if (!whole)
    return checks.map(({ name }) => ({ name, result: 'skipped', detail: 'the log cannot be read to its end' }));
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    const { differences, ...result } = await run({ log });
    results.push({ name, ...result });
    if (result.result !== 'failed') continue;
    for (const { what, ...place } of differences ?? [{ what: result.detail }])
      findings.add({ kind: 'check', ...place, what: `${name}: ${what}` });
  }
  return results;
}
