import { compile, type TopLevelSpec } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { tableCsv } from '../../../core/figures/figure.ts';
import { lossFigure } from '../../../core/figures/loss-figure.ts';
import { sliceFigure } from '../../../core/figures/slice-figure.ts';
import { colours } from '../../../core/figures/theme.ts';
import { comparedFigures, divergedFigures, emptyFigures, exampleFigures, exampleSlice } from './example-figures.ts';

/** What Vega-Lite has to say against a specification. */
function complaints(specification: unknown): string[] {
  const said: string[] = [];
  const note = (...words: unknown[]) => {
    said.push(words.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  compile(specification as TopLevelSpec, { logger: logger as never });
  return said;
}

describe.each([
  ['smooth numbers', () => exampleFigures('light')],
  ['smooth numbers on dark', () => exampleFigures('dark')],
  ['two spectra', () => comparedFigures('dark')],
  ['nothing measured', emptyFigures],
  ['a diverged run', divergedFigures],
])('figures of %s', (_, figures) => {
  it('compile without a warning and are plain JSON', () => {
    for (const { specification, id } of figures()) {
      expect([id, complaints(specification)]).toEqual([id, []]);
      expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
    }
  });

  it('have words for those who do not see them, and a command', () => {
    for (const { caption, alternative, title, command } of figures()) {
      expect(Math.min(caption.length, alternative.length, title.length)).toBeGreaterThan(3);
      expect(command).toBe('saddlescope train "a & b.yaml"');
      for (const text of [caption, alternative]) expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  });

  it('write nothing but numbers and names into their tables', () => {
    for (const { data } of figures())
      for (const row of data.rows) {
        expect(row).toHaveLength(data.columns.length);
        for (const cell of row) expect(typeof cell === 'number' ? Number.isFinite(cell) : true).toBe(true);
      }
  });
});

it('a loss that is not positive makes the axis linear and is said; one that is not finite is left out and said', () => {
  const figure = (losses: number[]) =>
    lossFigure({
      train: losses.map((loss, step) => ({ step, loss })),
      test: [],
      fullBatch: true,
      formula: 'L',
      command: 'c',
    });
  const negative = figure([1, 0.1, -0.5]);
  expect(JSON.stringify(negative.specification)).not.toContain('"log"');
  expect(negative.caption).toContain('linear because some losses are not positive');
  const infinite = figure([1, 0.1, Number.NaN, Number.POSITIVE_INFINITY]);
  expect(JSON.stringify(infinite.specification)).toContain('"log"');
  expect(infinite.caption).toContain('2 values that are not finite are left out');
});

it('cells of a slice that were not computed are drawn as missing, whatever number lies under them', () => {
  const computed = new Uint8Array(225).fill(1);
  computed.set([0, 0, 0]);
  const loss = exampleSlice.loss.slice();
  loss[100] = Number.NaN;
  const { specification, caption, data } = sliceFigure({ ...exampleSlice, computed, loss });
  expect(caption).toContain('Hatched: 3 cells were not computed.');
  expect(caption).toContain('Crossed: the loss of 1 cell is not a number.');
  const [cells, missing, , crossed] = specification.layer as { data: { values: unknown[] } }[];
  expect([cells, missing, crossed].map((layer) => layer!.data.values.length)).toEqual([221, 3, 1]);
  expect(data.rows.slice(0, 3).map((row) => row[2])).toEqual([null, null, null]);
});

it('the caption of a slice names plane, explained variance, distance and warnings', () => {
  const { caption } = sliceFigure(exampleSlice);
  expect(caption).toContain('two principal directions, which hold 70 %');
  expect(caption).toContain('‖d₁‖ = 2');
  expect(caption).toContain('up to 0.59 from the plane, and up to 1.18 from the centre');
  expect(caption).toContain('The path is a shadow here.');
});

it('labels of a short path do not overlap, and a random plane is called one', () => {
  const here = { steps: [0, 50], alpha: [0, 0.1], beta: [0, 0], distance: [1, 0], length: [1, 0] };
  const random = { ...exampleSlice.alpha, kind: 'filter-normalised random', explained: null };
  const { specification, caption } = sliceFigure({ ...exampleSlice, alpha: random, beta: random, path: here });
  const text = JSON.stringify(specification);
  expect(text).toContain('steps 0 to 50');
  expect(text).not.toContain('"step 50"');
  expect(text).toContain('β along filter-normalised random direction 2');
  expect(caption).toContain('two filter-normalised random directions.');
});

it('a table is CSV as RFC 4180 wants it', () => {
  expect(
    tableCsv({
      columns: ['a', 'b'],
      rows: [
        [1.5, null],
        ['x,"y"', 1e-9],
      ],
    }),
  ).toBe('a,b\r\n1.5,\r\n"x,""y""",1e-9\r\n');
});

it('text has AA contrast on the background of either theme, lines 3 to 1', () => {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
  for (const { background, text, quiet, faint, threshold, series } of Object.values(colours)) {
    for (const colour of [text, quiet, faint, threshold]) expect(contrast(colour, background)).toBeGreaterThan(4.5);
    for (const colour of series) expect(contrast(colour, background)).toBeGreaterThan(3);
  }
});
