import { tensor } from '@tensorflow/tfjs-core';
import {
  input,
  type LayersModel,
  type layers,
  model,
  regularizers,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import { BadInput } from '../../bad-input.ts';
import { nearestName } from '../../nearest-name.ts';
import type { Random } from '../../random/random.ts';
import type { LayerSpecification, ModelSpecification } from '../model-specification.ts';
import { regularizerAmounts } from '../option-kinds.ts';
import { drawWeights, fansOf, initializerFrom } from '../weight-initialization.ts';
import { innerLayers } from './inner-layers.ts';
import { type LayerEntry, layerAliases, layerTable, refusedLayers, refusedOptions } from './layer-table.ts';
import { drawsMasks } from './layers-as-functions.ts';
import { rememberInitialTheta } from './theta.ts';
import { weightName } from './trainable-variables.ts';

const shapeText = (shape: readonly (number | null)[]) => `[${shape.slice(1).join(', ')}]`;

/** The table's entry of a layer, or the refusal with its place. */
function entryOf(place: string, type: string): LayerEntry {
  const name = Object.hasOwn(layerAliases, type) ? (layerAliases[type] ?? type) : type;
  const entry = Object.hasOwn(layerTable, name) ? layerTable[name] : undefined;
  if (entry) return entry;
  if (Object.hasOwn(refusedLayers, type))
    throw new BadInput(
      `${place}: this layer ${refusedLayers[type]}`,
      `Use one of ${Object.keys(layerTable).join(', ')}.`,
    );
  const meant = nearestName(type, [...Object.keys(layerTable), ...Object.keys(layerAliases)]);
  throw new BadInput(
    `${place}: there is no layer named ${type}.`,
    meant ? `Did you mean ${meant}?` : `Use one of ${Object.keys(layerTable).join(', ')}.`,
  );
}

function checkOptions(place: string, entry: LayerEntry, options: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(options)) {
    const kind = Object.hasOwn(entry.options, key) ? entry.options[key] : undefined;
    if (kind?.accepts(value)) continue;
    if (kind) throw new BadInput(`${place}: ${key} is ${JSON.stringify(value)}.`, `Give ${kind.expected}.`);
    const known = Object.keys(entry.options);
    const meant = nearestName(key, known);
    const advice = meant ? `Did you mean ${meant}?` : `Its options are ${known.join(', ')}.`;
    throw new BadInput(
      `${place}: unknown option ${key}.`,
      Object.hasOwn(refusedOptions, key) ? (refusedOptions[key] ?? advice) : advice,
    );
  }
  const missing = entry.required.filter((key) => !Object.hasOwn(options, key));
  if (missing.length > 0)
    throw new BadInput(`${place}: the option ${missing.join(' and ')} is missing.`, `Add ${missing.join(' and ')}.`);
}

/** Options as tf.layers wants them; weights start as zeros there, because they are drawn here afterwards. */
function layerOptions(entry: LayerEntry, given: LayerSpecification['options'], name: string): object {
  const options: Record<string, unknown> = { name };
  for (const [key, value] of Object.entries(given)) {
    const amounts = key.endsWith('Regularizer') ? regularizerAmounts(value) : null;
    if (amounts) options[key] = regularizers.l1l2(amounts);
    else if (!key.endsWith('Initializer')) options[key] = value;
  }
  for (const { option } of Object.values(entry.initializers)) if (option) options[option] = 'zeros';
  return options;
}

function initializeLayer(layer: layers.Layer, entry: LayerEntry, given: LayerSpecification['options'], rng: Random) {
  const kernel = layer.weights.find((weight) => weightName(weight).endsWith('kernel'));
  const drawn = new Map<string, Float64Array>();
  for (const weight of layer.weights) {
    const name = weightName(weight);
    const wanted = entry.initializers[name];
    const initializer = initializerFrom(given[wanted?.option ?? ''] ?? wanted?.byDefault ?? 'zeros');
    if (!initializer) throw new Error(`No initialiser for ${layer.name}/${name}.`);
    // A bias has no fan of its own: it is counted with the kernel that it is added to.
    const shape = (name === 'bias' && kernel ? kernel.shape : weight.shape) as number[];
    const size = (weight.shape as number[]).reduce((product, extent) => product * extent, 1);
    const values = drawWeights(initializer, size, fansOf(shape), rng.split(name), weight.shape.at(-1) ?? 1);
    if (name === 'bias' && Object.hasOwn(entry.options, 'unitForgetBias') && given.unitForgetBias !== false)
      openForgetGate(values);
    drawn.set(`${layer.name}/${name}`, values);
    const initial = tensor(Float32Array.from(values), weight.shape as number[]);
    weight.write(initial);
    initial.dispose();
  }
  return drawn;
}

