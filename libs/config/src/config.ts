import type { Secret } from './secret.ts';

/** Where the record is kept. Other stores than the embedded one have an adapter of their own, or none in this build. */
export interface EmbeddedLog {
  readonly kind: 'sqlite';
  readonly file: string;
}

export type Datasets =
  { readonly kind: 'bundled' } | { readonly kind: 'none' } | { readonly kind: 'directory'; readonly path: string };

/** The server that takes our mail, and in whose name. */
export interface Mail {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314). Otherwise STARTTLS is used wherever it is offered. */
  readonly secure: boolean;
  /** Nothing is said to a server that offers no TLS: a password must not travel in the open. */
  readonly requireTls: boolean;
  readonly auth?: { readonly user: string; readonly pass: Secret };
  /** The sender's address. */
  readonly from: string;
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
  /** Of the installation; absent: it is kept in the data directory. */
  readonly secret: Secret | undefined;
  readonly recordAnswers: boolean;
  /** Absent: email watches are refused. */
  readonly mail: Mail | undefined;
  /** Where the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** For development: webhooks may go to this machine, also over plain http. */
  readonly allowLoopbackWebhooks: boolean;
}
