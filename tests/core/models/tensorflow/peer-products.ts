import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNpz } from '../../../../core/formats/npz.ts';
import { readSafetensors } from '../../../../core/formats/safetensors.ts';
import type { HostVector } from '../../../../core/linalg/vector-space.ts';
import { modelFromSpecification } from '../../../../core/models/tensorflow/model-from-specification.ts';
import { tensorflowObjective } from '../../../../core/models/tensorflow/tensorflow-objective.ts';
import { weightsFromOutside } from '../../../../core/models/weights-from-outside.ts';
import type { Objective } from '../../../../core/objective/objective.ts';
import { randomFromSeed } from '../../../../core/random/philox.ts';
import { experimentOf, type PeerExperiment, peerExperiment, tensorsOf } from '../../../support/peer-experiments.ts';
import { peersFolder, readArrays } from '../../../support/peers.ts';
import { relativeError } from '../../../support/vectors.ts';

/** A network trained elsewhere whose products an independent program in float64 has computed on its first digits. */
export interface PeerProducts {
  readonly name: 'mlp-784-64-10' | 'cnn';
  readonly examples: number;
  /** The arrays of products.npz are called `${arrays}_v`, `${arrays}_hessian` and `${arrays}_ggn`. */
  readonly arrays: 'mlp' | 'cnn';
}

export const mlpProducts: PeerProducts = { name: 'mlp-784-64-10', examples: 1000, arrays: 'mlp' };
export const cnnProducts: PeerProducts = { name: 'cnn', examples: 256, arrays: 'cnn' };

interface Problem {
  readonly objective: Objective<HostVector>;
  readonly theta: HostVector;
  /** A vector of products.npz in our order of the parameters. */
  array(which: 'v' | 'hessian' | 'ggn'): Float64Array;
  dispose(): void;
}

const data = (name: PeerProducts['name'], examples: number) => {
  const digits = readArrays(peersFolder, 'digits-1000.npz');
  return {
    name,
    examples,
    inputShape: [28, 28, 1],
    inputs: Float64Array.from(digits.get('x')?.data.subarray(0, examples * 784) ?? []),
    targets: {
      kind: 'classes' as const,
      classes: 10,
      labels: Int32Array.from(digits.get('y')?.data.subarray(0, examples) ?? []),
    },
    source: 'MNIST',
  };
};

function problemOf({ name, examples, arrays }: PeerProducts, products: 'compiled' | 'tape'): Problem {
  const peer: PeerExperiment = peerExperiment(name);
  const { layers } = experimentOf(peer).model;
  const model = modelFromSpecification({ layers }, [28, 28, 1], randomFromSeed(1));
  const options = { model, data: data(name, examples), loss: 'softmaxCrossEntropy', space: 'host', products } as const;
  const objective = tensorflowObjective(options);
  const weights = readSafetensors(readFileSync(join(peersFolder, `${name}.safetensors`))).tensors;
  const found = readNpz(readFileSync(join(peersFolder, 'products.npz')));
  return {
    objective,
    theta: objective.space.fromHost(weightsFromOutside(weights, objective.layout, 'pytorch')),
    array: (which) =>
      weightsFromOutside(tensorsOf(peer, found.get(`${arrays}_${which}`)?.data ?? []), objective.layout, 'pytorch'),
    dispose() {
      objective.dispose();
      model.dispose();
    },
  };
}

const twoWays = [
  ['as compiled programs', 'compiled'],
  ['by the walker', 'tape'],
] as const;

/** H v and G v of a network on the backend that `start` starts, within `limit` of the independent program's (2-norm). */
export function testPeerProducts(peers: readonly PeerProducts[], start: () => Promise<void>, limit: number): void {
  beforeAll(start, 120_000);

  describe.each(peers.map((peer) => ({ ...peer, peer })))('$name on $examples digits', ({ peer }) => {
    test.each(twoWays)(`%s: H v and G v of an independent program to ${limit}`, async (_, products) => {
      const { objective, theta, array, dispose } = problemOf(peer, products);
      const { space } = objective;
      const v = space.fromHost(array('v'));
      const at = await objective.linearize(theta);
      const hv = await space.toHost(await at.hessianProduct(v));
      const gv = await space.toHost((await at.gaussNewtonProduct?.(v)) ?? space.zeros());
      expect(relativeError(hv, array('hessian')), 'H v').toBeLessThan(limit);
      expect(relativeError(gv, array('ggn')), 'G v').toBeLessThan(limit);
      at.dispose();
      dispose();
    });
  });
}