/** Gates of LSTM stand in the order input, forget, cell, output; at 1 the forget gate starts open (Gers et al. 2000). */
const openForgetGate = (bias: Float64Array) => bias.fill(1, bias.length / 4, bias.length / 2);

/** Seeds the draws of a layer and of the cells inside; not all kinds take a seed as an option. */
function seedDraws(layer: layers.Layer, rng: Random): void {
  const seed = rng.split('dropout').integer(2 ** 31);
  for (const part of innerLayers(layer)) if (drawsMasks(part)) (part as { seed?: number }).seed = seed;
}

/** Applies the layer to the chain; whatever tf.layers objects to becomes a message with its place. */
function applyLayer(place: string, type: string, layer: layers.Layer, to: SymbolicTensor): SymbolicTensor {
  const inputShape = to.shape;
  if (type === 'dense' && inputShape.length !== 2)
    throw new BadInput(
      `${place}: its input has the shape ${shapeText(inputShape)}, not one row of numbers an example.`,
      'Put a flatten layer before it.',
    );
  let output: SymbolicTensor;
  try {
    output = layer.apply(to) as SymbolicTensor;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').replace(/\.$/, '');
    throw new BadInput(
      `${place}: the layer cannot take an input of the shape ${shapeText(inputShape)}: ${reason}.`,
      'Change its options or the layers before it.',
    );
  }
  if (output.shape.slice(1).some((extent) => extent === null || !Number.isInteger(extent) || extent < 1))
    throw new BadInput(
      `${place}: on an input of the shape ${shapeText(inputShape)} the output would have the shape ${shapeText(output.shape)}.`,
      'Use a smaller kernel, pool or stride, or padding: same.',
    );
  return output;
}

/**
 * The network of an experiment file as a tf.layers model: a chain of the layers that `layer-table.ts` lists, on inputs of
 * `inputShape` (one example). Layers are named by type and number (`dense_1`, `dense_2`) unless named in the file.
 *
 * Weights are drawn here and not by TensorFlow.js: each from the stream `rng/layer name/weight name`, so that they are the
 * same on every backend and do not depend on what else is drawn. Kernels default to `glorotUniform`, those between the
 * steps of recurrent layers to `orthogonal`, the bias of a forget gate to 1, as in Keras.
 *
 * Throws `BadInput` naming the place: unknown or refused layers and options, values of the wrong kind, shapes that do not
 * fit, a dense layer on anything but one row of numbers an example.
 */
export function modelFromSpecification(
  specification: ModelSpecification,
  inputShape: readonly number[],
  rng: Random,
): LayersModel {
  if (specification.layers.length === 0)
    throw new BadInput(
      'model.layers: the list is empty.',
      'Give at least one layer, for example dense: { units: 10 }.',
    );
  const first = input({ shape: [...inputShape], name: 'input' });
  const built: layers.Layer[] = [];
  const drawn = new Map<string, Float64Array>();
  const numbers = new Map<string, number>();
  let tensorSoFar = first;
  try {
    specification.layers.forEach(({ type, options }, i) => {
      const place = `model.layers[${i}].${type}`;
      const entry = entryOf(place, type);
      checkOptions(place, entry, options);
      const number = (numbers.get(type) ?? 0) + 1;
      numbers.set(type, number);
      const name = typeof options.name === 'string' ? options.name : `${type}_${number}`;
      if (name === 'input' || built.some((layer) => layer.name === name))
        throw new BadInput(
          `${place}: the name ${name} is taken by a layer before it.`,
          'Give each layer a name of its own.',
        );
      const make = entry.make as (options: object) => layers.Layer;
      const own = rng.split(name);
      const layer = make(layerOptions(entry, options, name));
      seedDraws(layer, own);
      built.push(layer);
      tensorSoFar = applyLayer(place, type, layer, tensorSoFar);
      for (const [key, values] of initializeLayer(layer, entry, options, own)) drawn.set(key, values);
    });
  } catch (error) {
    for (const layer of built) for (const weight of layer.weights) weight.dispose();
    throw error;
  }
  const made = model({ inputs: first, outputs: tensorSoFar });
  rememberInitialTheta(made, drawn);
  return made;
}
