import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventLog, type RecordedEvent, uuidv7 } from '#libs/event-log';
import { Vault } from '#libs/vault';
import { privateCheck } from '../../apps/cli/src/audit/private-check.ts';
import { vault } from '../support/alerts.ts';

const STREAM = 'watch-1';

describe('the check of private values', () => {
  let log: MemoryEventLog;
  let recorded: RecordedEvent;

  const holding = async (address: object): Promise<void> => {
    log = new MemoryEventLog();
    const data = { name: 'A watch', channel: { 'a/b': { ...address } } };
    await log.append(STREAM, 'no-stream', [{ id: uuidv7(), type: 'WatchCreated', schema: 1, data, meta: {} }]);
    for await (const event of log.readAll()) recorded = event;
  };
  const value = vault.seal('https://example.org/hooks/7f3a', STREAM);
  const bytes = Buffer.from(value.sealed, 'base64');

  beforeEach(() => holding(value));

  it('finds nothing in what nobody touched', async () => {
    expect(await privateCheck(vault).run({ log })).toEqual({
      result: 'passed',
      detail: '1 sealed values are what was hashed',
    });
  });

  it('finds each single byte that was flipped in the sealed part, and names its place', async () => {
    for (let index = 0; index < bytes.length; index += 1) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (flipped[index] ?? 0) ^ 1;
      await holding({ ...value, sealed: flipped.toString('base64') });
      expect(await privateCheck(vault).run({ log })).toEqual({
        result: 'failed',
        detail: '1 of 1 sealed values differ',
        differences: [
          {
            what: expect.stringMatching(/^at \/channel\/a~1b of watch-1: A sealed value cannot be opened/),
            position: recorded.position.toString(),
            event: recorded.id,
          },
        ],
      });
    }
  });

  it('finds another spelling of the same bytes', async () => {
    await holding({ ...value, sealed: `${value.sealed}=` });
    expect(await privateCheck(vault).run({ log })).toMatchObject({ result: 'failed' });
  });

  it('finds a value that was put in the place of another', async () => {
    await holding({ ...value, sealed: vault.seal('https://example.org/hooks/other', STREAM).sealed });
    expect(await privateCheck(vault).run({ log })).toMatchObject({
      differences: [{ what: expect.stringContaining('is not the one that was committed to') }],
    });
    await holding(vault.seal('https://example.org/hooks/7f3a', 'watch-2'));
    expect(await privateCheck(vault).run({ log })).toMatchObject({ result: 'failed' });
  });

  it('says what it cannot open under another secret', async () => {
    expect(await privateCheck(new Vault('another secret, as long as the first one was')).run({ log })).toMatchObject({
      result: 'failed',
    });
  });

  it('says without the secret what it did not check', async () => {
    expect(await privateCheck(undefined).run({ log })).toEqual({
      result: 'skipped',
      detail: '1 sealed values not opened: the secret is not known here',
    });
  });

  it('passes over what was erased', async () => {
    await holding({ salted: value.salted });
    expect(await privateCheck(vault).run({ log })).toMatchObject({
      result: 'passed',
      detail: expect.stringMatching(/^0 /),
    });
  });
});
