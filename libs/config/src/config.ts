import type { Secret } from './secret.ts';

/** Where the record is kept. Other stores than the embedded one have an adapter of their own, or none in this build. */
export interface EmbeddedLog {
  readonly kind: 'sqlite';
  readonly file: string;
}

export type Datasets =
  { readonly kind: 'bundled' } | { readonly kind: 'none' } | { readonly kind: 'directory'; readonly path: string };

/** How the record is sealed. */
export interface EvidenceConfig {
  readonly file: string;
  /** What keys are derived from. Absent: what `secretFile` holds. */
  readonly secret: Secret | undefined;
  readonly secretFile: string;
  readonly sealEveryMs: number;
  /** A file or directory to which each checkpoint is written, for a witness. */
  readonly checkpointsTo: string | undefined;
  /** Verifier keys of witnesses whose cosignatures are taken. */
  readonly witnesses: readonly string[];
}

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
  readonly evidence: EvidenceConfig;
}
