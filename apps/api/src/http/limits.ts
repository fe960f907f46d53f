import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpRefusal } from './http-refusal.ts';

const MINUTE = 60_000;

/** Requests a minute. Answers that are ready to send are not counted: they cost less than the counting. */
export interface Rates {
  /** From one address without a key; a /64 of IPv6 is one address. */
  readonly anonymous: number;
  /** With one key. */
  readonly key: number;
  /** Keys that were none, from one address: nobody guesses 256 bits, but nobody has to watch it tried either. */
  readonly badKey: number;
}

export const standardRates: Rates = { anonymous: 6000, key: 12_000, badKey: 60 };

/** @throws HttpRefusal with Retry-After, once there were too many. */
export type Limit = (request: FastifyRequest) => Promise<void>;

export async function limits(http: FastifyInstance, rates: Rates): Promise<{ requests: Limit; badKeys: Limit }> {
  await http.register(rateLimit, { global: false, timeWindow: MINUTE, ipv6Subnet: 64 });
  const anonymous = http.createRateLimit({ max: rates.anonymous });
  const keyed = http.createRateLimit({ max: rates.key, keyGenerator: ({ caller }) => caller.actor });
  const badKey = http.createRateLimit({ max: rates.badKey });
  return {
    async requests(request) {
      const { kind } = request.caller;
      if (kind !== 'admin') refuse(await (kind === 'anonymous' ? anonymous(request) : keyed(request)));
    },
    async badKeys(request) {
      refuse(await badKey(request));
    },
  };
}

type Count = Awaited<ReturnType<ReturnType<FastifyInstance['createRateLimit']>>>;

function refuse(count: Count): void {
  if (count.isAllowed || !count.isExceeded) return;
  const seconds = String(Math.max(1, count.ttlInSeconds));
  const detail = `At most ${count.max} requests a minute; try again in ${seconds} s.`;
  throw new HttpRefusal('rate-limited', detail, { headers: { 'retry-after': seconds } });
}
