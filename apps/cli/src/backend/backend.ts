import type { Headline } from '#libs/matter';
import type {
  ClockQuery,
  Deadline,
  DiffAnswer,
  DiffAsked,
  Imported,
  ListAnswer,
  MatterAnswer,
  ReplayAsked,
  ReplayStep,
  StatusAnswer,
  StatusAsked,
  TimelineAnswer,
  TimelineAsked,
  WhatIfAnswer,
  Written,
} from '#libs/register';

/** As the register is asked; what goes page by page there is whole here. */
export type WholeTimeline = Omit<TimelineAsked, 'limit' | 'cursor' | 'origin'>;

export interface DeadlinesAsked {
  readonly clocks: ClockQuery;
  /** Absent: of all matters. */
  readonly matter?: string;
  readonly state?: readonly string[];
  readonly party?: readonly string[];
}

/** Entries as they were read from a file: their shape is not known yet. */
export interface WhatIfAsked {
  readonly entries: readonly unknown[];
  readonly at?: string;
  readonly party?: string;
  readonly enforcer?: string;
}

/** A line of the list of matters. */
export interface MatterLine {
  readonly id: string;
  readonly title: string;
  readonly jurisdiction: string;
  readonly tags?: readonly string[];
  readonly revision: number;
  readonly headline: Headline;
}

export interface MatterList {
  readonly items: readonly MatterLine[];
  readonly next: string | null;
}

/** What an import did; a server may refuse by rules that this program does not know. */
export type ImportAnswer = Omit<Imported, 'refused'> & { readonly refused: readonly RefusedEntry[] };

export interface RefusedEntry {
  readonly entry: string;
  /** RFC 6901, into the dataset. */
  readonly pointer?: string;
  readonly rule: string;
  readonly detail: string;
}

export interface ImportOptions {
  readonly dryRun: boolean;
  readonly onProgress: (done: number, total: number) => void;
}

/** Where answers come from: the embedded log, or a server. */
export interface Backend {
  matters(): Promise<MatterList>;
  matter(id: string, clocks: ClockQuery): Promise<MatterAnswer>;
  status(matter: string, asked: StatusAsked): Promise<StatusAnswer>;
  timeline(matter: string, asked: WholeTimeline): Promise<TimelineAnswer>;
  deadlines(asked: DeadlinesAsked): Promise<ListAnswer<Deadline>>;
  diff(matter: string, asked: DiffAsked): Promise<DiffAnswer>;
  /** Steps are made, or received, as they are taken. */
  replay(matter: string, asked: ReplayAsked): Promise<AsyncIterable<ReplayStep> | Iterable<ReplayStep>>;
  /** The bytes of a bundle; what is not sealed yet is sealed first, where this process may. */
  bundle(matter: string, asked: StatusAsked): Promise<Uint8Array>;
  whatIf(matter: string, asked: WhatIfAsked): Promise<WhatIfAnswer>;
  record(matter: string, entry: unknown, ifMatch?: number): Promise<Written>;
  import(dataset: unknown, options: ImportOptions): Promise<ImportAnswer>;
  close(): Promise<void>;
}
