import type { Secret } from './secret.ts';

export interface EmbeddedLog {
  readonly kind: 'sqlite';
  readonly file: string;
}

/** A KurrentDB or EventStoreDB server or cluster. */
export interface ClusterLog {
  readonly kind: 'kurrentdb';
  /** With credentials, as a rule. */
  readonly connection: Secret;
  /** Where it is, for whoever reads an error. */
  readonly hosts: string;
  /** What the names of our streams begin with there. */
  readonly prefix: string;
}

/** Where the record is kept. */
export type LogPlace = EmbeddedLog | ClusterLog;

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

/** How the record is sealed. */
export interface EvidenceConfig {
  readonly file: string;
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
  readonly log: LogPlace;
  /** What the names of our streams begin with on a shared server. */
  readonly logPrefix: string;
  readonly viewsFile: string;
  readonly keysFile: string;
  /** What an empty log is filled with. */
  readonly datasets: Datasets;
  readonly read: 'public' | 'key';
  readonly adminKey: Secret | undefined;
  /** Of the installation; absent: it is kept in the data directory. */
  readonly secret: Secret | undefined;
  /** Where it is kept when none is given. */
  readonly secretFile: string;
  readonly recordAnswers: boolean;
  /** Whose X-Forwarded-For says who the client is: nobody's, everybody's, or that of these addresses and networks. */
  readonly trustProxy: boolean | readonly string[];
  /** Absent: email watches are refused. */
  readonly mail: Mail | undefined;
  /** Where the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** For development: webhooks may go to this machine, also over plain http. */
  readonly allowLoopbackWebhooks: boolean;
  readonly evidence: EvidenceConfig;
}
