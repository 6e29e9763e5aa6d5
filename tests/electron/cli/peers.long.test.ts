import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';
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
