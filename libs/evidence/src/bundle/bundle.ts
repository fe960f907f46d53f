import type { CivilDate } from '#libs/calendar';
import type { Status } from '#libs/matter';
import type { EvidentEvent } from '../core/leaf.ts';

/** Which shape a bundle has: other verifiers than ours read it, too. */
export const BUNDLE_FORMAT = 'inforce-bundle/1';

/** The stream whose head a matter's bundle proves. */
export const streamOfMatter = (matter: string): string => `matter-${matter}`;

export interface BundleClocks {
  readonly at: string;
  readonly knownAt: string;
  readonly publishedBy: CivilDate | null;
}

/** An event as recorded. Its position is the exporter's word: it is no part of the leaf. */
export interface BundleEvent extends EvidentEvent {
  readonly position: string;
}

/** A private value that stands in its event by a salted hash, opened. */
export interface Reveal {
  /** RFC 6901, into the event. */
  readonly pointer: string;
  /** Base64 of 32 bytes. */
  readonly salt: string;
  readonly value: unknown;
}

/** An event with the way from its leaf to the checkpoint's root. Hashes are base64. */
export interface BundledEvent {
  readonly event: BundleEvent;
  readonly index: number;
  readonly proof: readonly string[];
  readonly reveal?: readonly Reveal[];
}

/** That the matter's stream ended with this revision, under the checkpoint's root of heads. */
export interface BundledHead {
  readonly stream: string;
  readonly revision: number;
  readonly index: number;
  readonly streams: number;
  readonly proof: readonly string[];
}

export interface BundleVersions {
  readonly rules: Readonly<Record<string, string>>;
  readonly calendars: Readonly<Record<string, string>>;
  readonly tzdb: string;
}

export interface BundledAnswer extends Status {
  readonly matter: string;
  readonly party: string | null;
  readonly enforcer: string | null;
  readonly clocks: BundleClocks;
  readonly position: string;
}

/** Everything that is needed to check one answer about one matter, without the log and without us. */
export interface Bundle {
  readonly format: typeof BUNDLE_FORMAT;
  readonly matter: string;
  readonly clocks: BundleClocks;
  /** All of the matter, from its opening on. */
  readonly events: readonly BundledEvent[];
  readonly head: BundledHead;
  /** The signed note. */
  readonly checkpoint: string;
  /** The verifier key. */
  readonly key: string;
  /** The signed notes by which the log’s first key was handed over until it was this one. Absent: it is the first. */
  readonly handovers?: readonly string[];
  readonly versions: BundleVersions;
  readonly answer: BundledAnswer;
  /** Base64 of SHA-256 over the RFC 8785 bytes of the rest: tells damage where no proof reaches. */
  readonly digest: string;
}

/** Why a bundle is not accepted, and where. */
export class BundleFault extends Error {
  override get name(): string {
    return 'BundleFault';
  }
  /** Whether the file is no bundle at all, or one that does not hold. */
  readonly kind: 'malformed' | 'unproven';
  /** RFC 6901, into the bundle; empty: the whole of it. */
  readonly place: string;
  constructor(kind: BundleFault['kind'], place: string, message: string) {
    super(message);
    this.kind = kind;
    this.place = place;
  }
}
