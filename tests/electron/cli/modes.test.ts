import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { saddlescope, temporaryFolder } from '../../support/command-line.ts';

const folder = temporaryFolder();
const bundled = path.resolve(import.meta.dirname, '../../../assets/experiments/deep-linear.yaml');
const run = path.join(folder, 'run');
const results = path.join(run, 'results');

const trained = async (to: string, ...settings: string[]): Promise<void> => {
  const words = settings.flatMap((setting) => ['--set', setting]);
  const { code, err } = await saddlescope(['train', bundled, '--out', to, ...words]);
  expect(code, err).toBe(0);
};

describe('the command modes', () => {
  beforeAll(() => trained(run));

  test('tells a line a mode, and keeps the document in the run', async () => {
    const { code, out, err } = await saddlescope(['modes', run]);
    expect(code, err).toBe(0);
    expect(out).toContain('deep-linear: modes of a linear network 4–2–4');
    expect(out).toContain('du/dt = √(κ² + 4u²) (s − u)');
    expect(out).toContain('The narrowest layer has 2 of the 4 units');
    expect(readdirSync(results).filter((name) => name.startsWith('modes-'))).toEqual(['modes-step-500.json']);
    const document = JSON.parse(readFileSync(path.join(results, 'modes-step-500.json'), 'utf8'));
    expect(document.steps).toHaveLength(101);
    expect(document.modes.map((mode: { singularValue: number }) => mode.singularValue)).toEqual([4, 3, 2, 1]);
    // ½ (2² + 1²) is left where two of four modes fit.
    expect(document.loss.at(-1)).toBeCloseTo(2.5, 3);
    expect(document.command).toContain('modes');
    const report = await saddlescope(['report', run]);
    expect(report.code, report.err).toBe(0);
    expect(readFileSync(path.join(run, 'report.html'), 'utf8')).toContain('Strengths of the modes');
  });

  test('--json of balanced weights: every mode on the closed form of its own', async () => {
    const other = path.join(folder, 'balanced');
    const [rate, scale] = [0.002, 0.05];
    await trained(
      other,
      'model.deepLinear.hidden=4',
      'model.deepLinear.rotate=true',
      `model.deepLinear.initial={kind: balanced, scale: ${scale}}`,
      `optimizer.gradientDescent.learningRate=${rate}`,
      'steps=2000',
      'probes.budget=0',
    );
    const { code, out, err } = await saddlescope(['modes', other, '--json']);
    expect(code, err).toBe(0);
    const { form, notices, modes } = JSON.parse(out);
    expect([form, notices]).toEqual(['balanced', []]);
    for (const { singularValue: s, halfTime, theoryHalfTime, deviation } of modes) {
      const closed = Math.log(s / scale ** 2 - 1) / (2 * s * rate);
      expect(theoryHalfTime / closed).toBeCloseTo(1, 9);
      expect(Math.abs(halfTime.value / closed - 1)).toBeLessThan(5e-3);
      expect(deviation.value).toBeLessThan(1e-2);
    }
  });

  test('another model, an experiment that was not trained: a sentence each', async () => {
    const untrained = await saddlescope(['modes', bundled]);
    expect(untrained.code).toBe(2);
    expect(untrained.err).toContain('There are no two checkpoints');
    const wrong = await saddlescope(['modes', path.resolve(path.dirname(bundled), 'saddle.yaml')]);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('this model is none');
  });
});
