import { hash, timingSafeEqual } from 'node:crypto';
import { type KeyStore, type Role, roles } from '#libs/access';
import type { Config } from '#libs/config';
import type { Access } from './call.ts';
import { HttpRefusal } from './http-refusal.ts';

/** Whose request it is. */
export interface Caller {
  readonly kind: 'anonymous' | 'key' | 'admin';
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
    return { kind: 'key', actor: `key:${found.id}`, roles: new Set(found.roles) };
  }

  mayRead(caller: Caller): boolean {
    return this.#openReading || caller.kind !== 'anonymous';
  }

  /** @throws HttpRefusal */
  admit(caller: Caller, access: Access): void {
    if (access === 'open' || (access === 'read' && this.mayRead(caller))) return;
    if (caller.kind === 'anonymous') throw unauthorized('This call needs a key: Authorization: Bearer <key>.');
    if (access !== 'read' && !caller.roles.has(access))
      throw new HttpRefusal('forbidden', `This call needs a key with the role ${access}.`);
  }

  #isAdmin(key: string): boolean {
    return this.#adminDigest !== undefined && timingSafeEqual(this.#adminDigest, digest(key));
  }
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
