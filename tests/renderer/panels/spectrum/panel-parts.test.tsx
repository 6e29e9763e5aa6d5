import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import { readAt } from '../../../../renderer/figures/figure-readout.tsx';
import { EigenvalueTable } from '../../../../renderer/panels/inspector/eigenvalue-table.tsx';
import { blockColours, sharesOf } from '../../../../renderer/panels/spectrum/block-colours.ts';
import { divergingAt } from '../../../../renderer/panels/spectrum/eigenvector-image.tsx';
import { imageSentence } from '../../../../renderer/panels/spectrum/eigenvector-section.tsx';
import { agreementSentence, LayerSection, sumOfLayers } from '../../../../renderer/panels/spectrum/layer-table.tsx';
import { MassBar } from '../../../../renderer/panels/spectrum/mass-bar.tsx';
import { MassStrip } from '../../../../renderer/panels/spectrum/mass-strip.tsx';
import { SeedsTable } from '../../../../renderer/panels/spectrum/seeds-table.tsx';
import { checkSentence } from '../../../../renderer/panels/spectrum/spectrum-check.tsx';
import { WholeSection } from '../../../../renderer/panels/spectrum/whole-section.tsx';
import { exampleBlocks, exampleEigenvalues, exampleSpectrum } from '../../../support/example-spectrum.ts';

const plain = (node: React.ReactNode): string =>
  renderToStaticMarkup(node)
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u202f]+/g, ' ');
const document = exampleSpectrum();

describe('the list of eigenvalues', () => {
  const details = { layers: null, selected: { end: 'top', index: 1 } as const, onSelect: () => {} };

  test('brackets what cannot be told apart, and says that there may be more', () => {
    const markup = renderToStaticMarkup(<EigenvalueTable document={document} details={details} />);
    expect(markup.match(/class="eigenvalue-table-same"/g)).toHaveLength(3);
    expect(markup).toContain(
      '3 to 5 cannot be told apart: only the space of their 3 vectors is determined, and it may have more.',
    );
  });

  test('has the lists of all three ends, each with its title, and the chosen row is told to those who hear it', () => {
    const all = exampleSpectrum({ more: { magnitude: document.eigenvalues.slice(0, 2) } });
    const markup = renderToStaticMarkup(<EigenvalueTable document={all} details={details} />);
    for (const title of ['Largest', 'Most negative', 'Largest absolute value']) expect(markup).toContain(`>${title}<`);
    expect(markup.match(/aria-pressed="true"/g)).toHaveLength(1);
    expect(markup).toMatch(/aria-pressed="true" aria-label="Eigenvector 2"/);
  });
});

