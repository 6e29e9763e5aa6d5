import { describe, expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import { learningRateAt, type Records } from '../../../../core/experiment/run-figures.ts';
import type { Provenance } from '../../../../core/experiment/run-folder.ts';
import type { LossProbe, StepRecord } from '../../../../core/training/records.ts';
import { spectrumName } from '../../../../electron/compute/documents/spectrum-document.ts';
import { chosenSpectrum } from '../../../../electron/compute/documents/stored-results.ts';
import { keyNumbers } from '../../../../electron/compute/report/key-numbers.ts';

const data = { name: 'set', source: 'bundled', examples: 40, sha256: 'aa' };
const provenance = { train: data, precision: 'float32' } as Provenance;
const trace = {
  value: 12,
  standardError: 0.5,
  low95: 10.9775,
  high95: 13.0225,
  method: 'hutchinson',
  probes: 30,
  products: 30,
} as const;
const eigenvalue = { value: 3, residual: 1e-4, residualIsEstimate: false, errorBound: 1e-4 };

const spectrum = (more: Partial<SpectrumDocument>): SpectrumDocument =>
  ({
    operator: 'hessian',
    precision: 'float32',
    step: 10,
    loss: 0.25,
    dim: 6,
    data,
    eigenvalues: [eigenvalue],
    bottom: [],
    density: null,
    trace: null,
    parts: { eigenvalues: 'converged', density: null, trace: null },
    ...more,
  }) as SpectrumDocument;
const update = (step: number, learningRate: number) =>
  ({ record: 'step', step, learningRate, status: null, loss: 1 }) as StepRecord;
const probe = (step: number, loss: number) =>
  ({
    record: 'probe',
    kind: 'loss',
    step,
    train: { loss, standardError: 0.01, error: 0.1, examples: 40 },
    test: { loss, standardError: 0.01, error: 0.2, examples: 20 },
  }) as LossProbe;
/** Ten updates; η falls by 0.01 at each. */
const updates: Records = Array.from({ length: 10 }, (_, i) => update(i, 0.2 - 0.01 * i));
const numbersOf = (records: Records, document: SpectrumDocument | null) =>
  keyNumbers(records, '2/η', document, provenance);

describe('the spectrum that a report shows', () => {
  const full = spectrum({ trace });
  test.each([
    [
      'the Hessian before the Gauss–Newton matrix of a later step',
      [full, spectrum({ operator: 'gaussNewton', step: 20 })],
      0,
    ],
    ['the later step before the fuller', [full, spectrum({ step: 20 })], 1],
    ['the fuller of one step, whatever its precision', [full, spectrum({ precision: 'float64' })], 0],
    ['the more precise of equals', [full, spectrum({ trace, precision: 'float64' })], 1],
    ['the Gauss–Newton matrix where nothing else is there', [spectrum({ operator: 'gaussNewton' })], 0],
  ])('is %s', (_, documents, index) => {
    expect(chosenSpectrum(documents)).toBe(documents[index]);
    expect(chosenSpectrum([...documents].reverse())).toBe(documents[index]);
  });

  test('is none where none is there', () => {
    expect(chosenSpectrum([])).toBeNull();
  });

  test('has its operator, precision and step in the name of its file', () => {
    expect(spectrumName(full)).toBe('spectrum-hessian-float32-step-10');
    expect(spectrumName(spectrum({ operator: 'gaussNewton', precision: 'float64', step: 3 }))).toBe(
      'spectrum-gauss-newton-float64-step-3',
    );
  });
});

describe('the key numbers', () => {
  test('the loss is that of the probe at the last step, with its standard error', () => {
    const [loss] = numbersOf([...updates, probe(10, 0.26)], spectrum({}));
    expect(loss).toMatchObject({ value: 0.26, uncertainty: { kind: 'standard error', size: 0.01 } });
    expect(loss?.meaning).toMatch(/^At step 10 over 40 examples\. 10\.0 % .*20\.0 % of 20 test examples\.$/);
  });

  test('where the last probe lies before the end, a spectrum there tells the loss, without a standard error', () => {
    const [loss] = numbersOf([...updates, probe(8, 0.3)], spectrum({}));
    expect(loss).toMatchObject({ value: 0.25, uncertainty: null });
    expect(loss?.meaning).toMatch(/^At step 10 over 40 examples\. At step 8, 10\.0 %/);
  });

  test.each([
    ['of an earlier step', spectrum({ step: 9 })],
    ['on other data', spectrum({ data: { ...data, sha256: 'bb' } })],
    ['that is not there', null],
  ])('a spectrum %s tells nothing of the loss at the end', (_, document) => {
    const [loss] = numbersOf([...updates, probe(8, 0.3)], document);
    expect(loss).toMatchObject({ value: 0.3, uncertainty: { size: 0.01 } });
    expect(loss?.meaning).toMatch(/^At step 8 /);
  });

  test('a trace is named by its operator', () => {
    const named = (document: SpectrumDocument) => numbersOf(updates, document).at(-1);
    expect(named(spectrum({ trace }))).toMatchObject({ name: 'Trace of the Hessian', symbol: 'tr H', value: 12 });
    expect(named(spectrum({ trace, operator: 'gaussNewton' }))).toMatchObject({
      name: 'Trace of the Gauss–Newton matrix',
      symbol: 'tr G',
    });
  });
});

test('the learning rate at a step is that of the nearest update', () => {
  expect(learningRateAt(updates, 0)).toBe(0.2);
  expect(learningRateAt(updates, 4)).toBeCloseTo(0.16, 12);
  expect(learningRateAt(updates, 10)).toBeCloseTo(0.11, 12);
  expect(learningRateAt([], 3)).toBeNull();
});
