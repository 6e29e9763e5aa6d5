import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SliceDocument, SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import { writeJson } from '../../../../core/formats/json-numbers.ts';
import { writeNpz } from '../../../../core/formats/npz.ts';
import { sliceArrays } from '../../../../core/formats/slice-npz.ts';
import { sliceJson } from '../../../../electron/compute/documents/slice-document.ts';
import { storeSpectrum } from '../../../../electron/compute/documents/spectrum-document.ts';
import {
  latestSlices,
  latestWholeSlices,
  spectraOfSteps,
} from '../../../../electron/compute/documents/stored-results.ts';
import { temporaryFolder } from '../../../support/command-line.ts';
import { exampleSpectrum } from '../../../support/example-spectrum.ts';

const pair = { value: 1, residual: 0, errorBound: 0, errorEstimate: 0, residualIsEstimate: false };

type Stored = Partial<Pick<SpectrumDocument, 'operator' | 'precision'>> & { step: number; eigenvalues?: number };

function folderWith(...stored: Stored[]): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'results'), { recursive: true });
  for (const { step, operator = 'hessian', precision = 'float32', eigenvalues = 1 } of stored) {
    const document = { experiment: 'e', step, operator, precision, density: null, trace: null, bottom: [] };
    const name = `spectrum-${operator}-${precision}-step-${step}.json`;
    const pairs = Array.from({ length: eigenvalues }, () => pair);
    writeFileSync(path.join(folder, 'results', name), JSON.stringify({ ...document, eigenvalues: pairs }));
  }
  return folder;
}

const never = (problem: Error) => {
  throw problem;
};
const placesOf = (documents: readonly SpectrumDocument[]) =>
  documents.map(({ step, operator, precision, eigenvalues }) => [step, operator, precision, eigenvalues.length]);

test('of each step and operator, the spectrum that tells most, by step', async () => {
  const folder = folderWith(
    { step: 1000 },
    { step: 20, eigenvalues: 5 },
    { step: 20, precision: 'float64' },
    { step: 20, operator: 'gaussNewton' },
    { step: 100, eigenvalues: 2 },
    { step: 100, eigenvalues: 2, precision: 'float64' },
  );
  expect(placesOf(await spectraOfSteps(folder, never)).sort()).toEqual(
    [
      [20, 'gaussNewton', 'float32', 1],
      [20, 'hessian', 'float32', 5],
      [100, 'hessian', 'float64', 2],
      [1000, 'hessian', 'float32', 1],
    ].sort(),
  );
  const steps = (await spectraOfSteps(folder, never)).map(({ step }) => step ?? 0);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

test('of more steps than are read, the latest; what is no result is told and skipped', async () => {
  const folder = folderWith(...Array.from({ length: 130 }, (_, i) => ({ step: 10 * i })));
  writeFileSync(path.join(folder, 'results', 'spectrum-hessian-float32-step-1290.json'), '{ torn');
  const told: string[] = [];
  const spectra = await spectraOfSteps(folder, ({ message }) => told.push(message));
  expect(spectra.map(({ step }) => step)).toEqual(Array.from({ length: 99 }, (_, i) => 300 + 10 * i));
  expect(told).toEqual([expect.stringContaining('step-1290.json is not a result')]);
});

/** A small plane with every part, three points by two where `side` is three; the losses grow with the grid and `shift`. */
function sliceOf(side: number, shift = 0): SliceDocument {
  const axisOf = (length: number) => Float64Array.from({ length }, (_, i) => i);
  const points = side * (side - 1);
  const values = Float64Array.from({ length: points }, (_, i) => i + shift);
  values[0] = Number.NaN;
  const direction = { kind: 'principal direction', norm: 1, eigenvalue: null, residual: null, explained: 0.5 };
  const point = Float64Array.of(0.5);
  const computed = Uint8Array.from(values, (_, i) => (i === 1 ? 0 : 1));
  return {
    ...{
      experiment: 'e',
      step: 20,
      plane: 'pca',
      cosines: [0],
      warnings: [],
      precision: 'float32',
      status: 'converged',
    },
    ...{ axes: [axisOf(side), axisOf(side - 1)], on: 'train', statistics: 'experiment', points: [] },
    fields: [
      { quantity: 'loss', values, computed, certificate: 'standard error', uncertainty: values.map((x) => x / 10) },
      { quantity: 'index', values: values.map(() => 2), computed, certificate: null, uncertainty: null },
    ],
    directions: [direction, direction],
    center: { loss: 1, standardError: 0.1, examples: 10 },
    vectors: [Float64Array.of(1, 0, 0), Float64Array.of(0, 1, 0)],
    trajectory: {
      steps: [20],
      ...{ coordinates: [point, point], distance: point, length: point, trueLoss: point, projectedLoss: point },
    },
  } as unknown as SliceDocument;
}

function folderWithSlice(text: SliceDocument, arrays: SliceDocument, edit = (json: string) => json): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'results'), { recursive: true });
  writeFileSync(path.join(folder, 'results', 'slice-pca-float32-step-20.npz'), writeNpz(sliceArrays(arrays)));
  writeFileSync(path.join(folder, 'results', 'slice-pca-float32-step-20.json'), edit(sliceJson(text)));
  return folder;
}

