/** Which server takes our mail. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (RFC 8314). Otherwise STARTTLS is used wherever it is offered. */
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** Nothing is said to a server that offers no TLS: a password must not travel in the open. */
  readonly requireTls: boolean;
}

/** One address, without a name, in ASCII: no line break, no list, no comment can be hidden in it (RFC 5321 §4.1.2). */
const ADDRESS =
  /^(?=.{3,254}$)(?=[^@]{1,64}@)[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}
