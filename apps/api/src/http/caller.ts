import { hash, timingSafeEqual } from 'node:crypto';
import { type Key, type KeyStore, type Role, roles } from '#libs/access';
import type { Config } from '#libs/config';
import type { Access } from './call.ts';
import { HttpRefusal } from './http-refusal.ts';

/** Whose request it is. */
export interface Caller {
  readonly kind: 'anonymous' | 'feed' | 'key' | 'admin';
  /** As the log names whoever wrote. */
  readonly actor: string;
  readonly roles: ReadonlySet<Role>;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller;
  }
}

export const nobody: Caller = { kind: 'anonymous', actor: 'anonymous', roles: new Set() };
const admin: Caller = { kind: 'admin', actor: 'admin', roles: new Set(roles) };

// RFC 9110 §11.1: the scheme's name is in any case.
const BEARER = /^bearer +([\x21-\x7e]{1,1000})$/i;

/** Tells whose request it is, and whether they may. */
export class Gatekeeper {
  readonly #keys: Pick<KeyStore, 'find'>;
  readonly #openReading: boolean;
  readonly #adminDigest: Buffer | undefined;

  constructor(config: Pick<Config, 'read' | 'adminKey'>, keys: Pick<KeyStore, 'find'>) {
    this.#keys = keys;
    this.#openReading = config.read === 'public';
    this.#adminDigest = config.adminKey && digest(config.adminKey.reveal());
  }

  /** @throws HttpRefusal for anything in the header that is not a live key. */
  identify(authorization: string | undefined): Caller {
    if (authorization === undefined) return nobody;
    const key = BEARER.exec(authorization)?.[1];
    if (key === undefined) throw unauthorized('The Authorization header must be Bearer and a key.', 'invalid_request');
    if (this.#isAdmin(key)) return admin;
    const found = this.#keys.find(key);
    if (!found) throw unauthorized('This key is unknown or was revoked.', 'invalid_token');
    return callerOf(found);
  }

  /** For clients that can send no headers: by the `token` of a feed's address. @throws HttpRefusal */
  identifyFeed(token: string): Caller {
    const found = this.#keys.find(token);
    if (found?.feedOf === undefined) throw unauthorized('This token is unknown or was revoked.', 'invalid_token');
    return callerOf(found);
  }

  mayRead({ kind }: Caller): boolean {
    return this.#openReading || kind === 'key' || kind === 'admin';
  }

  /** @throws HttpRefusal */
  admit(caller: Caller, access: Access): void {
    if (access === 'open' || ((access === 'read' || access === 'feed') && this.mayRead(caller))) return;
    if (access === 'feed' && caller.kind === 'feed') return;
    if (caller.kind === 'anonymous') throw unauthorized('This call needs a key: Authorization: Bearer <key>.');
    if (caller.kind === 'feed') throw new HttpRefusal('forbidden', 'A feed’s token reads feeds, and nothing else.');
    if (access !== 'read' && access !== 'feed' && access !== 'key' && !caller.roles.has(access))
      throw new HttpRefusal('forbidden', `This call needs a key with the role ${access}.`);
  }

  #isAdmin(key: string): boolean {
    return this.#adminDigest !== undefined && timingSafeEqual(this.#adminDigest, digest(key));
  }
}

function callerOf({ id, roles: its, feedOf }: Key): Caller {
  if (feedOf !== undefined) return { kind: 'feed', actor: `feed:${id}`, roles: new Set() };
  return { kind: 'key', actor: `key:${id}`, roles: new Set(its) };
}

/** Digests have one length, and what they take to compare says nothing of the key. */
function digest(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** RFC 6750 §3: the challenge, with what was wrong about the key that was sent. */
function unauthorized(detail: string, error?: string): HttpRefusal {
  const challenge = `Bearer realm="inforce"${error === undefined ? '' : `, error="${error}"`}`;
  return new HttpRefusal('unauthorized', detail, { headers: { 'www-authenticate': challenge } });
}
