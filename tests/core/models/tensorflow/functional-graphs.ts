import { input, type LayersModel, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { functionalModel } from '../../../../core/models/tensorflow/functional-model.ts';
import type { Random } from '../../../../core/random/random.ts';

const apply = (layer: layers.Layer, ...to: SymbolicTensor[]) =>
  layer.apply(to.length === 1 ? (to[0] as SymbolicTensor) : to) as SymbolicTensor;
const dense = (units: number) => layers.dense({ units, activation: 'tanh', kernelInitializer: 'zeros' });

/** Networks that no chain describes, on 6 inputs with 3 outputs. */
export const functionalGraphs: readonly { readonly name: string; build(): LayersModel }[] = [
  {
    name: 'residual',
    build() {
      const x = input({ shape: [6] });
      const first = apply(dense(4), x);
      return model({
        inputs: x,
        outputs: apply(layers.dense({ units: 3 }), apply(layers.add(), first, apply(dense(4), first))),
      });
    },
  },
  {
    name: 'one layer called three times',
    build() {
      const x = input({ shape: [6] });
      const tied = dense(6);
      return model({ inputs: x, outputs: apply(layers.dense({ units: 3 }), apply(tied, apply(tied, apply(tied, x)))) });
    },
  },
  {
    name: 'two branches of the input, concatenated, multiplied',
    build() {
      const x = input({ shape: [6] });
      const [a, b] = [apply(dense(4), x), apply(dense(4), x)];
      const joined = apply(layers.concatenate(), apply(layers.multiply(), a, b), apply(layers.maximum(), a, b));
      return model({ inputs: x, outputs: apply(layers.dense({ units: 3 }), joined) });
    },
  },
  {
    name: 'dot of two images of the input',
    build() {
      const x = input({ shape: [6] });
      const [a, b] = [0, 1].map(() => apply(layers.reshape({ targetShape: [3, 4] }), apply(dense(12), x)));
      const product = apply(layers.dot({ axes: [2, 2] }), a as SymbolicTensor, b as SymbolicTensor);
      return model({ inputs: x, outputs: apply(layers.dense({ units: 3 }), apply(layers.flatten(), product)) });
    },
  },
  {
    name: 'a model used twice as a layer',
    build() {
      const inside = input({ shape: [6] });
      const inner = model({ inputs: inside, outputs: apply(dense(6), inside) });
      const x = input({ shape: [6] });
      return model({ inputs: x, outputs: apply(layers.dense({ units: 3 }), apply(inner, apply(inner, x))) });
    },
  },
];

/** A point for such a network: normal weights of deviation ½. */
export function drawTheta(network: LayersModel, rng: Random): Float64Array {
  const size = functionalModel(network).variables.reduce((sum, variable) => sum + variable.size, 0);
  return rng.fill(new Float64Array(size), 'normal').map((x) => Math.fround(x / 2));
}
