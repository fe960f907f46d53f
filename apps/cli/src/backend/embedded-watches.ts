import { KeyStore } from '#libs/access';
import {
  ALERT_STREAMS,
  channelFault,
  Deliveries,
  RaisedAlerts,
  Raiser,
  Receivers,
  secretAnswer,
  sendersOf,
  standardSettings,
  unheardOf,
  type Watch,
  watchAnswer,
  WatchDesk,
  WatchList,
  WATCH_STREAMS,
  type WatchFilter,
} from '#libs/alerts';
import type { Config } from '#libs/config';
import { Malformed, parseWatch } from '#libs/contract';
import { ERASURE_STREAM, type EventLog, isUuid } from '#libs/event-log';
import { Register } from '#libs/register';
import { installationSecret, knownSecret, Vault } from '#libs/vault';
import { refused, unable } from '../failures.ts';
import { type Mode, openLog } from './open-log.ts';
import type { ReceiptLine, Replayed, Tested, WatchBackend, WatchLine, WatchMade } from './watches.ts';

const PAGE = 200;
/** As the log names whoever has the installation itself. */
const ADMIN = 'admin';
/** Opens nothing: whoever reads without the installation's secret sees watches without their addresses. */
const NO_SECRET = '-'.repeat(32);

/** @throws CliFailure, EventLogError, SecretUnusable */
export async function openEmbeddedWatches(
  config: Config,
  mode: Extract<Mode, 'read' | 'write'>,
  key: string | undefined,
): Promise<WatchBackend> {
  const owner = ownerOf(config, key);
  const log = await openLog(config, mode);
  try {
    const place = { given: config.secret?.reveal(), file: config.secretFile };
    const secret = mode === 'write' ? await installationSecret(place) : ((await knownSecret(place)) ?? NO_SECRET);
    return new EmbeddedWatches({ config, log, owner, vault: new Vault(secret) });
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** Whoever has the log itself reads everything that it holds: without a key, the watches of everybody. */
function ownerOf({ adminKey, keysFile }: Config, key: string | undefined): string | undefined {
  if (key === undefined) return undefined;
  if (key === adminKey?.reveal()) return ADMIN;
  const keys = KeyStore.open(keysFile, { readOnly: true });
  try {
    const found = keys.find(key);
    if (!found || found.feedOf !== undefined) throw refused('unauthorized', 'This key is unknown or was revoked.');
    if (!found.roles.includes('subscriber'))
      throw refused('forbidden', 'Watches need a key with the role subscriber, or none where the log itself is.');
    return `key:${found.id}`;
  } finally {
    keys.close();
  }
}

interface Parts {
  readonly config: Config;
  readonly log: EventLog;
  readonly vault: Vault;
  /** Undefined: everybody's. */
  readonly owner: string | undefined;
}

class EmbeddedWatches implements WatchBackend {
  readonly #config: Config;
  readonly #log: EventLog;
  readonly #owner: string | undefined;
  readonly #desk: WatchDesk;

  constructor({ config, log, vault, owner }: Parts) {
    this.#config = config;
    this.#log = log;
    this.#owner = owner;
    this.#desk = new WatchDesk({ log, vault });
  }

  async add(body: object): Promise<WatchMade> {
    const { channel, ...settings } = parseWatch(body);
    const { mail, allowLoopbackWebhooks: allowLoopback } = this.#config;
    const fault = channelFault(channel, { sendsMail: mail !== undefined, allowLoopback });
    if (fault) throw new Malformed([fault]);
    const { watch } = await this.#desk.create(this.#actor, { ...standardSettings, ...settings }, channel);
    const warnings = await this.#warnings(watch.filter);
    return { ...this.#line(watch), ...secretAnswer(this.#desk, watch), warnings };
  }

  async list(): Promise<{ readonly items: readonly WatchLine[] }> {
    const known = new WatchList();
    const streamPrefixes = [WATCH_STREAMS, ERASURE_STREAM];
    for await (const event of this.#log.readAll({ filter: { streamPrefixes } })) known.take(event);
    const items = [...known.all()].filter((watch) => this.#mine(watch)).map((watch) => this.#line(watch));
    return { items };
  }

  async test(id: string): Promise<Tested> {
    const watch = await this.#find(id);
    const { id: alert } = await new Raiser(this.#log, Date.now).test(watch);
    const alerts = await this.#raised();
    const seq = alerts.seqOf(watch.id, alert) ?? 0;
    const deliveries = this.#deliveries(alerts);
    for await (const raised of alerts.after(watch.id, seq - 1)) {
      const { result, status, answer } = await deliveries.test(raised);
      return { alert, seq, delivered: result === 'delivered', status, answer };
    }
    throw unable('The test alert is not in the log.');
  }

  async deliveries(id: string, after: number): Promise<{ readonly items: readonly ReceiptLine[] }> {
    const { id: watch } = await this.#find(id);
    const deliveries = this.#deliveries(await this.#raised());
    const items: ReceiptLine[] = [];
    for (let from: number | null = after; from !== null;) {
      const page = await deliveries.receipts(watch, { after: from, limit: PAGE });
      items.push(...page.items);
      from = page.next;
    }
    return { items };
  }

  /** They go out when the service runs: here it is only asked for. */
  async replay(id: string, after: number): Promise<Replayed> {
    const { id: watch } = await this.#find(id);
    const alerts = await this.#raised();
    await this.#deliveries(alerts).replay(watch, { after, by: this.#actor });
    return { after, alerts: alerts.waiting(watch, after) };
  }

  async remove(id: string): Promise<void> {
    const { id: watch } = await this.#find(id);
    await this.#desk.tell(watch, this.#actor, { kind: 'remove' });
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  get #actor(): string {
    return this.#owner ?? ADMIN;
  }

  #mine({ owner, state }: Watch): boolean {
    return state !== 'removed' && (this.#owner === undefined || this.#owner === owner);
  }

  async #find(id: string): Promise<Watch> {
    const watch = isUuid(id) ? await this.#desk.read(id) : undefined;
    if (watch && this.#mine(watch)) return watch;
    throw refused('unknown-watch', 'You have no such watch.');
  }

  #line(watch: Watch): WatchLine {
    const { filter, ...answer } = watchAnswer(this.#desk, watch);
    return { ...answer, filter: { ...filter } };
  }

  async #raised(): Promise<RaisedAlerts> {
    const raised = new RaisedAlerts(this.#log);
    for await (const event of this.#log.readAll({ filter: { streamPrefixes: [ALERT_STREAMS] } })) raised.take(event);
    return raised;
  }

  /** Not running: nothing is sent but what is asked for. */
  #deliveries(alerts: RaisedAlerts): Deliveries {
    const { mail, allowLoopbackWebhooks: allowLoopback } = this.#config;
    const senders = sendersOf({ mail, allowLoopback });
    return new Deliveries({ log: this.#log, alerts, watches: new Receivers(this.#desk), senders });
  }

  async #warnings(filter: WatchFilter): Promise<readonly string[]> {
    const register = new Register({ log: this.#log, now: Date.now });
    const records = [];
    for await (const { type, stream } of this.#log.readAll({ filter: { streamPrefixes: ['matter-'] } })) {
      if (type === 'MatterOpened') records.push((await register.file(stream.slice('matter-'.length))).record);
    }
    return unheardOf(filter, records);
  }
}
