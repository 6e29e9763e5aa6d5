import { expect, test } from 'vitest';
import {
  classStructureFigure,
  miniBatchFigure,
  proposalAt,
  samplingErrorFigure,
} from '../../../core/experiment/curvature-figures.ts';
import type { SamplingDocument, StructureDocument } from '../../../core/experiment/result-documents.ts';

const sigma = { perExample: 6, perExampleLow95: 5, perExampleHigh95: 8, uncertainty: 0.01, standardError: 0.3 };
const document = {
  examples: 400,
  sharpness: { value: 3, ...sigma },
  trace: { value: 30, ...sigma },
  ladder: [{ size: 25, repeats: 9, standardDeviation: 1.2, bias: 0.6, biasStandardError: 0.2 }],
  biasConstant: { value: 20, standardError: 4 },
  batchSharpness: null,
  command: 'saddlescope sampling run',
} as unknown as SamplingDocument;

test('a proposal is the smallest size that reaches the wanted error', () => {
  for (const accuracy of [0.3, 0.05, 0.01]) {
    const wanted = 3 * accuracy;
    const { examples, ofThese, low95, high95, ofTheseLow95, ofTheseHigh95 } = proposalAt(
      document,
      'sharpness',
      accuracy,
    );
    const error = (n: number) => Math.hypot(6 / Math.sqrt(n), 20 / n);
    expect(error(examples)).toBeLessThanOrEqual(wanted * (1 + 1e-9));
    expect(error(examples - 1)).toBeGreaterThan(wanted);
    const among = (n: number) => Math.hypot((6 / Math.sqrt(n)) * Math.sqrt((400 - n) / 399), 20 * (1 / n - 1 / 400));
    expect(among(ofThese)).toBeLessThanOrEqual(wanted);
    expect(among(ofThese - 1)).toBeGreaterThan(wanted);
    expect(low95).toBeLessThanOrEqual(examples);
    expect(high95).toBeGreaterThanOrEqual(examples);
    expect(ofTheseLow95).toBeLessThanOrEqual(ofThese);
    expect(ofTheseHigh95).toBeGreaterThanOrEqual(ofThese);
    expect(ofTheseHigh95).toBeLessThanOrEqual(400);
  }
});

test('the trace has no bias: its size is (σ/e)² alone', () => {
  expect(proposalAt(document, 'trace', 0.1)).toMatchObject({ examples: 4, accuracy: 0.1 });
  expect(proposalAt(document, 'trace', 0.01)).toMatchObject({ examples: 400, low95: 278, high95: 712 });
  const { data } = samplingErrorFigure(document, 'trace', 0.01);
  expect(data.rows.some(([set]) => String(set).includes('measured'))).toBe(false);
  expect(samplingErrorFigure(document, 'sharpness', 0.01).references).not.toEqual([]);
});

test('what was not computed has no figure', () => {
  expect(miniBatchFigure(document, null)).toBe(null);
  expect(classStructureFigure({ classes: null } as StructureDocument)).toBe(null);
});
