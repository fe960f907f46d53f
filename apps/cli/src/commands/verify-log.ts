import { existsSync } from 'node:fs';
import type { Config } from '#libs/config';
import { EventLogError } from '#libs/event-log';
import { audit, type AuditReport, EvidenceStore, EvidenceUnusable, SigningKeys, witnessKeys } from '#libs/evidence';
import { knownSecret, SecretUnusable, Vault } from '#libs/vault';
import { alertsCheck } from '../audit/alerts-check.ts';
import { privateCheck } from '../audit/private-check.ts';
import { readCheckpoints, readKey } from '../audit/read-outside.ts';
import { auditView } from '../audit/report-view.ts';
import { viewsCheck } from '../audit/views-check.ts';
import { openLog } from '../backend/open-log.ts';
import type { Context } from '../context.ts';
import { exitCode } from '../exit-code.ts';
import { usage } from '../failures.ts';
import type { Input } from '../line/input.ts';
import type { OptionSpec } from '../line/spec.ts';
import { Progress } from '../progress.ts';

export const logOptions: readonly OptionSpec[] = [
  { name: 'log', about: 'Read the whole log again, and compare it with everything that was ever signed.' },
  {
    name: 'checkpoint',
    value: '<path>',
    about: 'With --log: a checkpoint that was kept elsewhere, or a directory of them.',
    completes: 'file',
  },
  {
    name: 'trust',
    value: '<key>',
    about: 'A verifier key of the log, best the first, or a file with it, from somebody else than the log.',
    completes: 'file',
  },
];

/** The audit of the log itself: it is done where the log is. */
export async function verifyLog(input: Input, context: Context): Promise<number> {
  if (context.server !== undefined) throw usage('inforce verify --log reads the log itself, not through --server.');
  const config = await context.config();
  const path = input.option('checkpoint');
  const outside = path === undefined ? [] : readCheckpoints(path);
  const trusted = input.option('trust');
  const key = trusted === undefined ? undefined : readKey(trusted);
  const report = await audited(config, context, { outside, key });
  context.answer(report, () => auditView(context.screen, report));
  return report.intact ? exitCode.done : exitCode.differs;
}

type Given = Pick<Parameters<typeof audit>[0], 'outside' | 'key'>;

async function audited(config: Config, context: Context, given: Given): Promise<AuditReport> {
  const damage: string[] = [];
  const store = openStore(config, damage);
  const progress = new Progress(process.stderr, context.errors, 'Reading the log again');
  try {
    const secret = await secretOf(config, damage);
    const vault = secret === undefined ? undefined : new Vault(secret);
    const log = await openLog(config, 'audit');
    try {
      const total = store?.end.size ?? 0;
      return await audit({
        ...given,
        log,
        store,
        damage,
        signsWith: signsWith(secret),
        witnesses: witnessKeys(config.evidence.witnesses),
        checks: [viewsCheck(config.viewsFile), alertsCheck(), privateCheck(vault)],
        progress: (done) => progress.show(done, Math.max(done, total)),
      });
    } finally {
      await log.close();
    }
  } catch (error) {
    // A log that cannot be opened for damage differs from what it was, and there is no more to be said of it.
    if (error instanceof EventLogError && error.code === 'unusable') return unreadable(error.message);
    throw error;
  } finally {
    progress.clear();
    store?.close();
  }
}

/** Undefined where there is none, or where it cannot be looked at: then `damage` says why. */
function openStore({ evidence: { file } }: Config, damage: string[]): EvidenceStore | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return EvidenceStore.open(file, { readOnly: true });
  } catch (error) {
    if (!(error instanceof EvidenceUnusable)) throw error;
    damage.push(`${error.message} Move it away and start the service: it is made again from the log.`);
    return undefined;
  }
}

/** Nothing is made here. Undefined where there is none, or where it cannot be used: then `damage` says why. */
async function secretOf({ secret: given, secretFile }: Config, damage: string[]): Promise<string | undefined> {
  try {
    return await knownSecret({ given: given?.reveal(), file: secretFile });
  } catch (error) {
    if (!(error instanceof SecretUnusable)) throw error;
    damage.push(error.message);
    return undefined;
  }
}

/** Whoever has no secret signs nothing. */
function signsWith(secret: string | undefined): ((generation: number) => Uint8Array) | undefined {
  if (secret === undefined) return undefined;
  const keys = new SigningKeys(secret);
  return (generation) => keys.generation(generation).publicKey;
}

function unreadable(what: string): AuditReport {
  const finding = { kind: 'log', what, index: null, position: null, event: null } as const;
  const counts = { events: 0, sealed: 0, checkpoints: 0, outside: 0, cosignatures: 0, erased: 0 };
  return { intact: false, ...counts, root: '', keys: [], anchor: 'none', checks: [], findings: [finding] };
}
