export { type OutwardAnswer, Outward, type OutwardOptions } from './channels/outward.ts';
export { OutwardRefused, type OutwardRules, outwardUrl } from './channels/outward-url.ts';
export { MOST_BODY_BYTES } from './channels/body.ts';
export {
  asymmetricSecret,
  publicKeyOf,
  type Rotation,
  secretsAt,
  signature,
  type SigningSecret,
  symmetricSecret,
} from './channels/secrets.ts';
export { channelFault } from './channels/reach.ts';
export { sendersOf } from './channels/senders.ts';
export { EmailSender, type EmailOptions } from './channels/email.ts';
export { isMailAddress, type SmtpServer } from './channels/mail-setup.ts';
export { Unsubscribing } from './channels/unsubscribing.ts';
export { WebhookSender } from './channels/webhook.ts';
export type { AlertBook, Receiver, WatchBook } from './deliver/books.ts';
export type { Attempt, Attempted, Sender } from './deliver/channel.ts';
export { auditReceipts, type ReceiptFault, type ReceiptsAudit } from './deliver/audit-receipts.ts';
export { Deliveries, type DeliveriesOptions } from './deliver/deliveries.ts';
export { OUTBOX_STREAMS, outboxStream } from './deliver/outbox-events.ts';
export type { Receipt, ReceiptAttempt, ReceiptPage } from './deliver/receipts.ts';
export { retryAfterMs, Schedule, standardDelays } from './deliver/schedule.ts';
export * from './feeds/index.ts';
