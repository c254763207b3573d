import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/lib/canonical-json.ts';

/** RFC 8785, Appendix B: the bits of a double and its text. */
const NUMBERS: [string, string][] = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
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
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
];

function double(bits: string): number {
  return Buffer.from(bits, 'hex').readDoubleBE();
}

describe('canonicalJson', () => {
  it('writes the sample of RFC 8785, 3.2.2, as the bytes of 3.2.4 [AUDIT-001]', () => {
    const sample = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    const bytes = `
      7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72
      75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
      5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31
      65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
      5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30
      30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`.replaceAll(/\s/g, '');
    expect(Buffer.from(canonicalJson(sample), 'utf8').toString('hex')).toBe(bytes);
  });

  it('sorts names by UTF-16 code units, as the sample of RFC 8785, 3.2.3 [AUDIT-001]', () => {
    const sample = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const values = [...canonicalJson(sample).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each(NUMBERS)('writes the double %s of RFC 8785, Appendix B, as %s [AUDIT-001]', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text);
  });

  it('does not normalise Unicode (RFC 8785, 3.1) [AUDIT-001]', () => {
    expect(canonicalJson('A\u030a')).toBe('"A\u030a"');
  });

  it('keeps a property named __proto__ [AUDIT-001]', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}');
  });

  it.each<[string, unknown, string]>([
    ['NaN', double('7fffffffffffffff'), '$'],
    ['infinity', double('7ff0000000000000'), '$'],
    ['a bigint', { rows: 3n }, '$.rows'],
    ['undefined', { a: [{ b: undefined }] }, '$.a[0].b'],
    ['a hole in an array', new Array(1), '$[0]'],
    ['a function', [() => 1], '$[0]'],
    ['a symbol', Symbol('s'), '$'],
    ['a name that is a symbol', { [Symbol('s')]: 1 }, '$'],
    ['a lone surrogate', 'a\udead', '$'],
    ['a lone surrogate in a name', { '\ud83d': 1 }, '$.\ud83d'],
    ['a date', new Date(0), '$'],
    ['a map', { m: new Map() }, '$.m'],
    ['a class instance', new (class Point {})(), '$'],
  ])('refuses %s and names its place [AUDIT-002]', (_name, value, path) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ code: 'JSON_NOT_CANONICAL', message: expect.stringContaining(`${path} is `) }),
    );
  });

  it('refuses circles and values nested too deep [AUDIT-002]', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => canonicalJson(circle)).toThrow(expect.objectContaining({ code: 'JSON_NOT_CANONICAL' }));
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(() => canonicalJson(deep)).toThrow(expect.objectContaining({ code: 'JSON_NOT_CANONICAL' }));
  });
});
