import { hashFromBase64, toBase64 } from './bytes.ts';
import { NoteMalformed } from './note.ts';

/** What a log's operator signs: so many leaves with that root, and the streams' heads at that moment. */
export interface Checkpoint {
  /** Which log: stays the same when its key changes. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Undefined in checkpoints of other logs. */
  readonly heads: Heads | undefined;
}

/** Of the tree over the lines `<stream> <revision>`, one for each stream, in the order of the names' bytes. */
export interface Heads {
  readonly streams: number;
  readonly root: Uint8Array;
}

/**
 * C2SP tlog-checkpoint. The heads stand in an extension line, so that one signature, and every cosignature, covers them;
 * whoever has the log can compute them again.
 */
export function formatCheckpoint({ origin, size, root, heads }: Checkpoint): string {
  const extension = heads ? `heads ${heads.streams} ${toBase64(heads.root)}\n` : '';
  return `${origin}\n${size}\n${toBase64(root)}\n${extension}`;
}

const WHOLE = /^(?:0|[1-9]\d{0,15})$/;

/** @throws NoteMalformed */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = '', count = '', base64 = '', ...rest] = text.split('\n');
  const root = hashFromBase64(base64);
  const size = WHOLE.test(count) ? Number(count) : Number.NaN;
  const extensions = rest.slice(0, -1);
  if (origin === '' || !Number.isSafeInteger(size) || !root || rest.at(-1) !== '' || extensions.includes(''))
    throw new NoteMalformed('The note is not a checkpoint: it has an origin, a size and a root, each on its line.');
  return { origin, size, root, heads: headsOf(extensions) };
}

function headsOf(extensions: readonly string[]): Heads | undefined {
  const [line, second] = extensions.filter((extension) => extension.startsWith('heads '));
  if (line === undefined) return undefined;
  const [, count = '', base64 = ''] = /^heads (\S+) (\S+)$/.exec(line) ?? [];
  const [streams, root] = [WHOLE.test(count) ? Number(count) : Number.NaN, hashFromBase64(base64)];
  if (second !== undefined || !Number.isSafeInteger(streams) || !root)
    throw new NoteMalformed('The checkpoint’s line of heads is not one: it has a count and a root.');
  return { streams, root };
}
