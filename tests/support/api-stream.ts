import { get, type IncomingMessage } from 'node:http';
import { once } from 'node:events';

export interface Message {
  readonly id: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- events are looked at field by field
  readonly data: any;
}

/** A client of server-sent events, reading as fast as it is told to. */
export class EventClient {
  readonly response: IncomingMessage;
  readonly messages: Message[] = [];
  readonly fields = new Set<string>();
  comments = 0;
  #text = '';
  #ended = false;

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#take(chunk));
    response.on('close', () => (this.#ended = true)).on('error', () => (this.#ended = true));
  }

  static async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<EventClient> {
    const [response]: IncomingMessage[] = await once(get(url, { headers, agent: false }), 'response');
    if (!response) throw new Error('There was no response.');
    return new EventClient(response);
  }

  get ended(): boolean {
    return this.#ended;
  }

  async until(count: number, timeoutMs = 20_000): Promise<readonly Message[]> {
    const deadline = Date.now() + timeoutMs;
    while (this.messages.length < count && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return this.messages;
  }

  async end(): Promise<void> {
    if (!this.#ended) await once(this.response, 'close');
  }

  close(): void {
    this.response.destroy();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) this.#block(block);
  }

  #block(block: string): void {
    const message: Record<string, string> = {};
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments += 1;
      else {
        const [field = '', ...value] = line.split(': ');
        this.fields.add(field);
        message[field] = value.join(': ');
      }
    }
    if (message['data'] !== undefined)
      this.messages.push({ id: message['id'] ?? '', data: JSON.parse(message['data']) });
  }
}
