import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '#libs/config';
import type { EventLog } from '#libs/event-log';
import {
  Cosigning,
  Erasing,
  Evidence,
  Sealer,
  SigningKeys,
  type StoredCheckpoint,
  witnessKeys,
  writeCheckpoint,
} from '#libs/evidence';
import { StartFailure } from '../composition/start-failure.ts';

export interface SealingParts {
  readonly config: Pick<Config, 'evidence'>;
  readonly log: EventLog;
  /** The installation's. */
  readonly secret: string;
  readonly logger: FastifyBaseLogger;
  readonly now: () => number;
  /** Other processes write to the log: its newest events are given time to be there to stay. */
  readonly shared?: boolean;
  /** Not while the log may have been put back to an earlier state. */
  readonly mayAct?: () => boolean;
}

/** What a cluster acknowledged was seen to be lost when its leader went within this time. */
const SETTLE_MS = 2000;
/** After a start there may be much to seal; not at once, since there is much to do then anyway. */
const FIRST_MS = 10_000;

/** The evidence of the log that this service runs on: taken in, sealed at an interval, written out for witnesses. */
export class Sealing {
  readonly evidence: Evidence;
  readonly sealer: Sealer;
  readonly cosigning: Cosigning;
  readonly erasing: Erasing;
  readonly #everyMs: number;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  /** @throws EvidenceUnusable, StartFailure */
  constructor({ config, log, secret, logger, now, shared = false, mayAct = () => true }: SealingParts) {
    const { file, sealEveryMs, checkpointsTo, witnesses } = config.evidence;
    const report = ({ level, message }: { level: 'info' | 'warn' | 'error'; message: string }): void =>
      logger[level](message);
    const keys = new SigningKeys(secret);
    const known = witnessesOf(witnesses);
    this.evidence = Evidence.open({ file, log, report });
    this.sealer = new Sealer({
      log,
      evidence: this.evidence,
      keys,
      now,
      mayAct,
      report,
      ...(shared && { settleMs: SETTLE_MS }),
    });
    this.cosigning = new Cosigning({ log, evidence: this.evidence, witnesses: known, now });
    this.erasing = new Erasing({ log, evidence: this.evidence, now });
    this.#everyMs = sealEveryMs;
    this.#now = now;
    if (checkpointsTo !== undefined) this.evidence.onCheckpoint((each) => this.#write(checkpointsTo, each, logger));
  }

  start(): void {
    const { signal } = this.#stop;
    this.evidence.start();
    const firstMs = Math.min(FIRST_MS, this.#everyMs);
    this.#running = this.sealer.run({ everyMs: this.#everyMs, firstMs, signal });
  }

  /** In numbers. */
  measured(): {
    readonly size: number;
    readonly sealedSize: number;
    readonly ageSeconds: number;
    readonly incident: number;
  } {
    const { size, sealedSize, sealedAt, incident } = this.evidence.state;
    const ageSeconds = sealedAt === null ? 0 : Math.max(0, this.#now() - Date.parse(sealedAt)) / 1000;
    return { size, sealedSize, ageSeconds, incident: incident === null ? 0 : 1 };
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.evidence.stop();
  }

  #write(target: string, checkpoint: StoredCheckpoint, logger: FastifyBaseLogger): void {
    try {
      writeCheckpoint(target, checkpoint);
    } catch (error) {
      logger.error({ err: error }, 'a checkpoint could not be written for its witness');
    }
  }
}

function witnessesOf(texts: readonly string[]): ReturnType<typeof witnessKeys> {
  try {
    return witnessKeys(texts);
  } catch (error) {
    throw new StartFailure(`INFORCE_WITNESSES: ${error instanceof Error ? error.message : String(error)}`);
  }
}
