/** What of the configuration a call has to know. */
export class Settings {
  readonly sendsMail: boolean;
  readonly allowLoopbackWebhooks: boolean;

  constructor(settings: Settings) {
    this.sendsMail = settings.sendsMail;
    this.allowLoopbackWebhooks = settings.allowLoopbackWebhooks;
  }
}
