import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aReport, Cli } from '../support/cli.ts';

const clocks = { at: '2025-02-01', knownAt: '2026-01-01T00:00:00.000Z', publishedBy: null };
const status = {
  matter: 'm',
  party: 'apple',
  enforcer: null,
  clocks,
  headline: {
    code: 'enforcement-paused',
    until: '2025-04-05',
    text: 'In force; enforcement paused by policy until 2025-04-05',
  },
  provisions: [],
  next: [],
  because: [],
  unresolved: [],
  warnings: ['lift of x does nothing'],
  position: '7',
  somethingNewer: true,
};
const matter = {
  id: 'm',
  title: 'A matter',
  jurisdiction: 'US',
  timeZone: 'UTC',
  parties: [],
  clocks,
  revision: 3,
  position: '7',
};
const written = { id: 'report-1', eventId: '0', revision: 4, position: '8', recordedAt: clocks.knownAt, warnings: [] };

interface Seen {
  readonly line: string;
  readonly key: string | undefined;
  readonly match: string | undefined;
  readonly body: string;
}

/** Speaks the contract, as far as these tests go. */
class AServer {
  readonly seen: Seen[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    const { authorization, 'if-match': match } = request.headers;
    this.seen.push({ line, key: authorization, match, body: await text(request) });
    const [code, body] = answers(line, authorization);
    response.writeHead(code, { 'content-type': code < 400 ? 'application/json' : 'application/problem+json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }
}

const problem = (rule: string, code: number, detail: string, more: object = {}): [number, object] => [
  code,
  { type: `urn:inforce:problem:${rule}`, title: rule, status: code, rule, detail, ...more },
];

function answers(line: string, key: string | undefined): [number, unknown] {
  if (line.startsWith('GET /v1/matters/m/status')) return [200, status];
  if (line.startsWith('GET /v1/matters?')) {
    const item = { id: 'm', title: 'A matter', jurisdiction: 'US', revision: 3, headline: status.headline };
    return line.includes('cursor=')
      ? [200, { items: [{ ...item, id: 'n' }], next: null }]
      : [200, { items: [item], next: 'c' }];
  }
  if (line === 'GET /v1/matters/m?at=2025-02-01' || line === 'GET /v1/matters/m') return [200, matter];
  if (line.startsWith('GET /v1/matters/busy')) return problem('rate-limited', 429, 'Too many requests; wait 3 s.');
  if (line.startsWith('GET /v1/matters/odd')) return [502, '<html>Bad gateway</html>'];
  if (line.startsWith('GET /v1/deadlines'))
    return problem('malformed', 400, 'party must be an id', {
      errors: [{ parameter: 'party', message: 'must be an id' }],
    });
  if (line.startsWith('POST')) {
    if (key === undefined) return problem('unauthorized', 401, 'A key is needed to record.');
    if (line.includes('/refusing/'))
      return problem('authority-exceeded', 422, 'The press may not pause.', { pointer: '/effects/0' });
    return [201, written];
  }
  return problem('unknown-matter', 404, 'There is no such matter here.');
}

describe('inforce, asked to ask a server,', () => {
  const cli = new Cli();
  let server: AServer;
  let url: string;
  beforeEach(async () => {
    server = new AServer();
    url = await server.listen();
  });
  afterEach(() => server.close());
  afterAll(() => cli.remove());

  it('shows its status as it shows its own', async () => {
    const { code, stdout, stderr } = await cli.run(`status m --party apple --at 2025-02-01 --server ${url}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^In force; enforcement paused by policy until 2025-04-05\nm: A matter\n/);
    expect(stderr).toBe('warning: lift of x does nothing\n');
    expect(server.seen[0]?.line).toBe('GET /v1/matters/m/status?at=2025-02-01&party=apple');
  });

  it('hands on the body as it is with --json, in one call', async () => {
    const { stdout } = await cli.run(`status m --json --server ${url}/`);
    expect(JSON.parse(stdout)).toEqual(status);
    expect(server.seen).toHaveLength(1);
  });

  it('reads every page of a list', async () => {
    const { stdout } = await cli.run(`matters --server ${url}`);
    expect(stdout).toMatch(/^m .*\nn /m);
  });

  it('records with the key of INFORCE_KEY or --key, and the revision it was told', async () => {
    const body = aReport('report-1');
    const path = cli.file('report.json', body);
    const { code, stdout } = await cli.run(`record m ${path} --if-match 3 --server ${url}`, {
      env: { INFORCE_KEY: 'inforce_secret' },
    });
    expect([code, stdout]).toEqual([0, 'm: report-1 recorded, revision 4\n']);
    expect(server.seen[0]).toMatchObject({
      line: 'POST /v1/matters/m/entries',
      key: 'Bearer inforce_secret',
      match: '"3"',
    });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual(body);
    await cli.run(`record m ${path} --key other --server ${url}`);
    expect(server.seen[1]?.key).toBe('Bearer other');
  });

  it.each([
    ['status nothing', 1, 'There is no such matter here.'],
    ['record m FILE', 1, 'A key is needed to record.'],
    ['deadlines --party X', 2, 'party must be an id'],
    ['status busy', 4, 'Too many requests; wait 3 s.'],
    ['status odd', 4, 'answered 502, and not as an Inforce server does.'],
  ])('ends “%s” with %i and the server’s own words', async (line, expected, message) => {
    const path = cli.file('report.json', aReport('report-1'));
    const { code, stdout, stderr } = await cli.run(`${line.replace('FILE', path)} --server ${url}`);
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toContain(message);
  });

  it('hands on a problem as it is with --json', async () => {
    const { stderr } = await cli.run(`status nothing --json --server ${url}`);
    expect(JSON.parse(stderr)).toEqual(problem('unknown-matter', 404, 'There is no such matter here.')[1]);
  });

  it('imports over HTTP, and lists what the server refuses', async () => {
    const env = { INFORCE_KEY: 'k' };
    const entries = [aReport('a'), aReport('b')];
    const dataset = (id: string): string =>
      cli.file(`${id}.json`, { matter: { id, title: 'M', jurisdiction: 'US', timeZone: 'UTC', parties: [] }, entries });
    const good = await cli.run(`import ${dataset('good')} --server ${url}`, { env });
    expect([good.code, good.stdout]).toEqual([0, 'good: 2 recorded, 0 already there\n']);
    expect(server.seen.map(({ line }) => line)).toEqual([
      'POST /v1/matters',
      'POST /v1/matters/good/entries',
      'POST /v1/matters/good/entries',
    ]);
    const refused = await cli.run(`import ${dataset('refusing')} --server ${url}`, { env });
    expect([refused.code, refused.stdout]).toEqual([1, 'refusing: 0 recorded, 0 already there, 2 refused\n']);
    expect(refused.stderr).toContain('a /entries/0/effects/0 (authority-exceeded)\n  The press may not pause.');
    expect((await cli.run(`import ${dataset('good')} --dry-run --server ${url}`)).code).toBe(2);
  });

  it('completes from the server', async () => {
    const { stdout } = await cli.run(['__complete', '--server', url, 'status', '']);
    expect(stdout).toBe('m\tA matter\nn\tA matter\n');
  });
});
