import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import { Evidence, EvidenceStore, exportBundle, Sealer, SigningKeys, type StoredCheckpoint } from '#libs/evidence';
import type { Register, StatusAsked } from '#libs/register';
import { installationSecret } from '#libs/vault';
import { refused, unable } from '../failures.ts';

export interface EmbeddedLogParts {
  readonly config: Pick<Config, 'evidence' | 'secret' | 'secretFile'>;
  readonly log: EventLog;
  readonly register: Register;
  /** Whether this process may write: then it seals what is not sealed yet. */
  readonly seals: boolean;
}

/** A bundle from the log itself. */
export async function embeddedBundle(parts: EmbeddedLogParts, matter: string, asked: StatusAsked): Promise<Uint8Array> {
  const { config, log, register, seals } = parts;
  await register.status(matter, asked);
  const answer = async (revision: number) => (await register.status(matter, asked, revision)).body;
  const ask = (store: EvidenceStore, checkpoint: StoredCheckpoint): Promise<Uint8Array> =>
    exportBundle({ log, store, checkpoint, matter, answer });
  if (!seals) return beside(config, register, matter, ask);
  const secret = await installationSecret({ given: config.secret?.reveal(), file: config.secretFile });
  const evidence = Evidence.open({ file: config.evidence.file, log });
  try {
    const sealer = new Sealer({ log, evidence, keys: new SigningKeys(secret), now: Date.now });
    const sealed = await sealer.seal();
    if (!sealed) throw unable('There is nothing to seal yet.');
    return await ask(evidence.store, sealed.checkpoint);
  } finally {
    await evidence.stop();
  }
}

type Ask = (store: EvidenceStore, checkpoint: StoredCheckpoint) => Promise<Uint8Array>;

/** Beside a running server: that one seals, and what it has sealed is used. */
async function beside(
  { evidence }: Pick<Config, 'evidence'>,
  register: Register,
  matter: string,
  ask: Ask,
): Promise<Uint8Array> {
  const store = EvidenceStore.open(evidence.file, { readOnly: true });
  try {
    const { newest } = store;
    const last = (await register.file(matter)).events.at(-1);
    const leaf = last && store.leafOf(last.id);
    if (!newest || !leaf || leaf.index >= newest.size) {
      const hint = 'The server that holds the log seals them when it is asked: add --server and an auditor’s key.';
      throw refused('not-sealed', `The newest events of ${matter} are not under a checkpoint yet.`, hint);
    }
    return await ask(store, newest);
  } finally {
    store.close();
  }
}
