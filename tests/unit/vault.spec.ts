import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { installationSecret, isPrivateValue, knownSecret, type PlainJson, Vault, VaultError } from '#libs/vault';

const secret = 'a secret of more than thirty-two characters';
const vault = new Vault(secret);
const url = 'https://example.org/hooks/7f3a';

describe('a derived key', () => {
  it('is the same for the same words, in any process', () => {
    expect(new Vault(secret).derive('watch', 'w1', '0').equals(vault.derive('watch', 'w1', '0'))).toBe(true);
    expect(vault.derive('watch', 'w1', '0')).toHaveLength(32);
  });

  it('differs for other words, however they are cut, and for another secret', () => {
    const keys = [
      vault.derive('watch', 'w1', '0'),
      vault.derive('watch', 'w1', '1'),
      vault.derive('watch', 'w10'),
      vault.derive('watchw1', '0'),
      new Vault(`${secret}!`).derive('watch', 'w1', '0'),
    ].map((key) => key.toString('hex'));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a sealed value', () => {
  it('opens to what was sealed, where it was sealed', () => {
    expect(vault.open(vault.seal(url, 'watch-1'), 'watch-1')).toBe(url);
  });

  it('shows nothing of the value, and twice the same value looks different', () => {
    const [one, other] = [vault.seal(url, 'watch-1'), vault.seal(url, 'watch-1')];
    expect(JSON.stringify(one)).not.toContain('example');
    expect(one.salted).not.toBe(other.salted);
    expect(one.sealed).not.toBe(other.sealed);
  });

  it('commits to the salt and the canonical value, so that a revealed one can be checked by anybody', () => {
    const hidden = vault.seal({ b: 1, a: [true, null] }, 'watch-1');
    const { salt = '', value } = vault.reveal(hidden, 'watch-1') ?? {};
    expect(value).toEqual({ a: [true, null], b: 1 });
    const hash = createHash('sha256').update(Buffer.from(salt, 'base64')).update('{"a":[true,null],"b":1}');
    expect(hash.digest('base64')).toBe(hidden.salted);
  });

  it('opens nowhere else, and under no other secret', () => {
    const hidden = vault.seal(url, 'watch-1');
    expect(() => vault.open(hidden, 'watch-2')).toThrow(VaultError);
    expect(() => new Vault(`${secret}!`).open(hidden, 'watch-1')).toThrow(/INFORCE_SECRET/);
  });

  it('does not open when any byte of it was changed', () => {
    const hidden = vault.seal(url, 'watch-1');
    const bytes = Buffer.from(hidden.sealed, 'base64');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ bits;
        expect(() => vault.open({ ...hidden, sealed: changed.toString('base64') }, 'watch-1')).toThrow(VaultError);
      }),
    );
    expect(() => vault.open({ ...hidden, sealed: 'AAAA' }, 'watch-1')).toThrow(VaultError);
  });

  it('does not open beside the commitment of another value', () => {
    const { salted } = vault.seal('https://example.org/other', 'watch-1');
    expect(() => vault.open({ ...vault.seal(url, 'watch-1'), salted }, 'watch-1')).toThrow(/committed/);
  });

  it('is gone once it was erased: what is left is the commitment', () => {
    const { salted } = vault.seal(url, 'watch-1');
    expect(vault.open({ salted }, 'watch-1')).toBeUndefined();
    expect(isPrivateValue({ salted })).toBe(true);
  });

  it('is told from any other object', () => {
    expect(isPrivateValue(vault.seal(url, 'watch-1'))).toBe(true);
    for (const other of [
      null,
      'text',
      [],
      {},
      { sealed: 'x' },
      { salted: 1 },
      { salted: '' },
      { salted: 'x', more: 'y' },
    ]) {
      expect(isPrivateValue(other)).toBe(false);
    }
  });

  it('gives back any JSON value', () => {
    const value = fc.jsonValue({ noUnicodeString: false }).map((each): PlainJson => JSON.parse(JSON.stringify(each)));
    fc.assert(fc.property(value, (each) => expect(vault.open(vault.seal(each, 'c'), 'c')).toEqual(each)));
  });
});

describe("the installation's secret", () => {
  let data = '';
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'inforce-vault-'));
  });
  afterEach(() => rm(data, { recursive: true }));

  it('is the one given, and then nothing is written', async () => {
    await expect(installationSecret({ given: secret, file: join(data, 'secret.key') })).resolves.toBe(secret);
    await expect(stat(join(data, 'secret.key'))).rejects.toThrow('ENOENT');
  });

  it('is made once, for its owner only, and is there at the next start', async () => {
    const directory = join(data, 'not', 'there', 'yet');
    const first = await installationSecret({ given: undefined, file: join(directory, 'secret.key') });
    expect(first.length).toBeGreaterThanOrEqual(32);
    await expect(installationSecret({ given: undefined, file: join(directory, 'secret.key') })).resolves.toBe(first);
    expect((await stat(join(directory, 'secret.key'))).mode & 0o777).toBe(0o600);
  });

  it('is one and the same when two start at once', async () => {
    const made = await Promise.all(
      Array.from({ length: 8 }, () => installationSecret({ given: undefined, file: join(data, 'secret.key') })),
    );
    expect(new Set(made).size).toBe(1);
    expect((await readFile(join(data, 'secret.key'), 'utf8')).trim()).toBe(made[0]);
  });

  it('is not made by those who only look', async () => {
    await expect(knownSecret({ given: undefined, file: join(data, 'secret.key') })).resolves.toBeUndefined();
    await expect(stat(join(data, 'secret.key'))).rejects.toThrow('ENOENT');
  });

  it('is refused when it is too short', async () => {
    await expect(installationSecret({ given: 'short', file: join(data, 'secret.key') })).rejects.toThrow(
      'INFORCE_SECRET',
    );
    await writeFile(join(data, 'secret.key'), 'short\n');
    await expect(installationSecret({ given: undefined, file: join(data, 'secret.key') })).rejects.toThrow(
      'secret.key',
    );
  });
});