async function slicesOf(folder: string): Promise<{ found: SliceDocument[]; told: string[] }> {
  const told: string[] = [];
  const found = await latestWholeSlices(folder, ({ message }) => told.push(message));
  return { found: found.map(({ document }) => document), told };
}

test('a stored slice comes back with every number', async () => {
  const slice = sliceOf(3);
  expect(await slicesOf(folderWithSlice(slice, slice))).toEqual({ found: [slice], told: [] });
});

test.each([
  ['of another grid', sliceOf(4)],
  ['of another point', sliceOf(3, 0.5)],
  [
    'with directions of two lengths',
    { ...sliceOf(3), vectors: [Float64Array.of(1, 0, 0), Float64Array.of(1)] as const },
  ],
])('a slice whose arrays are those %s is told and skipped', async (_what, arrays) => {
  const { found, told } = await slicesOf(folderWithSlice(sliceOf(3), arrays as SliceDocument));
  expect(found).toEqual([]);
  expect(told).toEqual([expect.stringContaining('are of two slices')]);
});

/** What versions wrote that knew planes and the loss alone. */
function textOfBefore(slice: SliceDocument): string {
  const { axes, fields, cosines, trajectory, on: _, statistics: _s, points: _p, vectors: _v, ...rest } = slice;
  const [{ values, computed }] = fields;
  const { coordinates, ...path } = trajectory!;
  return writeJson({
    ...rest,
    ...{ alpha: axes[0], beta: axes[1], cosine: cosines[0], computed },
    loss: { rows: axes[1]!.length, columns: axes[0]!.length, data: values },
    trajectory: { ...path, alpha: coordinates[0], beta: coordinates[1] },
  });
}

