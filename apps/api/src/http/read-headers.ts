import { secureHeaders } from './secure-headers.ts';

/** Of every answer that may be asked for again: it may be stored, and has to be asked about. */
export function readHeaders(etag: string): Record<string, string> {
  return { etag, 'cache-control': 'no-cache', ...secureHeaders };
}
