import type { LayersModel, LayerVariable, layers } from '@tensorflow/tfjs-layers';
import { leafLayers } from './model-layers.ts';

/** One tensor of θ: its variable, the layer that holds it, and its name in layouts and files, `dense_1/kernel`. */
export interface TrainableVariable {
  readonly variable: LayerVariable;
  readonly layer: layers.Layer;
  readonly layerName: string;
  readonly blockName: string;
  readonly shape: readonly number[];
  readonly size: number;
}

/** The name of a weight within its layer: `kernel`, `bias`, `gamma`, `moving_mean` … */
export function weightName(variable: LayerVariable): string {
  return variable.originalName.split('/').at(-1) ?? variable.originalName;
}

/** The variables that make up θ, in the order of `model.trainableWeights`, each once even where layers are shared. */
export function trainableVariables(model: LayersModel): TrainableVariable[] {
  const holders = new Map<number, { layer: layers.Layer; name: string }>();
  for (const [layer, name] of leafLayers(model))
    for (const variable of layer.weights) if (!holders.has(variable.id)) holders.set(variable.id, { layer, name });
  const seen = new Set<number>();
  const taken = new Set<string>();
  const found: TrainableVariable[] = [];
  for (const variable of model.trainableWeights) {
    const holder = holders.get(variable.id);
    if (seen.has(variable.id) || !holder) continue;
    seen.add(variable.id);
    const plain = `${holder.name}/${weightName(variable)}`;
    let blockName = plain;
    for (let i = 2; taken.has(blockName); i++) blockName = `${plain}_${i}`;
    taken.add(blockName);
    const shape = variable.shape as number[];
    const size = shape.reduce((product, extent) => product * extent, 1);
    found.push({ variable, layer: holder.layer, layerName: holder.name, blockName, shape, size });
  }
  return found;
}