describe('a slice of an earlier version', () => {
  const slice = sliceOf(3);
  const [loss] = slice.fields;
  const fields = [{ ...loss, certificate: null, uncertainty: null }] as const;
  const before = { ...slice, fields } as SliceDocument;
  const edited = (edit: (text: string) => string) => folderWithSlice(before, before, () => edit(textOfBefore(before)));

  test('is read, with the same numbers in the present form', async () => {
    expect(await slicesOf(edited((text) => text))).toEqual({ found: [before], told: [] });
    expect(await latestSlices(edited((text) => text))).toEqual([{ ...before, vectors: undefined }]);
  });

  test.each([
    ['more rows than there are', '"rows":2', '"rows":1000000000'],
    ['a path without coordinates', '"beta":[0.5]', '"gamma":[0.5]'],
  ])('with %s is told and skipped', async (_what, from, to) => {
    const folder = edited((text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    const { found, told } = await slicesOf(folder);
    expect(found).toEqual([]);
    expect(told).toEqual([expect.stringContaining('is not a result')]);
  });
});

test.each([
  ['an axis more than its values have', '"axes":[', '"axes":[[0,1],'],
  ['fewer values than points', '"quantity":"index","values":[2,', '"quantity":"index","values":['],
  ['values that are no numbers', '"values":[2,', '"values":["2",'],
  ['a certificate that there is not', '"certificate":"standard error"', '"certificate":"sure"'],
  ['examples of no set', '"on":"train"', '"on":"validation"'],
  ['statistics that there are not', '"statistics":"experiment"', '"statistics":"toString"'],
  ['no quantity', '"fields":[', '"fields":[],"more":['],
  ['a step that is none', '"step":20', '"step":-1'],
  ['no directions', '"directions":', '"other":'],
  ['a direction that is none', '"norm":1', '"norm":"long"'],
  ['a plane of another kind', '"plane":"pca"', '"plane":"__proto__"'],
  ['a path without its steps', '"steps":[20]', '"steps":null'],
  ['a path of another length', '"steps":[20]', '"steps":[20,40]'],
  ['warnings that are no texts', '"warnings":[]', '"warnings":[{}]'],
])('a slice with %s is told and skipped', async (_what, from, to) => {
  const slice = sliceOf(3);
  const folder = folderWithSlice(slice, slice, (json) => {
    expect(json).toContain(from);
    return json.replace(from, to);
  });
  const { found, told } = await slicesOf(folder);
  expect(found).toEqual([]);
  expect(told).toEqual([expect.stringContaining('is not a result')]);
});

test.each([
  ['no eigenvalues', { eigenvalues: null }],
  ['eigenvalues without their bounds', { eigenvalues: [{ value: 1 }] }],
  ['an operator of its own', { operator: 'fischer' }],
  ['a density that is no curve', { density: { x: 'x', y: [], standardError: [], cumulative: [] } }],
  ['curves of two lengths', { density: { x: [1, 2], y: [1], standardError: [1, 2], cumulative: [0, 1] } }],
  ['a trace without its error', { trace: { value: 1 } }],
  ['notices that are no sentences', { notices: [{ code: 1 }] }],
  ['layers without traces', { layers: [{ block: 'a', size: 1 }] }],
  ['subspaces that are none', { subspaces: [{ end: 'side' }] }],
  ['blocks that are no names', { blocks: [1] }],
])('a spectrum with %s is told and skipped, and the others are read', async (_what, change) => {
  const folder = folderWith({ step: 20 }, { step: 40 });
  const file = path.join(folder, 'results', 'spectrum-hessian-float32-step-40.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
  const told: string[] = [];
  const spectra = await spectraOfSteps(folder, ({ message }) => told.push(message));
  expect(spectra.map(({ step }) => step)).toEqual([20]);
  expect(told).toEqual([expect.stringContaining('step-40.json is not a result')]);
});

test('a stored spectrum is read as it was computed, but for the vectors: curves, images, sums', async () => {
  const folder = temporaryFolder();
  const images = {
    block: 'dense_1/kernel',
    shape: [2, 3, 1] as const,
    vectors: [0, 1].map((k) => ({
      overall: Float64Array.from({ length: 6 }, (_, i) => i + k),
      units: [4, 2].map((unit) => ({ unit, share: 0.1 * unit, image: Float64Array.from([1, -2, 3, k, 5, unit]) })),
    })),
  };
  const computed = { ...exampleSpectrum(), images, step: 20 };
  expect(await storeSpectrum(folder, { ...computed, vectors: [new Float64Array(3), new Float64Array(3)] })).toBeNull();
  const [read] = await spectraOfSteps(folder, never);
  expect(read).toEqual(computed);
  expect(await storeSpectrum(folder, { ...computed, images: null })).toMatch(/tells more/);
});

test('a spectrum of an earlier version has what it did not say left empty, and its trace an interval', async () => {
  const folder = folderWith({ step: 20 });
  const file = path.join(folder, 'results', 'spectrum-hessian-float32-step-20.json');
  const trace = { value: 10, standardError: 1, probes: 5 };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), trace, dim: 7 }));
  const [read] = await spectraOfSteps(folder, never);
  expect(read).toMatchObject({
    magnitude: [],
    subspaces: [],
    layers: null,
    notices: [],
    order: 7,
    operatorName: 'Hessian',
  });
  // t₀.₉₇₅ of four degrees of freedom.
  expect(read!.trace!.high95).toBeCloseTo(12.7764451, 6);
});
