import { setImmediate as nextTurn } from 'node:timers/promises';
import { equal } from '../core/bytes.ts';
import { foldHashes, HASH_SIZE, hashAt, TILE_WIDTH, tileWidth } from '../core/tiles.ts';
import { hashLeaf } from '../core/merkle.ts';
import { sha256 } from '../node-crypto.ts';
import type { EvidenceStore } from '../store/evidence-store.ts';
import type { Findings } from './report.ts';
import type { Walked } from './walk.ts';

const REBUILD = 'It can be made again from the log: move evidence.db away and start the service.';

/**
 * Compares what was taken in with what the log holds now, leaf by leaf. Up to `sealed` the log is what was signed for, so
 * whatever differs there is damage of evidence.db; beyond that, two of three copies (the log, the stored leaf, its hash)
 * decide.
 */
export async function compareStore(
  store: EvidenceStore,
  walked: Walked,
  { findings, sealed }: { readonly findings: Findings; readonly sealed: number },
): Promise<void> {
  const { size } = store.end;
  const { tree } = walked;
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    compareTile(store, walked, { index, size, findings, sealed });
    if (index % 16 === 15) await nextTurn();
  }
  compareUpperTiles(store, size, findings);
  compareLists(store, walked, findings);
  if (size > tree.size && walked.whole)
    findings.add({
      kind: 'log',
      index: tree.size,
      what: `The log ends after ${tree.size} events, and ${size} had been taken in.`,
    });
}

interface Asked {
  readonly index: number;
  readonly size: number;
  readonly findings: Findings;
  readonly sealed: number;
}

function compareTile(store: EvidenceStore, walked: Walked, { index, size, findings, sealed }: Asked): void {
  const { tree, place } = walked;
  const from = index * TILE_WIDTH;
  const width = tileWidth({ level: 0, index }, size);
  const tile = store.storedTile(0, index) ?? new Uint8Array();
  const rows = store.rows(from, from + width);
  if (tile.length !== width * HASH_SIZE || rows.length !== width) {
    findings.add({
      kind: 'own-state',
      index: from,
      what: `evidence.db does not have all of tile 0/${index}. ${REBUILD}`,
    });
    return;
  }
  for (const [at, row] of rows.entries()) {
    const leaf = from + at;
    const inLog = leaf < tree.size ? tree.leafHash(leaf) : undefined;
    const part = damagedPart({
      hashed: hashLeaf(sha256, row.leaf),
      kept: hashAt(tile, at),
      inLog,
      sealed: leaf < sealed,
    });
    const known = `${row.position} ${row.eventId} ${row.stream} ${row.revision}`;
    if (part === 'log') {
      const what = `The event here is not the one that was taken in, ${row.eventId}.`;
      findings.add({ kind: 'log', index: leaf, ...place(leaf), what });
      return;
    }
    const wrong = part ?? (inLog && known !== walked.of(leaf) ? 'what is noted beside' : undefined);
    if (wrong !== undefined)
      findings.add({
        kind: 'own-state',
        index: leaf,
        ...place(leaf),
        what: `evidence.db is damaged: ${wrong} leaf ${leaf}. ${REBUILD}`,
      });
  }
}

interface Copies {
  readonly hashed: Uint8Array;
  readonly kept: Uint8Array;
  readonly inLog: Uint8Array | undefined;
  /** The log is what was signed for. */
  readonly sealed: boolean;
}

/** Which of the copies of one leaf is wrong, if any. */
function damagedPart({
  hashed,
  kept,
  inLog,
  sealed,
}: Copies): 'log' | 'the text of' | 'the hash of' | 'both copies of' | undefined {
  if (!inLog) return equal(hashed, kept) ? undefined : 'the text of';
  const [text, hash] = [equal(hashed, inLog), equal(kept, inLog)];
  if (text && hash) return undefined;
  if (text) return 'the hash of';
  if (hash) return 'the text of';
  return sealed ? 'both copies of' : 'log';
}

/** Every hash above the leaves is that of the tile below it, as it is stored. */
function compareUpperTiles(store: EvidenceStore, size: number, findings: Findings): void {
  for (
    let level = 1, count = Math.floor(size / TILE_WIDTH);
    count > 0;
    level += 1, count = Math.floor(count / TILE_WIDTH)
  ) {
    for (let place = 0; place < count; place += 1) {
      const index = Math.floor(place / TILE_WIDTH);
      const below = store.storedTile(level - 1, place) ?? new Uint8Array();
      const tile = store.storedTile(level, index) ?? new Uint8Array();
      const full = tile.length === tileWidth({ level, index }, size) * HASH_SIZE;
      const whole = full && below.length === TILE_WIDTH * HASH_SIZE;
      if (whole && equal(foldHashes(sha256, below), hashAt(tile, place % TILE_WIDTH))) continue;
      findings.add({ kind: 'own-state', what: `evidence.db is damaged: tile ${level}/${index}. ${REBUILD}` });
      return;
    }
  }
}

/**
 * Checkpoints, keys, cosignatures and streams are those of the log, as far as it was taken in, and there are no others. A
 * log that differs says nothing of them: they may be all that is left of what it was.
 */
function compareLists(store: EvidenceStore, walked: Walked, findings: Findings): void {
  const { lines, revisions, whole, tree, broken } = walked;
  const { size } = store.end;
  if (!whole || tree.size < size || broken || findings.logDiffers) return;
  const taken = lines.filter((line) => indexOf(line) < size);
  const [inLog, stored] = [new Set(taken), store.lines];
  const kept = new Set(stored);
  const wrong = stored.find((line) => !inLog.has(line)) ?? taken.find((line) => !kept.has(line));
  if (wrong !== undefined)
    findings.add({
      kind: 'own-state',
      what: `evidence.db is damaged: ${nameOf(wrong)} is not what the log has. ${REBUILD}`,
    });
  if (tree.size > size) return;
  const { streams } = store;
  const same = streams.every(({ stream, revision }) => revisions.get(stream) === revision);
  if (!same || streams.length !== revisions.size)
    findings.add({
      kind: 'own-state',
      what: `evidence.db is damaged: the streams are not those of the log. ${REBUILD}`,
    });
}

function indexOf(line: string): number {
  return Number(line.split(' ')[1]);
}

/** `checkpoint 17`, `key 3`. */
function nameOf(line: string): string {
  const [what = '', index = ''] = line.split(' ');
  return `${what} of leaf ${index}`;
}
