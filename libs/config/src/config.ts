import type { Secret } from './secret.ts';

/** Where the record is kept. Other stores than the embedded one have an adapter of their own, or none in this build. */
export interface EmbeddedLog {
  readonly kind: 'sqlite';
  readonly file: string;
}

export type Datasets =
  { readonly kind: 'bundled' } | { readonly kind: 'none' } | { readonly kind: 'directory'; readonly path: string };

/** The environment, checked. */
export interface Config {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Directory of the embedded log, the views and the keys. */
  readonly data: string;
  readonly log: EmbeddedLog;
  readonly viewsFile: string;
  readonly keysFile: string;
  /** What an empty log is filled with. */
  readonly datasets: Datasets;
  readonly read: 'public' | 'key';
  readonly adminKey: Secret | undefined;
  readonly recordAnswers: boolean;
}
