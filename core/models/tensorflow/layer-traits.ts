import type { layers } from '@tensorflow/tfjs-layers';
import type { LayerNode } from '../../objective/layer-graph.ts';
import type { Mode } from './functional-model.ts';
import { innerLayers } from './inner-layers.ts';
import { drawsMasks } from './layers-as-functions.ts';

/** Members of a layer that its declarations hide or that exist in some kinds only. */
interface Members {
  readonly activation?: Activation | null;
  readonly recurrentActivation?: Activation | null;
  readonly seed?: number | null;
  /** Of dropout. */
  readonly rate?: number;
}

interface Activation {
  getClassName?(): string;
}

/** Activations of tf.layers whose slope jumps; that of `elu` does not, with its α of 1. */
const kinkedActivations = new Set(['hardSigmoid', 'relu', 'relu6', 'selu']);

const kinkedLayers: Readonly<Record<string, string>> = {
  GlobalMaxPooling1D: 'maxPooling',
  GlobalMaxPooling2D: 'maxPooling',
  LeakyReLU: 'leakyRelu',
  MaxPooling1D: 'maxPooling',
  MaxPooling2D: 'maxPooling',
  MaxPooling3D: 'maxPooling',
  Maximum: 'maximum',
  Minimum: 'minimum',
  PReLU: 'prelu',
  ReLU: 'relu',
  ThresholdedReLU: 'thresholdedRelu',
};

const regularized = [
  'activityRegularizer',
  'betaRegularizer',
  'biasRegularizer',
  'depthwiseRegularizer',
  'embeddingsRegularizer',
  'gammaRegularizer',
  'kernelRegularizer',
  'pointwiseRegularizer',
  'recurrentRegularizer',
] as const;

/**
 * What of a layer, and of the layers it is made of, matters to curvature: slopes that jump, statistics of the batch and
 * masks, the last two in the mode of the objective. Empty for a smooth layer that treats every example by itself.
 */
export function layerTraits(layer: layers.Layer, mode: Mode): Pick<LayerNode, 'kinks' | 'statistics' | 'masks'> {
  const parts = innerLayers(layer);
  const kinks = [...new Set(parts.flatMap(kinksOf))];
  const drawing = parts.filter((part) => drawsMasks(part) && (part as unknown as Members).rate !== 0);
  const seeded = drawing.every((part) => (part as unknown as Members).seed != null);
  return {
    ...(kinks.length > 0 && { kinks }),
    ...(parts.some((part) => part.getClassName() === 'BatchNormalization') && {
      statistics: mode === 'training' ? 'batch' : 'running',
    }),
    ...(drawing.length > 0 && { masks: mode === 'inference' ? 'off' : seeded ? 'seeded' : 'unseeded' }),
  };
}

function kinksOf(layer: layers.Layer): string[] {
  const { activation, recurrentActivation } = layer as unknown as Members;
  const names = [activation, recurrentActivation].map((one) => one?.getClassName?.() ?? 'linear');
  const ofKind = kinkedLayers[layer.getClassName()];
  return [
    ...names.filter((name) => kinkedActivations.has(name)),
    ...(ofKind === undefined ? [] : [ofKind]),
    ...(penalizesAbsolutely(layer) ? ['l1Penalty'] : []),
  ];
}

/** Whether a penalty on the layer's weights has a term in |w|. */
function penalizesAbsolutely(layer: layers.Layer): boolean {
  const members = layer as unknown as Partial<
    Record<(typeof regularized)[number], { readonly hasL1?: boolean } | null>
  >;
  return regularized.some((name) => members[name]?.hasL1 === true);
}
