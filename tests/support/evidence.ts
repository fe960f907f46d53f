import { type EventLog, type Json, MemoryEventLog, type NewEvent, type RecordedEvent, uuidv7 } from '#libs/event-log';
import {
  consistencyProof,
  Evidence,
  type EvidenceOptions,
  hashLeaf,
  inclusionProof,
  hashNode,
  Sealer,
  type SealerOptions,
  sha256,
  SigningKeys,
  treeRoot,
  type ConsistencyClaim,
  type InclusionClaim,
  type NodeReader,
} from '#libs/evidence';

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export const reversedBits = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);

export interface Tree {
  readonly node: NodeReader;
  readonly root: (size: number) => Uint8Array;
  readonly inclusion: (index: number, size: number) => InclusionClaim & { readonly root: Uint8Array };
  readonly consistency: (from: number, to: number) => ConsistencyClaim;
}

/** A tree with all its complete nodes in memory, and claims about it that hold. */
export function aTree(leaves: readonly Uint8Array[]): Tree {
  const rows = [leaves.map((leaf) => hashLeaf(sha256, leaf))];
  for (let row = rows[0] ?? []; row.length > 1; rows.push(row)) {
    const below = row;
    row = Array.from({ length: Math.floor(below.length / 2) }, (_, at) =>
      hashNode(sha256, must(below[at * 2]), must(below[at * 2 + 1])),
    );
  }
  const node: NodeReader = (level, index) => must(rows[level]?.[index]);
  const root = (size: number): Uint8Array => treeRoot(sha256, size, node);
  return {
    node,
    root,
    inclusion: (index, size) => ({
      index,
      size,
      leafHash: node(0, index),
      proof: inclusionProof(sha256, index, size, node),
      root: root(size),
    }),
    consistency: (from, to) => ({
      from,
      to,
      fromRoot: root(from),
      toRoot: root(to),
      proof: consistencyProof(sha256, from, to, node),
    }),
  };
}

export function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('This should be there.');
  return value;
}

/** An event as a writer makes it. */
export function anEvent(text: string, data: Json = { text }): NewEvent {
  return { id: uuidv7(), type: 'Noted', schema: 1, data, meta: { actor: 'test' } };
}

export async function append(log: EventLog, stream: string, ...texts: readonly string[]): Promise<void> {
  const events = texts.map((text) => anEvent(text));
  try {
    await log.append(stream, 'no-stream', events);
  } catch {
    await log.append(stream, 'stream-exists', events);
  }
}

export const SECRET = '7'.repeat(32);

export interface Sealing {
  readonly log: EventLog;
  readonly evidence: Evidence;
  readonly sealer: Sealer;
  readonly close: () => Promise<void>;
}

/** Evidence over a log, not following it: it takes in what it needs when it is asked. */
export function aSealing(log: EventLog, options: Partial<EvidenceOptions> & Partial<SealerOptions> = {}): Sealing {
  const evidence = Evidence.open({ file: ':memory:', log, ...options });
  const sealer = new Sealer({ log, evidence, keys: new SigningKeys(SECRET), now: Date.now, ...options });
  return { log, evidence, sealer, close: () => evidence.stop() };
}

/** A log that holds just these events, as somebody might have left it. */
export class OtherLog extends MemoryEventLog {
  private readonly events: readonly RecordedEvent[];

  constructor(events: readonly RecordedEvent[]) {
    super();
    this.events = events;
  }

  override async *readAll(): AsyncGenerator<RecordedEvent, void> {
    yield* this.events;
  }
}
