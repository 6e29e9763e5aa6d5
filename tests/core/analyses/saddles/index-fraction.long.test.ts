import { expect, it } from 'vitest';
import { calibrationSpectra, indexScores, rootMeanSquare, worst } from '../../../support/index-calibration.ts';

it.each(Object.entries(calibrationSpectra))(
  'the error of the index is kept to on 60 seeds: %s',
  async (name, eigenvalues) => {
    const scores = await indexScores(eigenvalues, 60);
    console.log(`${name}: rms z ${rootMeanSquare(scores).toFixed(2)}, worst ${worst(scores).toFixed(2)} of 60`);
    expect(rootMeanSquare(scores)).toBeLessThan(1.1);
    expect(worst(scores)).toBeLessThan(3.5);
    expect(scores.filter((z) => Math.abs(z) > 2).length).toBeLessThanOrEqual(6);
  },
);
