import { expect, it } from 'vitest';
import { jsonLine } from '../../src/report/json.ts';

it('writes a bigint as a number where JavaScript holds it exactly, else as text [REPORT-005]', () => {
  expect(jsonLine({ a: 1n, b: 9007199254740993n, c: [null, 'x\n'] })).toBe(
    '{"a":1,"b":"9007199254740993","c":[null,"x\\n"]}\n',
  );
});
