import type { PrivateValue } from '#libs/vault';
import type { AlertKind } from './alert.ts';

/** Absent: no bound by it. Lists are alternatives; the fields together narrow. */
export interface WatchFilter {
  readonly matters?: readonly string[];
  /** A class includes its members. */
  readonly parties?: readonly string[];
  readonly jurisdictions?: readonly string[];
  readonly kinds?: readonly AlertKind[];
}

export type Channel =
  { readonly kind: 'webhook'; readonly url: string } | { readonly kind: 'email'; readonly to: string };

export type WatchState = 'active' | 'paused' | 'disabled' | 'removed';

/** What a reader says of a watch, but for where it is to be told. */
export interface WatchSettings {
  readonly name: string;
  readonly filter: WatchFilter;
  /** ISO 8601 periods before the due day, such as `P30D`; `P0D` is the day itself. */
  readonly leads: readonly string[];
  /** `HH:MM`, in `timeZone`: when reminders are sent. */
  readonly at: string;
  readonly timeZone: string;
}

/** A reader's standing interest, as its stream gives it. */
export interface Watch extends WatchSettings {
  readonly id: string;
  /** The key that made it, as the log names whoever wrote: `key:<id>` or `admin`. Only it sees the watch. */
  readonly owner: string;
  readonly channelKind: Channel['kind'];
  /** The channel, sealed; see `Vault`. */
  readonly address: PrivateValue;
  /** How often the signing secret was rotated; the secret follows from it. */
  readonly rotation: number;
  /** When it was rotated, the last times, in order: what it was before signs as well for a day from then. */
  readonly rotations: readonly string[];
  readonly state: WatchState;
  /** Why it is disabled. */
  readonly reason: string | null;
  readonly createdAt: string;
  /** Position of its creation: it hears what follows. */
  readonly createdPosition: bigint;
  readonly revision: number;
}
