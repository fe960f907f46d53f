/** On every answer. The API answers with data: nothing in it may run, load or be framed. */
export const secureHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** The API's human page: its own scripts and styles, nothing from elsewhere. Swagger UI styles elements in place. */
const documentPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const documentHeaders = { ...secureHeaders, 'content-security-policy': documentPolicy } as const;

export function headersFor(url: string): Readonly<Record<string, string>> {
  return url === '/docs' || url.startsWith('/docs/') || url.startsWith('/docs?') ? documentHeaders : secureHeaders;
}
