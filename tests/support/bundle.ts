import { readFileSync } from 'node:fs';
import { parseDataset } from '#libs/contract';
import { MemoryEventLog } from '#libs/event-log';
import { type Bundle, canonicalText, fromUtf8, makeBundle, sha256, utf8 } from '#libs/evidence';
import { eventAnswer, matterStream, Register, type StatusAsked } from '#libs/register';
import { aSealing, must } from './evidence.ts';

/** A log of its own with both bundled matters, sealed; and the bundle of an answer about one of them. */
export async function aBundle(matter: string, asked: StatusAsked): Promise<Uint8Array> {
  const log = new MemoryEventLog();
  const register = new Register({ log, now: Date.now });
  for (const name of ['us-chip-controls', 'us-tiktok']) {
    const file = new URL(`../../datasets/${name}.json`, import.meta.url);
    await register.importDataset(parseDataset(JSON.parse(readFileSync(file, 'utf8'))), { actor: 'import' });
  }
  const { evidence, sealer, close } = aSealing(log);
  const { note, size } = must(await sealer.seal()).checkpoint;
  const { store } = evidence;
  const events = [];
  for await (const event of log.read(matterStream(matter))) {
    const { index, proof } = store.inclusion(must(store.leafOf(event.id)).index, size);
    events.push({ event: eventAnswer(event), index, proof });
  }
  const head = must(store.head(matterStream(matter), size));
  const answer = (await register.status(matter, asked)).body;
  const bytes = makeBundle(sha256, { matter, events, head, checkpoint: note, key: must(store.keys.at(-1)), answer });
  await close();
  return bytes;
}

export const bundleIn = (bytes: Uint8Array): Bundle => JSON.parse(fromUtf8(bytes));

/** The bundle with something changed, written as a bundle is. */
export function altered(bytes: Uint8Array, change: (bundle: Changeable) => void): Uint8Array {
  const bundle: Changeable = JSON.parse(fromUtf8(bytes));
  change(bundle);
  return utf8(canonicalText(bundle));
}

// oxlint-disable-next-line typescript/no-explicit-any -- tests change what they like
export type Changeable = any;
