import {
  add,
  cast,
  dispose,
  dropout,
  greaterEqual,
  max,
  mul,
  oneHot,
  randomNormal,
  randomUniform,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import { BadInput } from '../../bad-input.ts';
import { innerLayers } from './inner-layers.ts';
import { shadow } from './shadow.ts';

type Undo = () => void;

/** Members of a layer that its declarations hide or that exist in some kinds only. */
interface Members {
  seed?: number;
  rate: number;
  stddev: number;
  noiseShape?: number[] | null;
  gamma?: unknown;
  beta?: unknown;
  stateful?: boolean;
  dropout?: number;
  recurrentDropout?: number;
  dropoutFunc?: unknown;
  dropoutMask?: Tensor | Tensor[] | null;
  recurrentDropoutMask?: Tensor | Tensor[] | null;
  numTokens: number;
  outputMode: string;
  call(inputs: Tensor | Tensor[], kwargs: object): Tensor | Tensor[];
}

const membersOf = (layer: layers.Layer) => layer as unknown as Members;

const drawing = new Set(['AlphaDropout', 'Dropout', 'GaussianDropout', 'GaussianNoise', 'SpatialDropout1D']);

/** Whether a layer by itself draws random numbers in training mode, one for every example. */
export function drawsMasks(layer: layers.Layer): boolean {
  const { dropout = 0, recurrentDropout = 0 } = membersOf(layer);
  return drawing.has(layer.getClassName()) || dropout > 0 || recurrentDropout > 0;
}

/** The name of a layer that in training mode depends on which examples are together; null where there is none. */
export function batchDependent(leaves: readonly layers.Layer[]): string | null {
  const depends = (layer: layers.Layer) => drawsMasks(layer) || layer.getClassName() === 'BatchNormalization';
  return leaves.find((leaf) => innerLayers(leaf).some(depends))?.name ?? null;
}

/** Refuses what cannot be a function of the weights and one batch. `BadInput` names the layer. */
export function requireFunctions(parts: readonly layers.Layer[]): void {
  for (const layer of parts) {
    if (membersOf(layer).stateful === true)
      throw new BadInput(
        `The layer ${layer.name} is stateful: what it answers depends on the batches before.`,
        'Use stateful: false.',
      );
    if (layer.getClassName() === 'RandomWidth')
      throw new BadInput(
        `The layer ${layer.name} draws a new width at every call, so that the loss is no function of the parameters.`,
        'Leave it out, and stretch the images beforehand.',
      );
  }
}

/**
 * Makes a layer a function of its inputs and weights until the answer is called: random numbers follow from the layer's
 * seed (or its place), from `maskSeed` and from how often the layer was called before; masks that recurrent cells keep
 * between calls are put aside; what a layer reads back from the device it computes there.
 */
export function asFunction(layer: layers.Layer, place: number, maskSeed: number, training: boolean): Undo[] {
  const members = membersOf(layer);
  const kind = layer.getClassName();
  const undo: Undo[] = [];
  if (kind === 'CategoryEncoding') undo.push(shadow(members, 'call', encoding(members)));
  if ((members.dropout ?? 0) > 0 || (members.recurrentDropout ?? 0) > 0) {
    undo.push(withoutKeptMasks(members));
  }
  if (!training) return undo;

  const first = mixedSeed(members.seed ?? place, maskSeed);
  let calls = 0;
  const seed = () => (calls++ === 0 ? first : mixedSeed(first, calls));
  const noise = noises[kind];
  if (kind === 'Dropout' || kind === 'SpatialDropout1D') undo.push(shadowRead(members, 'seed', seed));
  else if (noise !== undefined)
    undo.push(shadow(members, 'call', (inputs) => tidy(() => noise(only(inputs), members, seed()))));
  else if (members.dropout !== undefined) {
    const draw = (x: Tensor, rate: number) => dropout(x, rate, undefined, seed());
    undo.push(shadow(members, 'dropoutFunc', draw));
  } else if (kind === 'BatchNormalization') {
    // tf.layers reads these in training even where the layer has none.
    const absent = { read: () => null };
    for (const key of ['gamma', 'beta'] as const) {
      if (members[key] == null) undo.push(shadow(members, key, absent));
    }
  }
  return undo;
}

const only = (inputs: Tensor | Tensor[]): Tensor => (Array.isArray(inputs) ? inputs[0]! : inputs);

/** Noise in the formulas of tf.layers, with a seed. */
const noises: Readonly<Record<string, (x: Tensor, layer: Members, seed: number) => Tensor>> = {
  GaussianNoise: (x, { stddev }, seed) => add(x, randomNormal(x.shape as [number], 0, stddev, 'float32', seed)),
  GaussianDropout(x, { rate }, seed) {
    if (rate <= 0 || rate >= 1) return x;
    return mul(x, randomNormal(x.shape as [number], 1, Math.sqrt(rate / (1 - rate)), 'float32', seed));
  },
  // Dropped units take the value that SELU saturates at; Klambauer et al. (2017), Self-normalizing neural networks.
  AlphaDropout(x, { rate, noiseShape }, seed) {
    if (rate <= 0 || rate >= 1) return x;
    const saturated = -1.6732632423543772 * 1.0507009873554805;
    const drawn = randomUniform((noiseShape ?? x.shape) as [number], 0, 1, 'float32', seed);
    const kept = cast(greaterEqual(drawn, rate), 'float32');
    const a = ((1 - rate) * (1 + rate * saturated ** 2)) ** -0.5;
    const mixed = add(mul(x, kept), mul(sub(1, kept), saturated));
    return add(mul(mixed, a), -a * saturated * rate);
  },
};

/** One-hot, multi-hot and counts of whole numbers; the library's own layer reads the numbers back to check them. */
function encoding({ numTokens, outputMode }: Members): Members['call'] {
  return (inputs) =>
    tidy(() => {
      const tokens = cast(only(inputs), 'int32');
      if (outputMode === 'int') return tokens;
      const width = outputMode === 'oneHot' ? 1 : tokens.size / (tokens.shape[0] ?? 1);
      const rows = cast(oneHot(reshape(tokens, [tokens.size]) as Tensor1D, numTokens), 'float32');
      const byExample = reshape(rows, [tokens.size / width, width, numTokens]);
      return outputMode === 'count' ? sum(byExample, 1) : max(byExample, 1);
    });
}

/** Cells keep the masks of their last call; those of this call are freed at its end, earlier ones come back. */
function withoutKeptMasks(cell: Members): Undo {
  const keys = ['dropoutMask', 'recurrentDropoutMask'] as const;
  const undo = keys.map((key) => shadow(cell, key, null));
  return () => {
    for (const [i, key] of keys.entries()) {
      dispose(cell[key] ?? []);
      undo[i]!();
    }
  };
}

/** Like `shadow`, but what is read is made anew at each reading. */
function shadowRead<T extends object>(target: T, key: keyof T, read: () => T[keyof T]): Undo {
  const own = Object.getOwnPropertyDescriptor(target, key);
  Object.defineProperty(target, key, { get: read, configurable: true, enumerable: true });
  return () => {
    if (own) Object.defineProperty(target, key, own);
    else Reflect.deleteProperty(target, key);
  };
}

/** A positive 31-bit seed that follows from both (one round of the finaliser of MurmurHash3, Appleby 2011). */
function mixedSeed(layerSeed: number, maskSeed: number): number {
  let h = (Math.imul(layerSeed, 0x9e3779b1) ^ maskSeed) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 1) + 1;
}
