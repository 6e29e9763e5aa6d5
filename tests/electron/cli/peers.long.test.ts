import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';
import { nativeEngine, noNativeEngine } from '../../support/native-engine.ts';
import { peerExperiment } from '../../support/peer-experiments.ts';
import { peersFolder } from '../../support/peers.ts';

const peer = peerExperiment('cnn');
const cases: [string, number, number][] = [
  ['float32', 1e-4, 0],
  ['float32', 1e-4, 1],
  ['float32', 1e-4, 2],
  ['float32', 1e-4, 3],
  ['float32', 1e-4, 4],
  ['float64', 1e-8, 0],
];

test.each(cases)(
  'the command line finds the ten largest eigenvalues of the convolutional network in %s within %d, seed %d',
  async (precision, limit, seed) => {
    const file = path.join(temporaryFolder(), 'cnn.yaml');
    writeFileSync(file, peer.yaml.replaceAll('./', `${peersFolder}/`));
    const { code, out, err } = await saddlescope([
      'spectrum',
      file,
      '--precision',
      precision,
      '--set',
      `seed=${seed}`,
      '--json',
    ]);
    expect(code, err).toBe(0);
    const truth = JSON.parse(readFileSync(path.join(peersFolder, 'truth.json'), 'utf8'))[peer.truth].top;
    const found: { value: number; errorEstimate: number }[] = JSON.parse(out).eigenvalues;
    expect(found).toHaveLength(10);
    found.forEach(({ value, errorEstimate }, i) => {
      expect(Math.abs(value / truth[i] - 1)).toBeLessThan(limit);
      expect(Math.abs(value - truth[i])).toBeLessThanOrEqual(errorEstimate + 1e-14);
    });
  },
);

// Its products are held against the same program in the ordinary suites.
describe.skipIf(nativeEngine === null)(`the TensorFlow library in doubles (${noNativeEngine})`, () => {
  test('finds the ten largest eigenvalues of the convolutional network within 1e-8 of an independent program', async () => {
    const experiment = path.join(temporaryFolder(), 'cnn.yaml');
    writeFileSync(experiment, peer.yaml.replaceAll('./', `${peersFolder}/`));
    const forced = ['--engine', 'tensorflow', '--precision', 'float64', '--residual-tol', '1e-6'];
    const { code, out, err } = await saddlescope(['spectrum', experiment, '--top', '10', ...forced, '--json']);
    expect(code, err).toBe(0);
    const truth: number[] = JSON.parse(readFileSync(path.join(peersFolder, 'truth.json'), 'utf8'))[peer.truth].top;
    const document: SpectrumDocument = JSON.parse(out);
    expect(document).toMatchObject({ engine: 'tensorflow (float64)', status: 'converged' });
    expect(document.eigenvalues).toHaveLength(10);
    for (const [i, { value, errorEstimate }] of document.eigenvalues.entries()) {
      const exact = truth[i] ?? Number.NaN;
      expect(Math.abs(value / exact - 1)).toBeLessThan(1e-8);
      expect(Math.abs(value - exact)).toBeLessThanOrEqual(errorEstimate + 1e-14);
    }
  });
});
