import { describe, expect, it } from 'vitest';
import { firstExamples } from '../../../../core/data/subset.ts';
import { twoMoons } from '../../../../core/data/synthetic.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { thetaOfModel } from '../../../../core/models/tensorflow/theta.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { memoryOverWork } from '../../../support/steady-memory.ts';

const mebibyte = 2 ** 20;

/** What grows by more than this is held by somebody: the heap is what the collector has left, and jitters. */
const mostHeapGrowth = 8 * mebibyte;
const mostResidentGrowth = 48 * mebibyte;

/** A backend that is started, and what it holds besides the tensors that the library counts. */
export interface BackendHeld {
  start(): Promise<void>;
  held?(): Readonly<Record<string, number>>;
}

/** On a backend, memory after a quarter of the products and points and after all of them. */
export function expectFlatMemory(
  backend: string,
  { start, held }: BackendHeld,
  work: { readonly products: number; readonly points: number },
): void {
  describe(`memory on ${backend}`, () => {
    it(`is flat over ${work.products} products and ${work.points} points`, async () => {
      await start();
      const data = firstExamples(twoMoons({ examples: 200, noise: 0.1 }, randomFromSeed(1)), 40);
      const specification = {
        layers: [
          { type: 'dense', options: { units: 12, activation: 'tanh', kernelRegularizer: { l2: 0.01 } } },
          { type: 'dense', options: { units: 2 } },
        ],
      };
      const model = modelFromSpecification(specification as never, data.inputShape, randomFromSeed(2));
      // Several parts, so that what is held a part is seen too.
      const objective = tensorflowObjective({
        model,
        data,
        loss: 'softmaxCrossEntropy',
        space: 'host',
        memoryBytes: 16_384,
      });
      const theta = Float32Array.from(thetaOfModel(model));
      const { early, late } = await memoryOverWork(objective, theta, work, held);
      expect({ tensors: late.tensors, bytes: late.tensorBytes, vectors: late.vectors }).toEqual({
        tensors: early.tensors,
        bytes: early.tensorBytes,
        vectors: early.vectors,
      });
      expect(late.held).toEqual(early.held);
      expect(late.heap - early.heap).toBeLessThan(mostHeapGrowth);
      expect(late.resident - early.resident).toBeLessThan(mostResidentGrowth);
      objective.dispose();
      model.dispose();
    }, 600_000);
  });
}
