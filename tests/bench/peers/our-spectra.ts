import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import { lanczos } from '../../../core/linalg/eigenpairs/lanczos.ts';
import type { LinearOperator } from '../../../core/linalg/linear-operator.ts';
import { stochasticLanczosDensity } from '../../../core/linalg/quadrature/stochastic-lanczos-density.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { randomFromSeed } from '../../../core/random/philox.ts';
import { openExperiment } from '../../../electron/compute/open-experiment.ts';
import { peerExperiment } from '../../support/peer-experiments.ts';
import { peersFolder } from '../../support/peers.ts';
import type { SpectralAnswer, SpectralWork } from './protocol.ts';

/** Our answers about the MLP's Hessian, each with a linearisation of its own. */
export interface OurSpectra {
  answer(work: SpectralWork, seed: number): Promise<SpectralAnswer>;
  dispose(): void;
}

export async function ourSpectra(settings: readonly string[]): Promise<OurSpectra> {
  const peer = peerExperiment('mlp-784-64-10');
  const opened = await openExperiment(readExperiment(peer.yaml, peer.name, settings.map(readSetting)), peersFolder);
  const { objective, initialTheta } = opened;
  const truth: readonly number[] = JSON.parse(readFileSync(path.join(peersFolder, 'truth.json'), 'utf8'))[peer.truth]
    .top;

  /** The ten values or the largest node, and the products that they took. */
  async function found(work: SpectralWork, seed: number, operator: LinearOperator<HostVector>) {
    const rng = randomFromSeed(seed);
    if (work === 'top10') {
      // One product with a random combination of the pairs certifies all ten.
      const { value, stats } = await lanczos(operator, {
        top: 10,
        eigenvalueTol: 1e-3,
        trueResiduals: 'combination',
        rng,
      });
      return { values: value.top.map((pair) => pair.value), products: stats.products };
    }
    const { value, stats } = await stochasticLanczosDensity(operator, { probes: 1, steps: 100, rng });
    return { values: [value.quadratures[0]?.nodes.at(-1) ?? Number.NaN], products: stats.products };
  }

  return {
    async answer(work, seed) {
      const began = performance.now();
      const linearization = await objective.linearize(initialTheta);
      const { values, products } = await found(work, seed, {
        space: objective.space,
        symmetric: true,
        positiveSemidefinite: false,
        apply: (v) => linearization.hessianProduct(v),
      });
      linearization.dispose();
      const milliseconds = performance.now() - began;
      const error = Math.max(...values.map((value, i) => Math.abs(value - truth[i]!) / truth[i]!));
      return { milliseconds, products, error };
    },
    dispose: () => opened.dispose(),
  };
}
