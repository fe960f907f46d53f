import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReplayStep } from '#libs/register';
import { enterPressed } from '../../apps/cli/src/commands/enter.ts';
import { Service } from '../support/api.ts';
import { Cli } from '../support/cli.ts';

const steps = (text: string): readonly ReplayStep[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const story = (all: readonly ReplayStep[]): unknown[] =>
  all.map(({ step, entry, kind, headline, changes, deadlines, onTheDay }) => [
    [step, entry, kind, headline],
    [changes, deadlines, onTheDay],
  ]);

describe('inforce replay', () => {
  const cli = new Cli();
  let service: Service;
  beforeAll(async () => {
    await cli.answer('import datasets');
    service = await Service.start({ env: { INFORCE_DATASETS: 'none' } });
    await cli.run(`import datasets/us-tiktok.json --server ${service.url}`, {
      env: { INFORCE_KEY: service.keys.recorder },
    });
  });
  afterAll(async () => {
    cli.remove();
    await service.stop();
  });

  it('tells what each act changed, and why', async () => {
    const text = await cli.answer('replay us-tiktok --by published --party apple --at 2025-12-20 --until 2025-09-25');
    expect(text).toMatch(/^TikTok: divest or ban \(United States\)\nus-tiktok, as it became public\n/);
    const act = text.slice(text.indexOf('2025-09-25  EO 14352'));
    expect(act.split('\n')).toEqual([
      '2025-09-25  EO 14352: qualified divestiture determined (eo-14352)',
      expect.stringMatching(/^ {4}recorded \S+Z by cli:\w+$/),
      '    on 2025-09-25: In force; enforcement paused by policy until 2026-01-23',
      '    for 2025-12-20: In force and enforceable -> In force; enforcement paused by policy until 2026-01-23',
      expect.stringMatching(
        /^ {4}pafaca-2a · apple · enforcement by doj: active -> forborne until 2026-01-23 \(.*eo-14352/,
      ),
      expect.stringContaining('memo-2024-delegation'),
      '    tiktok-forbearance.until: 2025-12-16 reached -> 2026-01-23 extended',
      '    divestiture-completion: - -> 2026-01-23 scheduled',
      '    cfius-agreement: - -> waiting',
      expect.stringMatching(/^\d+ steps; In force; enforcement paused by policy until 2026-01-23$/),
      expect.stringMatching(/^at 2025-12-20 · known at \S+Z · published by 2025-09-25$/),
      '',
    ]);
  });

  it('ends in what status answers, step for step what status answers with its clock', async () => {
    const all = steps(await cli.answer('replay us-tiktok --party apple --at 2025-02-01 --json'));
    const present = await cli.json('status us-tiktok --party apple --at 2025-02-01');
    expect(all.at(-1)?.after).toEqual(present);
    const middle = all[20];
    const then = await cli.json(`status us-tiktok --party apple --at 2025-02-01 --known-at ${middle?.recordedAt}`);
    expect(middle?.after).toEqual(then);
    const until = await cli.answer(
      `replay us-tiktok --party apple --at 2025-02-01 --until ${middle?.recordedAt} --json`,
    );
    expect(steps(until).at(-1)?.after).toEqual(then);
  });

  it('is the same from a server, but for who recorded it and when', async () => {
    const line = 'replay us-tiktok --by published --party apple --at 2025-02-01 --json';
    const own = steps(await cli.answer(line));
    const theirs = steps(await cli.answer(`${line} --server ${service.url}`));
    expect(story(theirs)).toEqual(story(own));
    expect(own.length).toBeGreaterThan(20);
  });

  it('says so when there is nothing to tell', async () => {
    const text = await cli.answer('replay us-tiktok --by published --until 2019-01-01');
    expect(text).toContain('No step: nothing was recorded, or public, by then.');
  });

  it.each([
    ['replay us-tiktok --by effective', 2, '--by'],
    ['replay us-tiktok --by published --until 2025-01-01T00:00:00Z', 2, '--until'],
    ['replay us-tiktok --until soon', 2, '--until'],
    ['replay', 2, 'matter'],
    ['replay nowhere', 1, 'nowhere'],
    ['replay us-tiktok --party nobody', 1, 'nobody'],
  ])('refuses %s', async (line, code, word) => {
    const ran = await cli.run(line);
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).toContain(word);
  });

  it('refuses as the server does', async () => {
    const ran = await cli.run(`replay us-tiktok --party nobody --json --server ${service.url}`);
    expect([ran.code, ran.stdout, JSON.parse(ran.stderr).rule]).toEqual([1, '', 'unknown-party']);
    const gone = await cli.run('replay us-tiktok --server http://127.0.0.1:9');
    expect([gone.code, gone.stdout]).toEqual([4, '']);
  });
});

describe('a pause between steps', () => {
  it.each([
    ['\n', true],
    ['q\n', false],
    ['Quit\n', false],
  ])('takes %j', async (typed, goesOn) => {
    const input = new PassThrough();
    const answer = enterPressed(input, new PassThrough());
    input.write(typed);
    expect(await answer).toBe(goesOn);
  });

  it('ends where no line can come', async () => {
    const input = new PassThrough();
    const answer = enterPressed(input, new PassThrough());
    input.end();
    expect(await answer).toBe(false);
  });
});