describe('where an eigenvector lives', () => {
  test('shares of the blocks keep their sum, however many blocks there are', () => {
    const names = Array.from({ length: 20 }, (_, i) => `layer_${i}/kernel`);
    const mass = names.map((_, i) => (i + 1) / 210);
    const deep = { ...document, blockNames: names, eigenvalues: [{ ...document.eigenvalues[0]!, mass }], bottom: [] };
    const colours = blockColours(deep);
    expect(colours).toHaveLength(6);
    expect(colours.at(-1)?.name).toBe('15 other blocks');
    expect(sharesOf(mass, colours).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    // The largest keep a colour of their own.
    expect(colours.slice(0, 5).map(({ name }) => name)).toEqual(names.slice(15));
  });

  test('a bar says in words what it shows', () => {
    const markup = renderToStaticMarkup(<MassBar mass={[0.2, 0.001, 0.7, 0.099]} colours={blockColours(document)} />);
    expect(markup).toContain('aria-label="dense_2/kernel 70 %, dense_1/kernel 20 %, dense_2/bias 9.9 %"');
  });

  test('the place of the strongest pixel is that of its row and column', () => {
    const image = new Float64Array(4 * 3 * 2);
    image[2 * (2 * 3 + 1) + 1] = -0.5;
    expect(imageSentence(image, [4, 3, 2])).toBe('strongest in row 3, column 2, with −0.5');
  });

  test('zero is the middle colour whatever the reach, and the ends are the ends', () => {
    const stops = [0, 50, 100, 150, 200].map((grey) => [grey, grey, grey] as const);
    expect(divergingAt(0, 3, stops)).toEqual([100, 100, 100]);
    expect(divergingAt(-3, 3, stops)).toEqual([0, 0, 0]);
    expect(divergingAt(9, 3, stops)).toEqual([200, 200, 200]);
    expect(divergingAt(0.75, 3, stops)[0]).toBe(125);
  });
});

describe('blocks of parameters', () => {
  test('sum to the trace of the matrix, with all their parameters', () => {
    const sum = sumOfLayers(document.layers ?? []);
    expect(sum.value).toBeCloseTo(
      exampleEigenvalues.reduce((total, value) => total + value, 0),
      9,
    );
    expect(sum.size).toBe(exampleBlocks.reduce((total, { size }) => total + size, 0));
    expect(plain(<LayerSection document={document} />)).toContain('agrees with the trace of the whole matrix');
  });

  test('a sum that lies outside both intervals is told', () => {
    const trace = { value: 100, standardError: 1, low95: 98, high95: 102 };
    expect(agreementSentence({ value: 104, half: 3 }, trace)).toMatch(/agrees/);
    expect(agreementSentence({ value: 106, half: 3 }, trace)).toMatch(/differ by more/);
  });
});

describe('sums over the spectrum', () => {
  test('have their intervals, their method and their σ', () => {
    const text = plain(<WholeSection document={document} />);
    expect(text).toMatch(/Trace 228\.2 \[225\.7, 230\.7\] Hutch\+\+, 60 products/);
    expect(text).toMatch(/Effective dimension 157\.9 \[154\.7, 161\.1\] Σ λ\/\(λ \+ σ\) over λ &gt; 0, σ = 0\.1/);
  });

  test('shares of the signs are the counts of the eigenvalues', () => {
    const masses = document.density!.masses!;
    const count = (test: (value: number) => boolean) =>
      ((100 * exampleEigenvalues.filter(test).length) / exampleEigenvalues.length).toFixed(1);
    const text = plain(<MassStrip masses={masses} />);
    expect(text).toContain(`λ &gt; 0.001 ${count((value) => value > 1e-3)} ± 2.8 %`);
    expect(text).toContain(`|λ| ≤ 0.001 ${count((value) => Math.abs(value) <= 1e-3)} ± 2.5 %`);
  });
});

test('several seeds have the mean, the deviation and the range of each eigenvalue', () => {
  const seeds = [0.9, 1, 1.1].map((scale) => exampleSpectrum({ scale }));
  const text = plain(<SeedsTable documents={seeds} />);
  // 36, 40, 44: mean 40, deviation 4.
  expect(text).toMatch(/ 1 40\.0 ± 4 36\.000 44\.000 /);
});

describe('“Check this” in a sentence', () => {
  const passed = { outcome: 'passed', sentence: 'The gradient agrees.' } as const;
  const failed = { outcome: 'failed', sentence: 'The gradient is wrong.' } as const;
  const dense = { eigenvalues: 10, largestError: 2.3e-7, agrees: true };
  test.each([
    [[passed], dense, 'passed', /^Agrees with the dense matrix: largest error 3e−7 of 10 eigenvalues/],
    [[passed], { ...dense, agrees: false }, 'failed', /^Does not agree/],
    [[failed], dense, 'failed', /The gradient is wrong\.$/],
    [[passed], null, 'undecided', /too large for the dense twin/],
  ] as const)('%#', (items, twin, outcome, sentence) => {
    const said = checkSentence({ report: { items, dense: twin } as never });
    expect(said.outcome).toBe(outcome);
    expect(said.sentence).toMatch(sentence);
  });
});

test('a cursor reads the nearest point of each curve with its band, and nothing outside them', () => {
  const line = (name: string, from: number) => ({
    name,
    at: [0, 1, 2, 3].map((at) => from + at),
    x: [0, 1, 2, 3].map((at) => 10 ** (from + at)),
    y: [5, 6, 7, 8],
    low: [4, 5, null, 7],
    high: [6, 7, null, 9],
  });
  const readout = { axis: { x: 'λ', y: 'share' }, lines: [line('a', 0), line('b', 2)] };
  expect(readAt(readout, 1.1)).toEqual(['λ = 10', 'a: 6 (5 … 7)', 'b: 5 (4 … 6)']);
  expect(readAt(readout, 2.4)).toEqual(['λ = 100', 'a: 7', 'b: 5 (4 … 6)']);
  expect(readAt(readout, -5)).toEqual([]);
});

test('a document of an earlier version is drawn with what it has', () => {
  const old = { ...document } as Record<string, unknown>;
  for (const name of ['subspaces', 'magnitude', 'order', 'logDeterminant', 'effectiveDimension', 'layers', 'images'])
    delete old[name];
  const spectrum = old as unknown as SpectrumDocument;
  expect(plain(<WholeSection document={spectrum} />)).toContain('Trace 228.2');
  expect(plain(<EigenvalueTable document={spectrum} />)).toContain('40.00000');
});
