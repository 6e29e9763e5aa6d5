import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certified } from '../../../../electron/cli/terminal/certified-number.ts';
import { printable } from '../../../../electron/cli/terminal/printable.ts';

describe('a number with its uncertainty', () => {
  test.each([
    [2.2112766, 3e-5, '2.211277 ± 3.0e-5'],
    [27.809_123, 0.067, '27.809 ± 0.067'],
    [1234.5678, 12.3, '1235 ± 12'],
    [-0.001234567, 4.2e-8, '-0.001234567 ± 4.2e-8'],
    [Number.NaN, 1, 'NaN'],
    [Number.POSITIVE_INFINITY, 1, 'Infinity'],
    [0.123456789, 0, '0.123457'],
    [0.123456789, Number.NaN, '0.123457'],
  ])('%d ± %d is written %s', (value, uncertainty, text) => {
    expect(certified(value, uncertainty)).toBe(text);
  });

  test('is written to within a tenth of its uncertainty, however large either is', () => {
    const exponent = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 9.999, noNaN: true }),
        exponent,
        fc.double({ min: 1, max: 9.9, noNaN: true }),
        exponent,
        (mantissa, power, uncertain, scale) => {
          fc.pre(power - scale < 13);
          const [value, uncertainty] = [mantissa * 10 ** power, uncertain * 10 ** scale];
          const [shown = '', error = ''] = certified(value, uncertainty).split(' ± ');
          expect(Math.abs(Number(shown) - value)).toBeLessThanOrEqual(Math.max(0.1 * uncertainty, 0.05 * value));
          expect(Math.abs(Number(error) - uncertainty)).toBeLessThanOrEqual(0.05 * uncertainty * 1.000001);
        },
      ),
    );
  });
});

describe('text from files', () => {
  test('cannot move the cursor, colour, reverse or break lines', () => {
    expect(printable('a\u001b[31mb\r\nc\u202ed\u2028e\u0007')).toBe(
      'a\\u{1b}[31mb\\u{d}\\u{a}c\\u{202e}d\\u{2028}e\\u{7}',
    );
  });

  test('stays as it is where it is plain', () => {
    expect(printable('Größe θ₀ — 東京 "x" \\n')).toBe('Größe θ₀ — 東京 "x" \\n');
  });
});
