import { layerOptions, optionsOfLayer } from '../../models/layer-options.ts';
import type { LayerSpecification } from '../../models/model-specification.ts';
import type { OptionInput } from '../../models/option-kinds.ts';
import type { Choice, SettingInput } from './form-setting.ts';

/** An option of a layer for a form. */
export interface LayerOption {
  readonly name: string;
  readonly title: string;
  /** Null for what only YAML can say. */
  readonly input: Extract<SettingInput, { kind: 'number' | 'wholeNumber' | 'flag' | 'choice' }> | null;
  /** What may stand there, in words. */
  readonly expected: string;
  readonly required: boolean;
  readonly default: unknown;
  /** Asked for by a control of its own; the others stand together as YAML. */
  readonly common: boolean;
}

const titles: Readonly<Record<string, string>> = {
  units: 'Units',
  filters: 'Filters',
  kernelSize: 'Kernel',
  poolSize: 'Pool',
  activation: 'Activation',
  padding: 'Padding',
  rate: 'Rate',
  n: 'Times',
  scale: 'Scale',
  inputDim: 'Inputs',
  outputDim: 'Outputs',
  alpha: 'Slope',
  theta: 'Threshold',
  maxValue: 'Largest value',
  size: 'Size',
  interpolation: 'Interpolation',
  recurrentActivation: 'Gates',
  returnSequences: 'All steps',
  goBackwards: 'Backwards',
  stddev: 'Standard deviation',
  maskValue: 'Masked value',
};

/** Where tf.layers takes them when they are left out. */
const defaults: Readonly<Record<string, unknown>> = {
  activation: 'linear',
  recurrentActivation: 'hardSigmoid',
  returnSequences: false,
  maskValue: 0,
  padding: 'valid',
  poolSize: 2,
  size: 2,
  interpolation: 'nearest',
};

const recurrent: Readonly<Record<string, unknown>> = { activation: 'tanh' };

/** Where a kind of layer takes another than the usual default. */
const ownDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  simpleRNN: recurrent,
  gru: recurrent,
  lstm: recurrent,
  convLstm2d: recurrent,
};

/** What a required option starts with in a new layer. */
const starts: Readonly<Record<string, unknown>> = {
  units: 10,
  filters: 8,
  kernelSize: 3,
  targetShape: [-1],
  dims: [1],
  n: 2,
  activation: 'tanh',
  rate: 0.5,
  stddev: 0.1,
  cropping: 1,
  scale: 1,
  inputDim: 10,
  outputDim: 8,
};

const usual: readonly string[] = ['dense', 'conv2d', 'maxPooling2d', 'averagePooling2d', 'flatten', 'activation'];

/** The usual layers first, then the others by name; `current` too where it is none of them. */
export function layerChoices(current: string): readonly Choice[] {
  const others = Object.keys(layerOptions).filter((type) => !usual.includes(type));
  const known = [...usual, ...others.sort()];
  return (known.includes(current) || current === '' ? known : [...known, current]).map((id) => ({ id, title: id }));
}

function controlOf(input: OptionInput): LayerOption['input'] {
  if (input.kind === 'choice') return { kind: input.kind, choices: input.choices.map((id) => ({ id, title: id })) };
  return input.kind === 'value' ? null : input;
}

/** The options of a layer, those with a control first; none for a layer that there is not. */
export function layerOptionsOf(type: string): readonly LayerOption[] {
  const layer = optionsOfLayer(type);
  if (layer === null) return [];
  const all = Object.entries(layer.options).map(([name, { input, expected, accepts }]): LayerOption => {
    const required = layer.required.includes(name);
    const control = controlOf(input);
    // The same name means another thing in another layer: the padding of a convolution and that of zeroPadding2d.
    const left = ownDefaults[type]?.[name] ?? defaults[name];
    const fallback = accepts(left) ? left : undefined;
    const common = control !== null && (required || fallback !== undefined);
    return { name, title: titles[name] ?? name, input: control, expected, required, default: fallback, common };
  });
  return [...all.filter(({ common }) => common), ...all.filter(({ common }) => !common)];
}

/** A new layer with what it must have. */
export function defaultLayer(type: string): LayerSpecification {
  const required = optionsOfLayer(type)?.required ?? [];
  return { type, options: Object.fromEntries(required.map((name) => [name, starts[name] ?? 1])) };
}
