import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const experiment = path.join(folder, 'small.yaml');
const run = path.join(folder, 'run');
const results = path.join(run, 'results');
const stored = () => readdirSync(results).filter((name) => name.startsWith('structure-'));

describe('the command structure', () => {
  beforeAll(async () => {
    const layers = '[{ dense: { units: 6, activation: tanh } }, { dense: { units: 2 } }]';
    const text = [
      'name: small',
      'seed: 1',
      'data: { train: { bundled: two-moons, noise: 0.1 }, subset: { first: 40 } }',
      `model: { layers: ${layers} }`,
      'loss: softmaxCrossEntropy',
      'optimizer: { gradientDescent: { learningRate: 0.3 } }',
      'steps: 40',
      'precision: float64',
    ];
    writeFileSync(experiment, text.join('\n'));
    const { code, err } = await saddlescope(['train', experiment, '--out', run]);
    expect(code, err).toBe(0);
  });

  test('says every number with its certificate, and keeps the document in the run', async () => {
    const { code, out, err } = await saddlescope(['structure', run, '--noise-draws', '5']);
    expect(code, err).toBe(0);
    for (const said of [
      /small, step 40: structure of the curvature of L\(θ\) = \(1\/N\)/,
      /trace of G [\d.]+, 95 % [\d.]+ … [\d.]+/,
      /G1: trace/,
      /the largest ratio λ_k\/λ_{k\+1} up to k = \d is [\d.]+ at k = \d.*there are 2 classes/,
      /k = 2: [\d.]+ %.*by chance 6\.3 %/,
      /kfac: A ⊗ B of dense_1, dense_2 over 40 examples/,
      /largest eigenvalue: .* ± .* \(by its residual\)\n +λ_max\(H\)/,
      /SAM, worst case: .*a lower bound/,
      /average over noise: .*standard error, 95 %/,
    ])
      expect(out).toMatch(said);
    expect(stored()).toEqual(['structure-float64-step-40.json']);
    const document = JSON.parse(readFileSync(path.join(results, stored()[0]!), 'utf8'));
    expect(document.step).toBe(40);
    expect(document.classes.classes).toBe(2);
    expect(document.command).toContain('structure');
  });

  test('a part does not replace the whole; --json is one document; another step lies beside it', async () => {
    const part = await saddlescope(['structure', run, '--part', 'sharpness', '--json', '--noise-draws', '5']);
    expect(part.code, part.err).toBe(0);
    expect(part.err).toContain('tells more');
    const document = JSON.parse(part.out);
    expect(document.classes).toBeNull();
    expect(document.parts).toEqual({ classes: null, gradient: null, approximations: null, sharpness: 'converged' });
    for (const { formula, certificate } of document.sharpness) expect([formula, certificate]).not.toContain('');
    const start = await saddlescope(['structure', run, '--at', '0', '--part', 'gradient']);
    expect(start.code, start.err).toBe(0);
    expect(stored().sort()).toEqual(['structure-float64-step-0.json', 'structure-float64-step-40.json']);
  });

  test('a budget that does not suffice is said and is exit code 3; bad input is 2', async () => {
    const short = await saddlescope(['structure', experiment, '--part', 'gradient', '--max-products', '2']);
    expect(short.code).toBe(3);
    expect(short.out).toMatch(/budgetSpent/);
    const wrong = await saddlescope(['structure', experiment, '--part', 'everything']);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('Choose among all, classes, gradient, approximations, sharpness.');
  });
});
