import { expect, test } from 'vitest';
import { numeralText } from '../../../renderer/widgets/numeral-text.ts';

const thin = '\u202f';

test.each([
  [2840, undefined, `2${thin}840`],
  [932, undefined, '932'],
  [1234567, undefined, `1${thin}234${thin}567`],
  [-2840, undefined, `−2${thin}840`],
  [0, undefined, '0'],
  [0.05, undefined, '0.05'],
  [0.05, 3, '0.0500'],
  [0.056849, 3, '0.0568'],
  [40.6, 3, '40.6'],
  [2.1e-7, undefined, '2.1e−7'],
  [-2.1e-7, 2, '−2.1e−7'],
  [2e-7, 1, '2e−7'],
  [12345.678, 7, `12${thin}345.68`],
  [2840, 2, `2${thin}800`],
  [3.2e9, undefined, '3.2e9'],
  [Number.NaN, undefined, 'not a number'],
  [Number.NEGATIVE_INFINITY, undefined, '−∞'],
])('%d with %s digits is written %s', (value, digits, text) => {
  expect(numeralText(value, digits)).toBe(text);
});

test('the text means the number, to the digits that are shown', () => {
  for (let k = -12; k <= 12; k++)
    for (const mantissa of [1, 1.5, 9.99, 7.1234]) {
      const value = mantissa * 10 ** k;
      const read = Number(numeralText(value, 6).replaceAll(thin, '').replace('−', '-'));
      expect(Math.abs(read - value) / value).toBeLessThan(5e-6);
    }
});
