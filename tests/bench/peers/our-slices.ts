import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readSetting } from '../../../core/experiment/located-yaml.ts';
import { readExperiment } from '../../../core/experiment/read-experiment.ts';
import type { NumericArray } from '../../../core/formats/numeric-array.ts';
import { readSafetensors } from '../../../core/formats/safetensors.ts';
import type { HostVector } from '../../../core/linalg/vector-space.ts';
import { weightsFromOutside } from '../../../core/models/weights-from-outside.ts';
import { hostTheta, type OpenedExperiment, openExperiment } from '../../../electron/compute/open-experiment.ts';
import { peerExperiment, tensorsOf } from '../../support/peer-experiments.ts';
import { peersFolder, readArrays } from '../../support/peers.ts';
import type { NetworkName, SliceAnswer, SliceWay } from './protocol.ts';

/** Our slices of the networks; a network is opened when it is first asked for. */
export interface OurSlices {
  answer(network: NetworkName, grid: number, way: SliceWay): Promise<SliceAnswer>;
  dispose(): void;
}

interface Plane {
  readonly opened: OpenedExperiment;
  readonly theta: HostVector;
  readonly directions: readonly HostVector[];
}

/** As slices_peer.py has them: 2 frac(i √k) − 1, filter by filter of the weights' norm, and no biases. */
function equidistributed(irrational: number, weights: ReadonlyMap<string, NumericArray>): Map<string, NumericArray> {
  let i = 0;
  return new Map(
    [...weights].map(([name, { shape, data }]) => {
      const d = Float64Array.from(data, () => 2 * ((++i * irrational) % 1) - 1);
      const size = data.length / (shape[0] ?? 1);
      const norm = (values: ArrayLike<number | bigint>, from: number) =>
        Math.hypot(...Array.from({ length: size }, (_, k) => Number(values[from + k])));
      for (let from = 0; from < d.length; from += size) {
        const factor = shape.length > 1 ? norm(data, from) / norm(d, from) : 0;
        for (let k = from; k < from + size; k++) d[k] = d[k]! * factor;
      }
      return [name, { shape, dtype: 'float64', data: d }];
    }),
  );
}

async function planeOf(network: NetworkName, settings: readonly string[]): Promise<Plane> {
  const peer = peerExperiment(network);
  const given = [...settings, ...(network === 'cnn' ? ['data.subset={first: 256}'] : [])];
  const opened = await openExperiment(readExperiment(peer.yaml, network, given.map(readSetting)), peersFolder);
  const { objective } = opened;
  const vector = (tensors: ReadonlyMap<string, NumericArray>) =>
    objective.space.copy(
      hostTheta(objective, weightsFromOutside(tensors as Map<string, NumericArray>, objective.layout, 'pytorch')),
    );
  const theta = objective.space.copy(opened.initialTheta);
  if (network !== 'cnn') {
    const stored = readArrays(peersFolder, 'slice.npz');
    const directions = ['d1', 'd2'].map((key) => vector(tensorsOf(peer, stored.get(key)!.data as Float64Array)));
    return { opened, theta, directions };
  }
  const weights = readSafetensors(readFileSync(path.join(peersFolder, 'cnn.safetensors'))).tensors;
  const ordered = new Map(peer.tensors.map(([name]) => [name, weights.get(name)!]));
  return {
    opened,
    theta,
    directions: [Math.SQRT2, Math.sqrt(3)].map((root) => vector(equidistributed(root, ordered))),
  };
}

async function lossesBy(way: SliceWay, { opened, theta, directions }: Plane, grid: number): Promise<ArrayLike<number>> {
  const { objective } = opened;
  const { space } = objective;
  const along = (i: number) => -1 + (2 * i) / (grid - 1);
  const rows = grid * grid;
  const data = Float64Array.from({ length: 2 * rows }, (_, i) =>
    along(i % 2 === 0 ? (i >> 1) % grid : Math.floor((i >> 1) / grid)),
  );
  const plane = { rows, columns: 2, data };
  if (way === 'losses') return objective.losses(theta, directions, plane);
  if (way === 'evaluations') {
    const ask = { errors: true, standardErrors: true, classLosses: true };
    return (await objective.evaluations!(theta, directions, plane, ask)).losses;
  }
  const losses = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const point = space.combine(directions, data.slice(2 * i, 2 * i + 2), space.copy(theta));
    losses[i] = (await objective.evaluate(point)).loss;
    space.release(point);
  }
  return losses;
}

export function ourSlices(settings: readonly string[]): OurSlices {
  const planes = new Map<NetworkName, Plane>();
  return {
    async answer(network, grid, way) {
      const plane = planes.get(network) ?? (await planeOf(network, settings));
      planes.set(network, plane);
      const began = performance.now();
      const losses = await lossesBy(way, plane, grid);
      return { milliseconds: performance.now() - began, losses: Array.from(losses) };
    },
    dispose() {
      for (const { opened } of planes.values()) opened.dispose();
    },
  };
}
