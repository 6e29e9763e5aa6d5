import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const at = (name: string) => path.join(folder, name);
const moons = `name: moons
data: { train: two-moons }
model: { layers: [ { dense: { units: 4, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: 0.1 } }
steps: 30
checkpoints: { every: 10 }
precision: float64
`;

const slice = async (...words: readonly string[]): Promise<SliceDocument> =>
  JSON.parse((await saddlescope(['slice', ...words, '--json'])).out) as SliceDocument;

describe('the weights of a point of a slice', () => {
  let stored: SliceDocument;
  beforeAll(async () => {
    writeFileSync(at('moons.yaml'), moons);
    await saddlescope(['train', at('moons.yaml'), '--out', at('run')]);
    stored = await slice(at('run'), '--grid', '5x3', '--extent', '1x0.5');
  });

  test('have the loss that the slice has there, and are where the directions lead', async () => {
    const out = await saddlescope([
      'weights',
      at('run'),
      '--point',
      '0.5,-0.5',
      '--slice',
      'random',
      '--out',
      at('w.safetensors'),
    ]);
    expect([out.code, out.err]).toEqual([0, '']);
    expect(out.out).toMatch(/22 weights at \(0\.5, -0\.5\) of random-[0-9a-f]{8}, step 30/);
    // A line from here to there: its end at 1 is that point.
    const line = await slice(
      at('run'),
      '--line',
      'difference',
      '--to',
      at('w.safetensors'),
      '--grid',
      '3',
      '--extent',
      '0:1',
    );
    const wanted = stored.fields[0].values[0 * 5 + 3]!;
    expect(stored.axes[0]![3]).toBe(0.5);
    expect(stored.axes[1]![0]).toBe(-0.5);
    expect(Math.abs(line.fields[0].values[2]! / wanted - 1)).toBeLessThan(1e-12);
    expect(line.fields[0].values[0]).toBeCloseTo(stored.center.loss, 12);
  });

  test.each([
    [
      ['--point', '1', '--slice', 'random', '--out', 'w.npz'],
      /no point of the slice random-[0-9a-f]{8}/,
      /2 numbers with commas/,
    ],
    [['--point', '1,2', '--out', 'w.txt'], /no kind of file for weights/, /\.safetensors or \.npz/],
    [['--point', '1,2', '--out', 'w.npz', '--slice', 'pca'], /no slice “pca”/, /Name one with --slice: .*random/],
    [['--out', 'w.npz'], /--point is missing/, /--point A,B/],
  ])('%j are bad input', async (words, found, advice) => {
    const { code, err } = await saddlescope(['weights', at('run'), ...words]);
    expect(code).toBe(2);
    expect(err).toMatch(found);
    expect(err).toMatch(advice);
  });
});
