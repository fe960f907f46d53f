import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  decodePosition,
  encodePosition,
  followPages,
  isUuid,
  MemoryEventLog,
  uuidv7,
  type LogPage,
  type PageSource,
} from '#libs/event-log';
import { fill } from '../support/event-log.ts';

describe('a position token', () => {
  it('says any position, and reads back as the same', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (position) => {
        expect(decodePosition(encodePosition(position))).toBe(position);
      }),
    );
  });

  it('is refused when it is anything else', () => {
    const junk = ['', ' 1', '1 ', '-1', '+1', '01', '1.0', '1e3', '0x10', '1n', '１', 'head', '18446744073709551616'];
    for (const token of junk) expect(decodePosition(token)).toBeUndefined();
  });
});

describe('a UUID version 7', () => {
  it('carries the time it was made, the version and the variant', () => {
    const now = Date.now() + 60_000;
    const id = uuidv7(now, (bytes) => bytes.fill(0xff));
    expect(isUuid(id)).toBe(true);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
    expect(id.slice(14)).toBe('77ff-bfff-ffffffffffff');
  });

  it('is greater than the one before, though the clock stands still, steps back or the counter runs over', () => {
    const now = Date.now() + 120_000;
    const made = Array.from({ length: 20_000 }, (_, index) => uuidv7(now - (index % 7)));
    expect(made.every((id, index) => index === 0 || id > (made[index - 1] ?? ''))).toBe(true);
    expect(new Set(made.map((id) => id.slice(0, 13))).size).toBeGreaterThan(1);
  });
});

describe('following by pages', () => {
  it('pulls the next page only when the last event of this one was taken', async () => {
    const log = new MemoryEventLog();
    await fill(log, ['matter-a'], 10);
    const all = await Array.fromAsync(log.readAll());
    let pulled = 0;
    const source: PageSource = {
      closed: false,
      rings: 0,
      grown: () => Promise.resolve(),
      head: () => 10n,
      page(after): LogPage {
        pulled += 1;
        const events = all.filter(({ position }) => position > after).slice(0, 2);
        const through = events.at(-1)?.position ?? after;
        return { events, through, atHead: through === 10n };
      },
    };
    const following = followPages(source, { signal: new AbortController().signal });
    const pages: number[] = [];
    for (let taken = 0; taken < 6; taken += 1) {
      await following.next();
      pages.push(pulled);
    }
    expect(pages).toEqual([1, 1, 2, 2, 3, 3]);
    await following.return();
  });

  it('does not miss what is appended between reading the last page and waiting', async () => {
    const log = new MemoryEventLog();
    await fill(log, ['matter-a'], 1);
    const stop = new AbortController();
    const following = log.follow({ signal: stop.signal })[Symbol.asyncIterator]();
    expect(await following.next()).toMatchObject({ value: { kind: 'event' } });
    // The page that says "caught up" is read already; this append falls into the gap.
    await fill(log, ['matter-b'], 1);
    expect(await following.next()).toMatchObject({ value: { kind: 'caughtUp', position: 1n } });
    expect(await following.next()).toMatchObject({ value: { kind: 'event', event: { stream: 'matter-b' } } });
    stop.abort();
    await following.return?.();
  });
});
