import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../../core/experiment/result-documents.ts';
import { spectraOfSteps } from '../../../../electron/compute/documents/stored-results.ts';
import { temporaryFolder } from '../../../support/command-line.ts';

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
