import type { Sender } from '../deliver/channel.ts';
import type { Channel } from '../watch.ts';
import { EmailSender } from './email.ts';
import type { SmtpServer } from './mail-setup.ts';
import type { Unsubscribing } from './unsubscribing.ts';
import { WebhookSender } from './webhook.ts';

/** The mail server as it is configured: its password is shown to nobody else. */
export interface MailSetup extends Omit<SmtpServer, 'auth'> {
  readonly from: string;
  readonly auth?: { readonly user: string; readonly pass: { readonly reveal: () => string } };
}

export interface SendersOptions {
  /** Absent: no mail is sent. */
  readonly mail: MailSetup | undefined;
  readonly allowLoopback: boolean;
  readonly unsubscribing?: Unsubscribing | undefined;
}

/** One for each kind of channel that this installation can use. */
export function sendersOf({ mail, allowLoopback, unsubscribing }: SendersOptions): {
  readonly [Kind in Channel['kind']]?: Sender;
} {
  const webhook = new WebhookSender({ allowLoopback });
  if (!mail) return { webhook };
  const { from, auth, ...server } = mail;
  const login = auth && { auth: { user: auth.user, pass: auth.pass.reveal() } };
  const unsubscribe = unsubscribing && { unsubscribe: unsubscribing.url };
  return { webhook, email: new EmailSender({ server: { ...server, ...login }, from, ...unsubscribe }) };
}
