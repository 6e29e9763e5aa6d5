import { memory } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import type { Dataset } from '../../../../core/data/dataset.ts';
import {
  advanceLanczosProcess,
  releaseLanczosProcess,
  startLanczosProcess,
} from '../../../../core/linalg/eigenpairs/lanczos-process.ts';
import { mlpObjective } from '../../../../core/models/closed-form/mlp.ts';
import { mlpFromWidths } from '../../../../core/models/closed-form/mlp-description.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { thetaOfModel } from '../../../../core/models/tensorflow/theta.ts';
import { hessianOperator } from '../../../../core/objective/curvature/hessian.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';

const mebibyte = 2 ** 20;
const widths = [784, 3000, 2600, 10] as const;

/** ‖a − b‖ / ‖b‖. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    size += b[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Gradient, product and five steps of Lanczos at p > 10⁷ on a backend, against the closed form in float64. */
export function expectLargeTheta(backend: string, start: () => Promise<void>): void {
  it(`ten million parameters on ${backend}: gradient and product are those of the closed form, five steps of Lanczos, and memory stays`, async () => {
    await start();
    const rng = randomFromSeed(1);
    const examples = 24;
    const data: Dataset = {
      name: 'drawn',
      examples,
      inputShape: [widths[0]],
      inputs: rng.split('inputs').fill(new Float32Array(examples * widths[0]), 'normal'),
      targets: { kind: 'classes', classes: 10, labels: Int32Array.from({ length: examples }, (_, i) => i % 10) },
      source: 'drawn',
    };
    const layers = widths.slice(1).map((units, i) => ({
      type: 'dense' as const,
      options: { units, activation: i === 2 ? 'linear' : 'tanh' },
    }));
    const model = modelFromSpecification({ layers }, [widths[0]], rng.split('model'));
    const objective = tensorflowObjective({ model, data, loss: 'softmaxCrossEntropy', space: 'host' });
    const { space } = objective;
    expect(space.dim).toBe(784 * 3000 + 3000 + 3000 * 2600 + 2600 + 2600 * 10 + 10);
    expect(space.dim).toBeGreaterThan(1e7);
    const theta = Float32Array.from(thetaOfModel(model));
    const v = space.random(rng, 'sphere');

    const twin = mlpObjective(mlpFromWidths(widths, 'tanh'), { data, loss: 'softmaxCrossEntropy' });
    const [thetaTwin, vTwin] = [Float64Array.from(theta), Float64Array.from(v)];
    const linearization = await objective.linearize(theta);
    const exact = await twin.linearize(thetaTwin);
    expect(Math.abs(linearization.loss - exact.loss) / exact.loss).toBeLessThan(1e-6);
    expect(distance(linearization.gradient, exact.gradient)).toBeLessThan(1e-5);
    const product = await linearization.hessianProduct(v);
    const exactProduct = await exact.hessianProduct(vTwin);
    expect(distance(product, exactProduct)).toBeLessThan(1e-4);
    twin.space.release(exactProduct);
    exact.dispose();
    twin.dispose();
    space.release(product);

    const process5 = (await startLanczosProcess(hessianOperator(space, linearization), v))!;
    for (let step = 0; step < 5; step++) expect(await advanceLanczosProcess(process5)).toBe('advanced');
    expect(process5.basis.length).toBe(5);
    const { basis } = process5;
    const gram = await space.dots(basis, basis[4]!);
    for (const [i, entry] of [0, 0, 0, 0, 1].entries()) expect(Math.abs(gram[i]! - entry)).toBeLessThan(1e-6);
    releaseLanczosProcess(process5);

    const { numTensors, numBytes } = memory();
    const resident = process.memoryUsage().rss;
    const w = space.random(rng, 'sphere');
    for (let i = 0; i < 4; i++) space.release(await linearization.hessianProduct(w));
    expect([memory().numTensors, memory().numBytes]).toEqual([numTensors, numBytes]);
    expect(process.memoryUsage().rss - resident).toBeLessThan(300 * mebibyte);
    space.release(w);
    linearization.dispose();
    objective.dispose();
    model.dispose();
  }, 900_000);
}
