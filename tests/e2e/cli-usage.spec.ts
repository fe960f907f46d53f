import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cli } from '../support/cli.ts';

const words = (text: string): string[] => text.split('\n').flatMap((line) => line.split('\t')[0] || []);
const bare = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- escape sequences are what is taken out
  text.replaceAll(/\u001b\[\d*[mK]/g, '');

describe('inforce, as it is typed,', () => {
  const cli = new Cli();
  beforeAll(() => cli.answer('import datasets/us-tiktok.json'));
  afterAll(() => cli.remove());

  it.each([
    ['stats us-tiktok', 'There is no command “stats”. Did you mean inforce status?'],
    ['sing us-tiktok', 'There is no command “sing”.'],
    ['status', 'inforce status needs <matter>.'],
    ['status us-tiktok google', 'inforce status has no use for “google”.'],
    ['status us-tiktok --pary apple', 'inforce status has no option --pary; did you mean --party?'],
    ['status us-tiktok --party', '--party needs a value: --party <id>.'],
    ['status us-tiktok --party a --party b', '--party is given more than once.'],
    ['status us-tiktok --at 2025-02-30', '--at is a day that exists'],
    ['deadlines --within soon', '--within is a period of days'],
    ['deadlines --state late', '--state is one of scheduled'],
    ['diff us-tiktok', 'inforce diff needs --known-from <date>.'],
    ['diff us-tiktok --known-from 2099-01-02 --known-to 2099-01-01', 'must not be after'],
    ['status us-tiktok --party Apple', '--party is an id: lower-case letters, digits and hyphens, not “Apple”.'],
    ['key', 'inforce key is followed by create, list, revoke.'],
    ['key create', 'inforce key create needs --role'],
    ['key create --role admin', '--role is one of recorder, subscriber, auditor'],
    ['key list --server http://127.0.0.1:9', 'Keys are made, listed and revoked on the machine of the server'],
    ['status us-tiktok --server nowhere', '--server is the address of a server'],
    ['status us-tiktok --server http://me:secret@127.0.0.1:9', '--server takes no name and no password'],
    ['completion basj', 'did you mean bash?'],
  ])('answers “inforce %s” with what is wrong, on stderr, and 2', async (line, message) => {
    const { code, stdout, stderr } = await cli.run(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('refuses a bad setting in one sentence that names it', async () => {
    const { code, stderr } = await cli.run('status us-tiktok', { env: { INFORCE_PORT: 'x' } });
    expect(code).toBe(2);
    expect(stderr).toBe('error: INFORCE_PORT must be a whole number from 0 to 65535, not "x".\n');
  });

  it.each([
    ['status nothing', 1, 'There is no matter nothing.'],
    ['status us-tiktok --party nobody', 1, 'The matter has no party nobody.'],
    ['status us-tiktok --data /nonexistent', 4, 'There is no event log at /nonexistent/events.db.'],
    ['record us-tiktok missing.json', 4, 'missing.json: no such file or directory.'],
    ['status us-tiktok --server http://127.0.0.1:9', 4, 'http://127.0.0.1:9 cannot be reached'],
  ])('ends “inforce %s” with %i', async (line, expected, message) => {
    const { code, stdout, stderr } = await cli.run(line);
    expect([code, stdout]).toEqual([expected, '']);
    expect(stderr).toContain(message);
  });

  it('says with --json what went wrong as problem+json on stderr', async () => {
    const missing = await cli.run('status nothing --json');
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(JSON.parse(missing.stderr)).toMatchObject({
      type: 'urn:inforce:problem:unknown-matter',
      title: expect.any(String),
      status: 404,
      rule: 'unknown-matter',
      detail: expect.stringContaining('There is no matter nothing.'),
    });
    const usage = await cli.run('status --json');
    expect(JSON.parse(usage.stderr)).toMatchObject({ type: 'urn:inforce:problem:usage', rule: 'usage' });
  });

  it('helps with every command, with examples', async () => {
    const overview = await cli.answer('--help');
    const commands = [...overview.matchAll(/^ {2}([a-z][a-z-]*(?: (?:create|list|revoke))?) {2,}[A-Z]/gm)].map(
      ([, name]) => name ?? '',
    );
    expect(commands).toEqual(
      expect.arrayContaining(['status', 'timeline', 'import', 'key create', 'serve', 'completion']),
    );
    for (const command of commands) {
      const help = await cli.answer(`${command} --help`);
      expect(help).toContain(`inforce ${command}`);
      expect(help).toMatch(/^Examples\n {2}# /m);
      expect(await cli.answer(`help ${command}`)).toBe(help);
    }
    expect(await cli.answer('key --help')).toContain('key revoke');
    expect((await cli.run([])).code).toBe(2);
  });

  it('says its version', async () => {
    expect(await cli.answer('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('takes the options of every command before its name too', async () => {
    expect(await cli.json('--json status us-tiktok --at 2025-02-01')).toMatchObject({ matter: 'us-tiktok' });
    expect((await cli.run(`--data ${cli.data} matters`)).code).toBe(0);
  });

  it('ends quietly when nobody reads on', () => {
    const pipe = `set -o pipefail; ${Cli.command.map((word) => `'${word}'`).join(' ')} timeline us-tiktok --json | head -n 1`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', pipe], { cwd: cli.root, env: cli.env() });
    expect([status, stdout.toString(), stderr.toString()]).toEqual([0, '{\n', '']);
  });

  it('ends with 130 on Ctrl-C', async () => {
    // A server that never answers, and tells by being asked that the command is under way.
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const [node = '', ...rest] = Cli.command;
    const child = spawn(node, [...rest, 'status', 'us-tiktok', '--server', url], { cwd: cli.root, env: cli.env() });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(server, 'request');
    child.kill('SIGINT');
    const closed: readonly unknown[] = await once(child, 'close');
    server.closeAllConnections();
    server.close();
    expect([closed[0], said]).toEqual([130, '']);
  });
});

describe('inforce, completing what is typed,', () => {
  const cli = new Cli();
  beforeAll(() => cli.answer('import datasets'));
  afterAll(() => cli.remove());

  const completed = async (...typed: string[]): Promise<string[]> =>
    words((await cli.run(['__complete', ...typed])).stdout);

  it('knows commands, options, matters, parties and values', async () => {
    expect(await completed('st')).toEqual(['status']);
    expect(await completed('key', '')).toEqual(['create', 'list', 'revoke']);
    expect(await completed('status', '')).toEqual(['us-chip-controls', 'us-tiktok']);
    expect(await completed('status', 'us-t')).toEqual(['us-tiktok']);
    expect(await completed('status', 'us-tiktok', '--party', 'app')).toEqual(['app-stores', 'apple']);
    expect(await completed('status', 'us-tiktok', '--enforcer', '')).toEqual([
      'doj',
      'commerce',
      'cfius',
      'omb',
      'mt-ag',
    ]);
    expect(await completed('status', 'us-tiktok', '--known')).toEqual(['--known-at']);
    expect(await completed('deadlines', '--state', 'm')).toEqual(['met', 'moot']);
    expect(await completed('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('leaves file names to the shell, and is silent about what it cannot know', async () => {
    expect(await completed('import', '')).toEqual([]);
    expect(await completed('nonsense', '')).toEqual([]);
    expect(await cli.run(['__complete', '--data', '/nonexistent', 'status', ''])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('completes in bash', async () => {
    const script = join(cli.directory, 'completion.bash');
    writeFileSync(script, await cli.answer('completion bash'));
    expect(spawnSync('bash', ['-n', script]).status).toBe(0);
    const command = `inforce() { ${Cli.command.map((word) => `'${word}'`).join(' ')} "$@"; }
      source '${script}'
      COMP_WORDS=(inforce status us-t); COMP_CWORD=2
      _inforce; echo "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', command], { cwd: cli.root, env: cli.env() });
    expect(stdout.toString()).toBe('us-tiktok\n');
  });

  it.each(['zsh', 'fish'])('has a script for %s', async (shell) => {
    const script = await cli.answer(`completion ${shell}`);
    expect(script).toContain('inforce __complete');
  });
});

describe('inforce, on a terminal,', () => {
  const cli = new Cli();
  beforeAll(() => cli.answer('import datasets'));
  afterAll(() => cli.remove());

  // `script` (util-linux) gives the command a pseudo-terminal.
  function onTerminal(line: string, columns: number, env: Record<string, string> = {}): string {
    const command = `stty cols ${columns}; ${Cli.command.map((word) => `'${word}'`).join(' ')} ${line}`;
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], {
      cwd: cli.root,
      env: cli.env({ TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env }),
    });
    return stdout.toString().replaceAll('\r\n', '\n');
  }
  it.each([60, 80, 120, 200])('fits %i columns', (columns) => {
    for (const line of ['status us-tiktok', 'timeline us-tiktok', 'deadlines', 'matters']) {
      const widest = Math.max(
        ...bare(onTerminal(line, columns))
          .split('\n')
          .map(({ length }) => length),
      );
      expect([line, widest <= columns]).toEqual([line, true]);
    }
  });

  it('shows the headline in bold and in the colour of its meaning', () => {
    const [first = ''] = onTerminal('status us-tiktok --party apple --at 2025-02-01', 120).split('\n');
    expect(bare(first)).toBe('In force; enforcement paused by policy until 2025-04-05');
    expect(first).toContain('\u001b[1m');
    expect(first).toContain('\u001b[33m');
  });

  it('draws the spine and the bars', () => {
    const text = bare(onTerminal('timeline us-tiktok', 120));
    expect(text).toMatch(/^2025 Jan 10 {2}┃ court/m);
    expect(text).toMatch(/┣━+ enforcement paused$/m);
    expect(text).toMatch(/^pafaca-2a by doj +█+·+$/m);
    expect(text).toContain('█ enforceable');
  });

  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('draws in plain letters with %j', (env) => {
    const text = onTerminal('timeline us-tiktok', 120, env);
    // oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
    expect(text).not.toMatch(/\u001b/);
    expect(text).toMatch(/^pafaca-2a by doj +a+E?P+\.+$/m);
    expect(onTerminal('timeline us-tiktok --no-color', 120)).toBe(text);
  });

  it('shows how far an import is, and clears the line', () => {
    const text = onTerminal(`import datasets --data '${join(cli.directory, 'again')}'`, 120);
    expect(text).toMatch(/\r.*━.* \d+\/19/);
    expect(text).toContain('\r\u001b[K');
    expect(text).toMatch(/us-tiktok: 51 recorded, 0 already there\n/);
  });
});
