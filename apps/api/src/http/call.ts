import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { Role } from '#libs/access';
import type { openApiParameters, ProblemRule } from '#libs/contract';

/**
 * Who may call: anybody; anybody, or any key where reading takes one; the same, or a feed's token; whoever has a key;
 * whoever has a key with this role.
 */
export type Access = 'open' | 'read' | 'feed' | 'key' | Role;

/** What paths name. */
export type Named = 'matter' | 'entry' | 'event' | 'feed' | 'tile' | 'watch';

/** Each throws for what is not there, or not for whoever asks. */
export type Lookups = Readonly<Record<Named, (request: FastifyRequest) => unknown>>;

/** What a call answers, for the API document. */
export interface Result {
  readonly status: number;
  readonly about: string;
  /** A schema's name. */
  readonly schema?: string;
  /** What each line of NDJSON is; an event unless said. */
  readonly lines?: string;
  readonly mediaTypes?: readonly string[];
  readonly headers?: readonly string[];
}

/** What every call says of itself: the hooks act on it, and the API document is made of it. */
export interface CallOptions {
  /** operationId. */
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly about?: string;
  readonly access: Access;
  /** What the path names, and what has to exist before anything else of the request is looked at. */
  readonly names?: Named;
  /** Its query, by the contract's name. Absent: it takes no parameters. */
  readonly query?: keyof ReturnType<typeof openApiParameters>;
  /** A schema's name. */
  readonly body?: string;
  /** A form may be sent to it, of which nothing is read. */
  readonly form?: true;
  readonly requestHeaders?: readonly string[];
  readonly results: readonly Result[];
  /** Refusals worth telling, beyond those that every call has. */
  readonly refusals?: readonly ProblemRule[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly call?: CallOptions;
  }
}

export const Call = (call: CallOptions): MethodDecorator => RouteConfig({ call });
