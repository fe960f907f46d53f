import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cosignatureOf,
  cosignedMessage,
  foldHashes,
  formatSignature,
  formatVerifierKey,
  hashAt,
  hashFromBase64,
  hashLeaf,
  keysHandedOver,
  leafBytes,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  sha256,
  verifierKey,
  verifyConsistency,
  verifyEd25519,
  verifyInclusion,
  verifyNote,
} from '#libs/evidence';
import { expectProblem, type Got, Service, withRecord } from '../support/api.ts';
import { ordered, forbears } from '../support/matter.ts';
import { must } from '../support/evidence.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const rawKey = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
const witness = verifierKey(sha256, { name: 'witness.example.com/w1', type: 0x04, publicKey: rawKey });

const hash = (base64: string): Uint8Array => must(hashFromBase64(base64));

describe('evidence over HTTP', () => {
  let service: Service;
  let matter: string;
  let outside: string;
  /** The key as it was told before anything was signed. */
  let promised: string;
  const seal = async (): Promise<Got> =>
    service.ask('/v1/evidence/checkpoint', { method: 'POST', key: service.keys.auditor });

  beforeAll(async () => {
    outside = await mkdtemp(join(tmpdir(), 'inforce-witness-'));
    service = await Service.start({
      env: { INFORCE_WITNESSES: formatVerifierKey(witness), INFORCE_CHECKPOINTS_TO: outside },
    });
  });
  afterAll(async () => {
    await service.stop();
    await rm(outside, { recursive: true });
  });

  it('has nothing to show before anything was recorded, but the key that it is going to sign with', async () => {
    expectProblem(await service.ask('/v1/evidence/checkpoint'), 409, 'not-sealed');
    promised = (await service.ask('/v1/evidence/key')).text;
    expectProblem(await service.ask('/checkpoint'), 409, 'not-sealed');
    expectProblem(await seal(), 409, 'not-sealed');
    expect((await service.ask('/v1/evidence/checkpoints')).body).toEqual({ items: [], next: null });
    expectProblem(await service.ask('/tile/0/000.p/1'), 404, 'not-found');
  });

  it('seals for an auditor alone', async () => {
    matter = await withRecord(service);
    const post = { method: 'POST' } as const;
    expectProblem(await service.ask('/v1/evidence/checkpoint', post), 401, 'unauthorized');
    const recorder = { ...post, key: service.keys.recorder };
    expectProblem(await service.ask('/v1/evidence/checkpoint', recorder), 403, 'forbidden');
    const auditor = { ...post, key: service.keys.auditor, body: { at: 'noon' } };
    for (const path of ['checkpoint', 'key'])
      expectProblem(await service.ask(`/v1/evidence/${path}`, auditor), 400, 'malformed');
    const sealed = await seal();
    expect(sealed.status).toBe(201);
    expect(sealed.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await seal()).status).toBe(200);
    expect((await seal()).text).toBe(sealed.text);
  });

  it('signs checkpoints that the key verifies', async () => {
    const { text, headers } = await service.ask('/v1/evidence/checkpoint');
    const { text: line } = await service.ask('/v1/evidence/key');
    expect(line).toBe(promised);
    const key = must(parseVerifierKey(sha256, line.trim()));
    expect(await verifyNote(verifyEd25519, parseNote(text), key)).toBe(true);
    expect(parseCheckpoint(parseNote(text).text)).toMatchObject({ origin: key.name, size: 3, heads: { streams: 1 } });
    expect((await service.ask('/checkpoint')).text).toBe(text);
    const again = await service.ask('/checkpoint', {
      headers: { 'if-none-match': must(headers.get('etag') ?? undefined) },
    });
    expect(again.status).toBe(304);
  });

  it('proves that an event is in the log that was signed for', async () => {
    const { items } = (await service.ask(`/v1/matters/${matter}/history`)).body;
    for (const event of items) {
      const { index, size, leafHash, proof, checkpoint } = (await service.ask(`/v1/evidence/inclusion/${event.id}`))
        .body;
      const { root } = parseCheckpoint(parseNote(checkpoint).text);
      expect(hash(leafHash)).toEqual(new Uint8Array(hashLeaf(sha256, leafBytes(event))));
      const claim = { index, size, leafHash: hash(leafHash), proof: proof.map(hash), root };
      expect(verifyInclusion(sha256, claim)).toBe(true);
    }
  });

  it('has no proof yet of what was not sealed, and none of what is not there', async () => {
    const pause = ordered('later', '2025-02-01', [
      forbears('later-forbearance', { enforcers: ['doj'], until: '2025-06-01' }),
    ]);
    const { eventId } = (await service.post(`/v1/matters/${matter}/entries`, pause)).body;
    // At once: nobody waits for it to be taken in.
    expectProblem(await service.ask(`/v1/evidence/inclusion/${eventId}`), 409, 'not-sealed');
    expectProblem(
      await service.ask('/v1/evidence/inclusion/0197aaaa-0000-7000-8000-000000000000'),
      404,
      'unknown-event',
    );
    expectProblem(await service.ask('/v1/evidence/inclusion/nothing'), 404, 'unknown-event');
    expect((await seal()).status).toBe(201);
    expect((await service.ask(`/v1/evidence/inclusion/${eventId}`)).status).toBe(200);
  });

  it('proves that the log was only ever appended to', async () => {
    const { items } = (await service.ask('/v1/evidence/checkpoints')).body;
    const [newest, first] = items;
    expect([first.size, newest.size]).toEqual([3, 5]);
    const { proof } = (await service.ask(`/v1/evidence/consistency?from=${first.size}&to=${newest.size}`)).body;
    const claim = { from: first.size, to: newest.size, fromRoot: hash(first.root), toRoot: hash(newest.root) };
    expect(verifyConsistency(sha256, { ...claim, proof: proof.map(hash) })).toBe(true);
    expectProblem(await service.ask('/v1/evidence/consistency?from=3&to=6'), 400, 'malformed');
    expectProblem(await service.ask('/v1/evidence/consistency?from=3&to=2'), 400, 'malformed');
    expectProblem(await service.ask('/v1/evidence/consistency?from=3'), 400, 'malformed');
  });

  it('pages through the checkpoints', async () => {
    const first = (await service.ask('/v1/evidence/checkpoints?limit=1')).body;
    const second = (await service.ask(`/v1/evidence/checkpoints?limit=1&cursor=${first.next}`)).body;
    expect([first.items[0].size, second.items[0].size, second.next]).toEqual([5, 3, null]);
  });

  it('serves the tree as tiles that never change', async () => {
    const response = await fetch(`${service.url}/tile/0/000.p/4`);
    expect(response.headers.get('cache-control')).toBe('max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    const tile = new Uint8Array(await response.arrayBuffer());
    expect(tile).toHaveLength(4 * 32);
    const events = await Array.fromAsync(service.server.parts.log.readAll());
    for (const [index, event] of events.slice(0, 4).entries())
      expect(hashAt(tile, index)).toEqual(new Uint8Array(hashLeaf(sha256, leafBytes(event))));
    const whole = new Uint8Array(await (await fetch(`${service.url}/tile/0/000.p/5`)).arrayBuffer());
    expect(foldHashes(sha256, whole.subarray(0, 128))).toEqual(foldHashes(sha256, tile));
    for (const path of ['0/000.p/6', '0/000', '0/001.p/1', '1/000.p/1', '0/0', '64/000', 'x'])
      expectProblem(await service.ask(`/tile/${path}`), 404, 'not-found');
  });

  it('gives the leaves themselves to an auditor alone', async () => {
    expectProblem(await service.ask('/tile/entries/000.p/5'), 401, 'unauthorized');
    const headers = { authorization: `Bearer ${service.keys.auditor}` };
    const response = await fetch(`${service.url}/tile/entries/000.p/5`, { headers });
    expect(response.headers.get('cache-control')).toMatch(/^private/);
    const bundle = Buffer.from(await response.arrayBuffer());
    const leaves: Buffer[] = [];
    for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at))
      leaves.push(bundle.subarray(at + 2, at + 2 + bundle.readUInt16BE(at)));
    const events = await Array.fromAsync(service.server.parts.log.readAll());
    expect(leaves.map(String)).toEqual(events.slice(0, 5).map((event) => Buffer.from(leafBytes(event)).toString()));
  });

  it('takes what a witness signed, once, and serves it with the checkpoint', async () => {
    const { text: note } = await service.ask('/v1/evidence/checkpoint');
    const { text } = parseNote(note);
    const at = BigInt(Math.trunc(Date.now() / 1000));
    const signature = sign(null, cosignedMessage(text, at), privateKey);
    const lines = formatSignature(cosignatureOf(witness, at, signature));
    const cosign = async (body: object): Promise<Got> =>
      service.ask('/v1/evidence/cosignatures', { method: 'POST', key: service.keys.auditor, body });
    expectProblem(await cosign({ size: 3, lines }), 422, 'cosignature-refused');
    expectProblem(await cosign({ size: 4, lines }), 422, 'cosignature-refused');
    expectProblem(await cosign({ size: 5, lines: lines.replace('w1', 'w2') }), 422, 'cosignature-refused');
    expectProblem(await cosign({ size: 5, lines: 'nothing' }), 422, 'cosignature-refused');
    expectProblem(await cosign({ size: '5', lines }), 400, 'malformed');
    const head = await service.head();
    const [taken, again] = [await cosign({ size: 5, lines }), await cosign({ size: 5, lines })];
    expect([taken.status, taken.text]).toEqual([200, note + lines]);
    expect(again.text).toBe(note + lines);
    expect(await service.head()).toBe(head + 1n);
    expect((await service.ask('/v1/evidence/checkpoint')).text).toBe(note + lines);
    // What a witness signed is no reason for the next checkpoint.
    expect((await seal()).status).toBe(200);
  });

  it('writes each checkpoint where a witness can find it', async () => {
    const files = (await readdir(outside)).toSorted();
    expect(files).toEqual(['0000000000000003.checkpoint', '0000000000000005.checkpoint']);
    const note = await readFile(join(outside, must(files[1])), 'utf8');
    expect(parseCheckpoint(parseNote(note).text).size).toBe(5);
  });

  it('erases for an auditor alone, and only what is private', async () => {
    const [event] = (await service.ask(`/v1/matters/${matter}/history`)).body.items;
    const body = { event: event.id, pointer: '/title', reason: 'asked to' };
    const erase = { method: 'POST', body } as const;
    expectProblem(
      await service.ask('/v1/evidence/erasures', { ...erase, key: service.keys.recorder }),
      403,
      'forbidden',
    );
    const asked = { ...erase, key: service.keys.auditor };
    expectProblem(await service.ask('/v1/evidence/erasures', asked), 422, 'unknown-private-value');
    const malformed = { ...asked, body: { ...body, pointer: 'title' } };
    expectProblem(await service.ask('/v1/evidence/erasures', malformed), 400, 'malformed');
  });

  it('keeps its secret to itself', async () => {
    const file = join(service.data, 'secret.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url')).toHaveLength(32);
  });

  it('tells health and metrics how far it has come', async () => {
    const { evidence } = (await service.ask('/health/ready')).body;
    expect(evidence).toMatchObject({ size: 7, sealedSize: 5, incident: null, error: null });
    expect((await service.ask('/metrics')).text).toMatch(/^inforce_evidence_sealed 5$/m);
  });

  it('shows none of its own events in the public log', async () => {
    const { items } = (await service.ask('/v1/log')).body;
    expect(items.map(({ stream }: { stream: string }) => stream)).toEqual(Array(4).fill(`matter-${matter}`));
  });

  it('hands over to a new key for an auditor alone, and the log keeps its name', async () => {
    const rotate = { method: 'POST' } as const;
    expectProblem(await service.ask('/v1/evidence/key', { ...rotate, key: service.keys.recorder }), 403, 'forbidden');
    const before = (await service.ask('/v1/evidence/key')).text;
    const { status, text } = await service.ask('/v1/evidence/key', { ...rotate, key: service.keys.auditor });
    expect(status).toBe(201);
    expect(text).not.toBe(before);
    expect((await service.ask('/v1/evidence/key')).text).toBe(text);
    // Whoever asks for both never gets a key and a checkpoint of another one.
    const sealed = await service.ask('/v1/evidence/checkpoint');
    expect((await seal()).text).toBe(sealed.text);
    const [old, fresh] = [before, text].map((each) => must(parseVerifierKey(sha256, each.trim())));
    expect(must(old).name).toBe(must(fresh).name);
    expect(await verifyNote(verifyEd25519, parseNote(sealed.text), must(fresh))).toBe(true);
  });

  it('shows how each key came from the one before', async () => {
    const { items, next } = (await service.ask('/v1/evidence/keys')).body;
    expect([items.length, next, items[0].handover]).toEqual([2, null, null]);
    const last = must(parseVerifierKey(sha256, items[1].key));
    const followed = await keysHandedOver(sha256, verifyEd25519, [items[1].handover], last);
    expect(must(followed).map(formatVerifierKey)).toEqual(items.map(({ key }: { key: string }) => key));
  });

  it('goes on after a restart where it was', async () => {
    const before = (await service.ask('/v1/evidence/checkpoint')).text;
    await service.stop({ keep: true });
    service = await Service.start({ data: service.data });
    expect((await service.ask('/v1/evidence/checkpoint')).text).toBe(before);
    expect((await seal()).status).toBe(200);
  });
});
