import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { countCriticalSets } from '../../../core/models/closed-form/deep-linear/critical-points.ts';
import { modeStrengths } from '../../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { describeExperiment } from '../../../electron/compute/describe-experiment.ts';
import { openExperiment } from '../../../electron/compute/open-experiment.ts';
import { exactPointsOf } from '../../../electron/compute/searches/exact-points.ts';
import { temporaryFolder } from '../../support/command-line.ts';
import { metricsOf, resumedAt, thetaAt, trainSmall, trajectoryOf } from '../../support/small-run.ts';
import { largestDifference } from '../../support/vectors.ts';

const folder = temporaryFolder();
const deep = `seed: 4
model: { deepLinear: { hidden: [3, 2], singularValues: [4, 3, 2], inputs: 4, rotate: true } }
steps: 24
checkpoints: { every: 6 }
probes: { every: { loss: 5, sharpness: 7, lowestEigenvalue: 9, density: 12, gradientNorm: 6, noiseScale: 20 } }
`;
const surface = `model: { surface: monkeySaddle, start: [0.5, 0.01] }
optimizer: { adam: { learningRate: 0.01 } }
steps: 24
checkpoints: { every: 6 }
probes: { every: { loss: 5, sharpness: 7, preconditionedSharpness: 9 } }
`;

class Crash extends Error {}

describe.each([
  ['deep linear', deep],
  ['surface', surface],
])('a run on a closed form: %s', (name, yaml) => {
  const unbroken = path.join(folder, `${name}-unbroken`);
  beforeAll(async () => {
    process.env.SADDLESCOPE_RESUME_SECONDS = '1e-9';
    expect((await trainSmall(unbroken, { yaml })).reason).toBe('steps');
  });
  afterAll(() => {
    delete process.env.SADDLESCOPE_RESUME_SECONDS;
  });

  test('that crashes goes on bit for bit from wherever it was', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 22 }), async (when) => {
        const run = path.join(folder, `${name}-${number++}`);
        const crashed = trainSmall(run, {
          yaml,
          onRecord(record) {
            if (record.record === 'step' && record.step >= when) throw new Crash();
          },
        });
        await expect(crashed).rejects.toThrow(Crash);
        await trainSmall(run, { yaml, start: { kind: 'resume' } });
        expect(resumedAt(run).length).toBe(1);
        expect(trajectoryOf(run)).toEqual(trajectoryOf(unbroken));
        expect(thetaAt(run, 24)).toEqual(thetaAt(unbroken, 24));
      }),
      { numRuns: 2 },
    );
  });

  test('that branches with the same settings follows the run it left', async () => {
    const run = path.join(folder, `${name}-branch`);
    await trainSmall(run, { yaml, start: { kind: 'branch', from: unbroken, step: 12 } });
    expect(thetaAt(run, 24)).toEqual(thetaAt(unbroken, 24));
  });

  test('makes the probes that it was asked for', () => {
    const kinds = metricsOf(unbroken).flatMap((record) => (record.record === 'probe' ? [record.kind] : []));
    for (const kind of yaml.match(/\w+(?=: \d+[, ])/g) ?? []) {
      if (['loss', 'sharpness', 'lowestEigenvalue', 'density', 'gradientNorm'].includes(kind))
        expect(kinds).toContain(kind);
    }
  });
});

describe('an opened closed form', () => {
  const open = (yaml: string) => openExperiment(readExperiment(yaml, 'a.yaml'), folder);

  test('says what it is, in float64, without data', async () => {
    const opened = await open(deep);
    const { architecture, parameters, formula, engine, precision, examples } = describeExperiment(opened);
    expect({ architecture, parameters, formula, engine, precision, examples }).toEqual({
      architecture: 'deep linear 4–3–2–3, s = 4, 3, 2, rotated',
      parameters: 24,
      formula: 'L(θ) = ½ ‖W₃ ⋯ W₁ − S‖²',
      engine: 'closed form',
      precision: 'float64',
      examples: 1,
    });
    expect(opened.train).toMatchObject({ name: 'none', examples: 1 });
    expect(opened.test).toBe(null);
  });

  test('another seed draws other weights and other singular vectors; other first weights leave S as it is', async () => {
    const targetOf = async (yaml: string) => {
      const { closedForm, train } = await open(yaml);
      if (closedForm?.kind !== 'deepLinear') throw new Error('This is a deep linear network.');
      return { target: closedForm.model.target, sha256: train.sha256 };
    };
    const first = await targetOf(deep);
    expect(await targetOf(deep.replace('rotate: true', 'rotate: true, initial: { kind: orthogonal }'))).toEqual(first);
    const other = await targetOf(deep.replace('seed: 4', 'seed: 5'));
    expect(other.target).not.toEqual(first.target);
    expect(other.sha256).not.toBe(first.sha256);
    expect((await open(deep.replace('seed: 4', 'seed: 5'))).initialTheta).not.toEqual((await open(deep)).initialTheta);
  });

  test('gives the strengths of its modes and the critical points that are known', async () => {
    const balanced = 'rotate: true, initial: { kind: balanced, scale: 0.1 }';
    const two = await open(`model: { deepLinear: { hidden: 2, singularValues: [4, 3, 2, 1], ${balanced} } }`);
    if (two.closedForm?.kind !== 'deepLinear') throw new Error('This is a deep linear network.');
    const strengths = modeStrengths(two.closedForm.model, Float64Array.from(two.initialTheta));
    // Random rotations of two hidden units: the modes 1 and 2 pass them, the others do not.
    expect(largestDifference(strengths, [0.01, 0.01, 0, 0])).toBeLessThan(1e-16);
    const points = exactPointsOf(two);
    expect(points).toHaveLength(countCriticalSets([4, 3, 2, 1], 2));
    expect(points?.[0]).toEqual({ modes: [], loss: 15, negative: 8, null: 0, positive: 8 });
    expect(exactPointsOf(await open(deep))).toBe(null);
    // Of the monkey saddle: its one, with no eigenvalue but 0.
    expect(exactPointsOf(await open(surface))).toEqual([{ modes: [], loss: 0, negative: 0, null: 2, positive: 0 }]);
  });
});
