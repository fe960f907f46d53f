import { describe, expect, it } from '@jest/globals';
import {
  cosignatureOf,
  cosignedMessage,
  ED25519,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  fromBase64,
  NoteMalformed,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  sha256,
  toBase64,
  utf8,
  verifierKey,
  verifyCosignature,
  verifyEd25519,
  verifyNote,
} from '#libs/evidence';
import { generateKeyPairSync, sign } from 'node:crypto';
import { hexOf, must } from '../support/evidence.ts';

/** The example of C2SP signed-note. */
const key = must(parseVerifierKey(sha256, 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'));
const note =
  'This is an example message.\n\n' +
  '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
/** The example of C2SP tlog-checkpoint. */
const checkpoint = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
/** The example of Go’s golang.org/x/mod/sumdb/note. */
const peterNeumann = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const peterNeumannNote =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('Ed25519', () => {
  it.each([
    // RFC 8032 §7.1: public key, message, signature.
    [
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      'af82',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('verifies the vector of RFC 8032 with key %s', (publicKey, message, signature) => {
    const [k, m, s] = [publicKey, message, signature].map((text) => Buffer.from(text, 'hex'));
    expect(verifyEd25519(must(k), must(m), must(s))).toBe(true);
    expect(verifyEd25519(must(k), Buffer.concat([must(m), Buffer.of(0)]), must(s))).toBe(false);
  });
});

describe('a signed note', () => {
  it('is verified by the key of the specification’s example', async () => {
    expect(await verifyNote(verifyEd25519, parseNote(note), key)).toBe(true);
    expect(formatNote(parseNote(note))).toBe(note);
    expect(formatVerifierKey(key)).toBe('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
  });

  it('is verified as by Go’s own package', async () => {
    const peter = must(parseVerifierKey(sha256, peterNeumann));
    expect(hexOf(peter.keyId)).toBe('c74f20a3');
    expect(await verifyNote(verifyEd25519, parseNote(peterNeumannNote), peter)).toBe(true);
    expect(await verifyNote(verifyEd25519, parseNote(peterNeumannNote.replace('crypto', 'Crypto')), peter)).toBe(false);
  });

  it('passes over what unknown keys signed, and not over a bad line of the known one', async () => {
    const other = note.slice(note.indexOf('—')).replace('example.com/foo', 'example.com/bar');
    expect(await verifyNote(verifyEd25519, parseNote(note + other), key)).toBe(true);
    const [own = ''] = /—.*\n/u.exec(note) ?? [];
    const bad = own.replace('Uw2QOkn8', 'Uw2QOkn9');
    expect(await verifyNote(verifyEd25519, parseNote(note + bad), key)).toBe(false);
    expect(await verifyNote(verifyEd25519, parseNote(note.replace(own, other)), key)).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['no signatures', 'text\n'],
    ['an empty line at the end', `${note}\n`],
    ['no last newline', note.trimEnd()],
    ['a carriage return', note.replace('\n', '\r\n')],
    ['a lone surrogate', note.replace('This', '\ud800')],
    ['a space in a name', note.replace('example.com/foo', 'example com')],
    ['a plus in a name', note.replace('example.com/foo', 'example+com')],
    ['base64 with loose bits', note.replace('aQM=', 'aQN=')],
    ['base64 without padding', note.replace('aQM=', 'aQM')],
    ['a signature of no bytes', note.replace(/ Uw2.*/, ' Uw2QOg==')],
    ['another dash', note.replace('—', '–')],
  ])('is none with %s', (_, text) => {
    expect(() => parseNote(text)).toThrow(NoteMalformed);
  });

  it.each([
    ['another id', 'example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['another name', 'example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a name with a space', 'example.com/ foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['an unknown type', 'example.com/foo+530d903a+CekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a byte too few', 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q=='],
  ])('has no key with %s', (_, text) => {
    expect(parseVerifierKey(sha256, text)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  it('is an origin, a size and a root', () => {
    const parsed = parseCheckpoint(checkpoint);
    expect(parsed).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163, heads: undefined });
    expect(toBase64(parsed.root)).toBe('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=');
    expect(formatCheckpoint(parsed)).toBe(checkpoint);
  });

  it('carries the heads in a line of its own', () => {
    const text = `${checkpoint}heads 3 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n`;
    expect(parseCheckpoint(text).heads?.streams).toBe(3);
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
  });

  it.each([
    ['no origin', checkpoint.slice(checkpoint.indexOf('\n'))],
    ['a size with a leading zero', checkpoint.replace('20852163', '020852163')],
    ['a negative size', checkpoint.replace('20852163', '-1')],
    ['a size that is no safe integer', checkpoint.replace('20852163', '9999999999999999')],
    ['a root that is too short', checkpoint.replace(/Cs.*/, 'CsUYag==')],
    ['an empty line', `${checkpoint}\n`],
    ['no last newline', checkpoint.trimEnd()],
    ['heads that are none', `${checkpoint}heads x\n`],
    ['heads twice', `${checkpoint}${'heads 1 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'.repeat(2)}`],
  ])('is none with %s', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(NoteMalformed);
  });
});

describe('a cosignature', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const witness = verifierKey(sha256, { name: 'witness.example.com/w1', type: 0x04, publicKey: raw });

  it('says when the witness saw the checkpoint', async () => {
    const message = cosignedMessage(checkpoint, 1_679_315_147n);
    expect(new TextDecoder().decode(message)).toBe(`cosignature/v1\ntime 1679315147\n${checkpoint}`);
    const line = cosignatureOf(witness, 1_679_315_147n, sign(null, message, privateKey));
    expect(await verifyCosignature(verifyEd25519, checkpoint, line, witness)).toBe(1_679_315_147n);
    expect(await verifyCosignature(verifyEd25519, `${checkpoint}more\n`, line, witness)).toBeUndefined();
    const later = cosignatureOf(witness, 1_679_315_148n, line.signature.subarray(8));
    expect(await verifyCosignature(verifyEd25519, checkpoint, later, witness)).toBeUndefined();
  });

  it('is not taken from a key for notes', async () => {
    const noted = verifierKey(sha256, { name: witness.name, type: ED25519, publicKey: raw });
    const line = cosignatureOf(noted, 1n, sign(null, cosignedMessage(checkpoint, 1n), privateKey));
    expect(await verifyCosignature(verifyEd25519, checkpoint, line, noted)).toBeUndefined();
    expect(await verifyCosignature(verifyEd25519, checkpoint, line, witness)).toBeUndefined();
  });

  it('reads the example of C2SP tlog-cosignature', () => {
    const base64 =
      'jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==';
    const line = must(parseNote(`${checkpoint}\n— witness.example.com/w1 ${base64}\n`).signatures[0]);
    expect(line.signature).toHaveLength(72);
    expect(new DataView(Uint8Array.from(line.signature).buffer).getBigUint64(0)).toBe(1_679_315_147n);
  });
});

describe('base64', () => {
  it.each([
    // RFC 4648 §10.
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('of %j is %s', (text, base64) => {
    expect(toBase64(utf8(text))).toBe(base64);
    expect(fromBase64(base64)).toEqual(utf8(text));
  });

  it.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Zm 9v', 'Zm9v\n', 'Zm-_', '====', 'Zg==Zg=='])('is not %j', (text) => {
    expect(fromBase64(text)).toBeUndefined();
  });
});
