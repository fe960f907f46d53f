// KurrentDB counts positions in unsigned 64 bits; SQLite's row ids stay far below.
const HIGHEST = 2n ** 64n - 1n;

/** A position as clients see it: an opaque string of decimal digits. */
export function encodePosition(position: bigint): string {
  return position.toString();
}

/** The position behind a token, or undefined for anything `encodePosition` never wrote. */
export function decodePosition(token: string): bigint | undefined {
  if (!/^(?:0|[1-9]\d{0,19})$/.test(token)) return undefined;
  const position = BigInt(token);
  return position <= HIGHEST ? position : undefined;
}
