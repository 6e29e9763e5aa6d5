import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from '../../core/data/dataset.ts';
import { readNpz } from '../../core/formats/npz.ts';
import { readSafetensors } from '../../core/formats/safetensors.ts';
import { type MlpDescription, mlpFromWidths } from '../../core/models/closed-form/mlp-description.ts';
import { weightsFromOutside } from '../../core/models/weights-from-outside.ts';

/** A trained network from outside with its digits and what an independent program computed of it in float64. */
export interface PeerNetwork {
  readonly model: MlpDescription;
  readonly data: Dataset;
  readonly theta: Float64Array;
  /** Vectors in PyTorch's order of parameters (out × in kernels) to ours. */
  fromPytorch(vector: ArrayLike<number>): Float64Array;
}

/** The checkout, from the sources as from a bundle in one of its folders. */
function checkout(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'tests', 'goldens', 'peers'))) {
    if (dirname(folder) === folder) throw new Error('This does not lie in a checkout.');
    folder = dirname(folder);
  }
  return folder;
}

/** Networks, digits and what was computed of them elsewhere; see its README. */
export const peersFolder = join(checkout(), 'tests', 'goldens', 'peers');

export function readArrays(folder: string, file: string) {
  return readNpz(readFileSync(join(folder, file)));
}

export function peerNetwork(folder: string, widths: readonly number[], digits: string, weights: string): PeerNetwork {
  const model = mlpFromWidths(widths, 'tanh');
  const { blocks } = model.layout;
  const arrays = readArrays(folder, digits);
  const labels = Int32Array.from(arrays.get('y')!.data);
  const places = new Int32Array(model.layout.dim);
  for (const { offset, shape, size } of blocks) {
    const [inputs, units = 1] = shape;
    for (let i = 0; i < size; i++) {
      places[offset + i] = shape.length === 1 ? offset + i : offset + (i % units) * inputs! + Math.floor(i / units);
    }
  }
  return {
    model,
    data: {
      name: digits,
      examples: labels.length,
      inputShape: [widths[0]!],
      inputs: Float64Array.from(arrays.get('x')!.data),
      targets: { kind: 'classes', classes: 10, labels },
      source: 'MNIST',
    },
    theta: weightsFromOutside(readSafetensors(readFileSync(join(folder, weights))).tensors, model.layout, 'pytorch'),
    fromPytorch: (vector) => Float64Array.from(places, (place) => vector[place]!),
  };
}
