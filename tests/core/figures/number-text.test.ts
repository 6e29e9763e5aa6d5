import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logAxis } from '../../../core/figures/log-axis.ts';
import { certifiedText, numberText, percentText } from '../../../core/figures/number-text.ts';
import { thinLine } from '../../../core/figures/thin-line.ts';

it('digits end where the error begins', () => {
  expect(certifiedText(40.5678, 0.21)).toEqual({ value: '40.57', uncertainty: '0.21' });
  expect(certifiedText(2.2112766, 3e-5)).toEqual({ value: '2.211277', uncertainty: '3 × 10⁻⁵' });
  expect(certifiedText(604.4, 28)).toEqual({ value: '604', uncertainty: '28' });
  expect(certifiedText(123456, 2345)).toEqual({ value: '123\u202f500', uncertainty: '2400' });
  expect(certifiedText(39.374480338531875, 1e-13).value).toBe('39.37448');
  expect(certifiedText(-0.03, 0.2)).toEqual({ value: '−0.03', uncertainty: '0.2' });
  expect(certifiedText(Number.NaN, 1)).toEqual({ value: 'not a number', uncertainty: null });
  expect(certifiedText(3, Number.NaN)).toEqual({ value: '3', uncertainty: null });
});

it('what is printed lies within the printed uncertainty of the value', () => {
  const readNumber = (text: string) => {
    const signs = '⁰¹²³⁴⁵⁶⁷⁸⁹';
    const plain = text
      .replaceAll('\u202f', '')
      .replaceAll('−', '-')
      .replace(/^10(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])/, '1 × 10');
    return Number(
      plain
        .replace(' × 10', 'e')
        .replaceAll('⁻', '-')
        .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (sign) => String(signs.indexOf(sign))),
    );
  };
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  const share = fc.double({ min: 1e-5, max: 1, noNaN: true });
  fc.assert(
    fc.property(value, share, (v, s) => {
      fc.pre(Math.abs(v) > 1e-9);
      const size = Math.abs(v) * s;
      const text = certifiedText(v, size);
      expect(Math.abs(readNumber(text.value) - v)).toBeLessThanOrEqual(size);
      expect(readNumber(text.uncertainty!)).toBeGreaterThanOrEqual(size * (1 - 1e-9));
      expect(readNumber(text.uncertainty!)).toBeLessThanOrEqual(size * 1.11);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('numbers for people', () => {
  expect([0.0152, 12345, -3, 1e-7, 2.5e9, 0].map((value) => numberText(value))).toEqual([
    '0.0152',
    '12\u202f350',
    '−3',
    '10⁻⁷',
    '2.5 × 10⁹',
    '0',
  ]);
  expect(percentText(0.015)).toBe('1.5 %');
});

it('a logarithmic axis has at most six ticks within its domain and holds every value', () => {
  const positive = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(positive, positive, (a, b) => {
      const { domain, ticks, labels } = logAxis([a, b, Number.NaN, null, -1])!;
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.length).toBeGreaterThanOrEqual(1);
      expect(labels).toHaveLength(ticks.length);
      for (const tick of [...ticks, a, b]) {
        expect(tick).toBeGreaterThanOrEqual(domain[0]);
        expect(tick).toBeLessThanOrEqual(domain[1]);
      }
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(logAxis([0, -1, Number.NaN])).toBe(null);
  expect(logAxis([1e-6, 1])!.labels).toContain('10⁻⁴');
});

it('a thinned line keeps its ends, its spikes and its gaps', () => {
  const points = Array.from({ length: 10_000 }, (_, x) => ({
    x,
    y: x === 5003 ? null : x === 7001 ? 9 : Math.sin(x / 500),
  }));
  const thin = thinLine(points, 400);
  expect(thin.length).toBeLessThanOrEqual(400);
  expect(thin[0]).toBe(points[0]);
  expect(thin.at(-1)).toBe(points.at(-1));
  expect(thin).toContain(points[7001]);
  expect(thinLine(points.slice(0, 50), 400)).toHaveLength(50);
});
