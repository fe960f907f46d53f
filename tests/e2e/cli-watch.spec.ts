import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { law, Service, withRecord } from '../support/api.ts';
import { Cli, type Ran } from '../support/cli.ts';
import { aMatter, enacted, setsDeadline } from '../support/matter.ts';
import { ReceiverServer } from '../support/receiver-server.ts';

describe('inforce watch', () => {
  const cli = new Cli();
  let service: Service;
  let receiver: ReceiverServer;
  let matter: string;

  beforeAll(async () => {
    service = await Service.start({ env: { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' } });
    receiver = await ReceiverServer.start();
    matter = await withRecord(service);
  });
  afterAll(async () => {
    await service.stop();
    await receiver.stop();
    cli.remove();
  });

  const run = (line: string, key = service.keys.subscriber): Promise<Ran> =>
    cli.run(`watch ${line} --server ${service.url}`, { env: { INFORCE_KEY: key } });
  const add = async (more = ''): Promise<string> => {
    const { code, stdout, stderr } = await run(`add --url ${receiver.url} --matter ${matter}${more}`);
    expect({ code, stderr: stderr.replace(/Watch .* hears.*\n/, '') }).toEqual({ code: 0, stderr: '' });
    return stdout.split('\n')[0] ?? '';
  };

  const nameOf = async (more: string): Promise<string> =>
    JSON.parse((await run(`add --url ${receiver.url} --json${more}`)).stdout).name;

  it('add makes one, and shows its secret', async () => {
    const line = `add --name Mine --url ${receiver.url} --party firms,acme --kind pause-ending --lead P7D --lead P1M --at 07:30 --time-zone Europe/Berlin --json`;
    const { code, stdout, stderr } = await run(line);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Watch .* hears what is recorded from now on\. The secret is not shown again\.\n$/);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'Mine',
      filter: { parties: ['firms', 'acme'], kinds: ['pause-ending'] },
      leads: ['P7D', 'P1M'],
      at: '07:30',
      timeZone: 'Europe/Berlin',
      channel: { kind: 'webhook', url: receiver.url },
      secret: expect.stringMatching(/^whsec_/),
      publicKey: expect.stringMatching(/^whpk_/),
    });
  });

  it('list, test, deliveries, replay and remove go with it', async () => {
    const id = await add();
    expect((await run('list')).stdout).toMatch(new RegExp(`${id}.*active.*matters ${matter}.*${receiver.url}`));
    expect(await run(`test ${id}`)).toMatchObject({ code: 0, stdout: 'delivered: status 204\n' });
    await service.post(
      `/v1/matters/${matter}/entries`,
      enacted('rule', '2025-02-01', [setsDeadline('report', '2999-01-01')]),
    );
    while (receiver.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    const rows = (await run(`deliveries ${id}`)).stdout.split('\n');
    expect(rows.filter((row) => /^\d/.test(row)).map((row) => row.split(/\s+/).slice(0, 2))).toEqual([
      ['1', 'test'],
      ['2', 'deadline-set'],
    ]);
    expect((await run(`deliveries ${id} --after 1 --json`)).stdout).toMatch(/"seq": 2/);
    expect((await run(`replay ${id} --after 1`)).stdout).toBe('1 alert is sent again\n');
    while (receiver.received.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(receiver.last.body).toBe(receiver.received[1]?.body);
    expect(await run(`remove ${id}`)).toMatchObject({ code: 0, stdout: `${id} removed\n` });
    expect(await run(`remove ${id}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('You have no such watch'),
    });
  });

  it('add names one after what it hears, never after where it goes: the log keeps names in the open', async () => {
    expect(await nameOf(` --matter ${matter} --party firms,acme --kind pause-ending`)).toBe(
      `${matter}, firms, acme, pause-ending`,
    );
    expect(await nameOf('')).toBe('Everything');
  });

  it('add warns of what nothing on record bears', async () => {
    const { code, stderr } = await run(`add --url ${receiver.url} --matter us-tictoc --party frims`);
    expect(code).toBe(0);
    expect(stderr).toContain('warning: There is no matter us-tictoc yet: until it is opened, nothing is told of it.\n');
    expect(stderr).toContain('warning: No matter has a party frims yet: until one has, nothing is told of it.\n');
  });

  it('list shows all there are, however many pages that would be', async () => {
    const { alerts, keys } = service.server.parts;
    const { id, key } = keys.create({ name: 'of many', roles: ['subscriber'] });
    for (let count = 0; count < 201; count += 1) {
      const settings = { name: `${count}`, filter: {}, leads: [], at: '09:00', timeZone: 'UTC' };
      await alerts.desk.create(`key:${id}`, settings, { kind: 'webhook', url: receiver.url });
    }
    const { items } = JSON.parse((await run('list --json', key)).stdout);
    expect(items.map(({ name }: { name: string }) => name)).toEqual(
      Array.from({ length: 201 }, (_, count) => `${count}`),
    );
  });

  it('test ends with 1 when the alert did not arrive, and says why', async () => {
    const down = await ReceiverServer.start((_, __, response) => void response.writeHead(503).end('closed'));
    const { stdout } = await run(`add --url ${down.url}`);
    expect(await run(`test ${stdout.split('\n')[0] ?? ''}`)).toMatchObject({
      code: 1,
      stdout: 'not delivered: status 503, closed\n',
    });
    await down.stop();
  });

  it.each([
    ['add', /needs --url or --email/],
    ['add --url https://example.org --email a@example.org', /needs --url or --email/],
    ['add --url https://example.org --kind gossip', /--kind/],
    ['replay x', /needs --after/],
    ['deliveries x --after soon', /--after is the number of an alert/],
  ])('%s ends with 2, and says what is missing', async (line, words) => {
    expect(await run(line)).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
  });

  it('needs a key of a subscriber, and an address that is outside', async () => {
    expect(await run('list', service.keys.recorder)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('role subscriber'),
    });
    const refused = await run('add --url https://169.254.169.254/');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('not on the public internet') });
  });
});

describe('inforce watch, on the log itself', () => {
  const cli = new Cli();
  const allow = { INFORCE_ALLOW_LOOPBACK_WEBHOOKS: 'true' };
  let receiver: ReceiverServer;

  beforeAll(async () => {
    receiver = await ReceiverServer.start();
    await cli.answer(`import ${cli.file('matter.json', { matter: aMatter(), entries: [] })}`);
  });
  afterAll(async () => {
    await receiver.stop();
    cli.remove();
  });

  const run = (line: string, env: Readonly<Record<string, string>> = allow): Promise<Ran> =>
    cli.run(`watch ${line}`, { env });
  const key = async (role: string): Promise<string> => (await cli.answer(`key create --role ${role}`)).trim();

  it('list shows none before there is any, and makes no secret to look', async () => {
    expect(await run('list')).toMatchObject({ code: 0, stdout: 'No watches yet: inforce watch add makes one.\n' });
    expect(existsSync(join(cli.data, 'secret.key'))).toBe(false);
  });

  it('add, test, deliveries, replay and remove do what they do on a server', async () => {
    const { code, stdout, stderr } = await run(`add --url ${receiver.url} --party frims`);
    expect(code).toBe(0);
    expect(stderr).toContain('Alerts are raised and sent while the service runs.\n');
    expect(stderr).toContain('warning: No matter has a party frims yet: until one has, nothing is told of it.\n');
    const [id = ''] = stdout.split('\n');
    expect((await run('list')).stdout).toMatch(new RegExp(`${id}.*active.*parties frims.*${receiver.url}`));
    expect(await run(`test ${id}`)).toMatchObject({ code: 0, stdout: 'delivered: status 204\n' });
    expect(receiver.last.headers['webhook-signature']).toMatch(/^v1,/);
    expect((await run(`deliveries ${id}`)).stdout).toMatch(/^1 +test .* delivered +1 +204/m);
    expect(await run(`replay ${id} --after 0`)).toMatchObject({ code: 0, stdout: '0 alerts are sent again\n' });
    expect(await run(`remove ${id}`)).toMatchObject({ code: 0, stdout: `${id} removed\n` });
    expect(await run(`deliveries ${id}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('You have no such watch'),
    });
  });

  it('makes one that the service tells, to whoever the key is of', async () => {
    const [subscriber, other] = [await key('subscriber'), await key('subscriber')];
    const made = await run(`add --url ${receiver.url} --key ${subscriber}`);
    const [id = ''] = made.stdout.split('\n');
    expect((await run(`list --key ${other}`)).stdout).not.toContain(id);
    const service = await Service.start({ data: cli.data, env: allow });
    try {
      const before = receiver.received.length;
      await service.post('/v1/matters/matter/entries', law);
      while (receiver.received.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
      expect((await service.ask(`/v1/watches/${id}`, { key: subscriber })).body.name).toBe('Everything');
      // Beside the server, whoever only reads reads the log itself.
      expect((await run(`deliveries ${id} --key ${subscriber}`)).stdout).toMatch(/^1 +(status-changed|deadline-set)/m);
      const locked = await run(`remove ${id} --key ${subscriber}`);
      expect(locked).toMatchObject({ code: 4, stderr: expect.stringContaining('--server') });
    } finally {
      await service.stop({ keep: true });
    }
  });

  it.each([
    ['a key that is none', 'inforce_nothing', /unknown or was revoked/],
    ['a recorder’s key', 'recorder', /role subscriber/],
  ])('refuses %s', async (_, given, words) => {
    const used = given === 'recorder' ? await key('recorder') : given;
    expect(await run(`list --key ${used}`)).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
  });

  it.each([
    ['--url https://169.254.169.254/', /not on the public internet/],
    ['--email a@example.org', /this service sends none/],
    ['--url https://example.org --time-zone Mars/Base', /IANA time zone/],
  ])('add %s is refused, and makes none', async (options, words) => {
    expect(await run(`add ${options}`, {})).toMatchObject({ code: 1, stderr: expect.stringMatching(words) });
    expect((await run('list --json', {})).stdout).not.toContain('169.254');
  });
});
