import type { RaisedAlert } from '../alert.ts';
import type { SigningSecret } from '../channels/secrets.ts';
import type { Channel, WatchState } from '../watch.ts';

/** A watch as delivery sees it: its address opened, its secrets derived. */
export interface Receiver {
  readonly watch: string;
  readonly channel: Channel;
  readonly state: WatchState;
  /** What it signs with now, the newest first; none for email. */
  readonly secrets: readonly SigningSecret[];
}

/** The watches, as far as delivery asks about them. */
export interface WatchBook {
  /** Undefined for a watch there never was. */
  readonly receiver: (watch: string, now: number) => Promise<Receiver | undefined>;
  /** How it is told; also when its address cannot be opened. */
  readonly channelKind: (watch: string) => Promise<Channel['kind'] | undefined>;
  /** Whoever made the watch is told, as an alert of type `watch-disabled`. Disabling what is disabled does nothing. */
  readonly disable: (watch: string, reason: string) => Promise<void>;
}

/** The alerts as raised, as far as delivery asks about them. */
export interface AlertBook {
  /** Ids of watches: of every one that has alerts, and again whenever an alert is raised. Ends with the signal. */
  readonly follow: (signal: AbortSignal) => AsyncIterable<string>;
  /** The alerts of a watch after this `seq`, in order, test alerts among them. */
  readonly after: (watch: string, seq: number) => AsyncIterable<RaisedAlert>;
}
