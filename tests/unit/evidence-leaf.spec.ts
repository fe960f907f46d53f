import { describe, expect, it } from '@jest/globals';
import { canonicalText, type EvidentEvent, isPrivateValue, leafText, NotCanonical, toBase64 } from '#libs/evidence';

const event: EvidentEvent = {
  id: '01890f2e-0000-7000-8000-000000000000',
  stream: 'matter-us-tiktok',
  revision: 7,
  type: 'ExecutiveActIssued',
  schema: 1,
  recordedAt: '2026-01-02T03:04:05.678Z',
  data: { title: 'EO', effects: [] },
  meta: { actor: 'key:1' },
};
const salted = toBase64(new Uint8Array(32).fill(7));

describe('canonical JSON', () => {
  it('is written as in RFC 8785 §3.2.2', () => {
    const text = String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
    expect(canonicalText(JSON.parse(text))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
  });

  it('sorts names by UTF-16 code units, as in RFC 8785 §3.2.3', () => {
    const names = { '\u20ac': 0, '\r': 0, '\ufb33': 0, '1': 0, '\ud83d\ude00': 0, '\u0080': 0, '\u00f6': 0 };
    expect(Object.keys(JSON.parse(canonicalText(names)))).toEqual(
      // JSON.parse puts what looks like an index first.
      ['1', '\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'],
    );
    expect(canonicalText(names)).toBe('{"\\r":0,"1":0,"\u0080":0,"ö":0,"€":0,"😀":0,"\ufb33":0}');
  });

  it.each([
    // RFC 8785 appendix B: IEEE 754 bits and their text.
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as %s', (bits, text) => {
    expect(canonicalText(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it.each([
    ['a number that is none', Number.NaN],
    ['an infinite number', { a: [Number.POSITIVE_INFINITY] }],
    ['a lone surrogate', 'a\ud800'],
    ['a name with a lone surrogate', { '\udc00': 1 }],
    ['nothing', { a: undefined }],
    ['nothing in a list', [undefined]],
    ['a hole in a list', Array(1)],
    ['a map', { a: new Map() }],
    ['a date', new Date(0)],
    ['a function', { toJSON: () => 1 }],
    ['a large integer', 1n],
  ])('cannot hold %s', (_, value) => {
    expect(() => canonicalText(value)).toThrow(NotCanonical);
  });

  it('ends somewhere', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => canonicalText(circle)).toThrow(NotCanonical);
  });
});

describe('a leaf', () => {
  it('is every field of the event but its position, and the scheme', () => {
    expect(leafText(Object.assign({ position: 12n, other: 'thing' }, event))).toBe(
      '{"data":{"effects":[],"title":"EO"},"id":"01890f2e-0000-7000-8000-000000000000","meta":{"actor":"key:1"},' +
        '"recordedAt":"2026-01-02T03:04:05.678Z","revision":7,"schema":1,"scheme":1,"stream":"matter-us-tiktok",' +
        '"type":"ExecutiveActIssued"}',
    );
  });

  it('has a private value as its salted hash alone, and so does not change when it is erased', () => {
    const kept = { to: { salted, sealed: 'AAAA' }, also: [{ deep: { salted, sealed: '' } }], open: 'x' };
    const erased = { to: { salted }, also: [{ deep: { salted } }], open: 'x' };
    expect(leafText({ ...event, data: kept })).toBe(leafText({ ...event, data: erased }));
    expect(JSON.parse(leafText({ ...event, data: kept })).data).toEqual(erased);
  });

  it.each([
    ['with another key', { salted, sealed: 'AAAA', more: 1 }],
    ['whose hash is too short', { salted: 'AAAA', sealed: 'AAAA' }],
    ['whose base64 is not canonical', { salted: `${salted.slice(0, -2)}d=`, sealed: 'AAAA' }],
    ['whose sealed part is no text', { salted, sealed: 1 }],
  ])('hides nothing of an object %s', (_, value) => {
    expect(isPrivateValue(value)).toBe(false);
    expect(JSON.parse(leafText({ ...event, data: [value] })).data).toEqual([value]);
  });
});
