import { bundledSets } from '../../data/bundled-datasets.ts';
import type { ParameterName } from '../../training/optimizers/optimizer.ts';
import type { StopQuantity } from '../../training/stop-conditions.ts';
import type { GroupId } from './form-setting.ts';

/** What people read of a setting; its type, range and default come from the reader of the file. */
export interface SettingText {
  readonly title: string;
  readonly help: string;
  readonly group: GroupId;
  readonly unit?: string;
  readonly advanced?: true;
  /** What null (or nothing) means. */
  readonly nullMeans?: string;
}

const cadence = (title: string, what: string, advanced?: true): SettingText => ({
  title,
  help: `Steps between two measurements of ${what}; 0 never measures it.`,
  group: 'probes',
  unit: 'steps',
  ...(advanced ? { advanced } : {}),
});

/** By the path in the file. Every setting that the reader knows has a line here, and there are no others. */
export const settingTexts: Readonly<Record<string, SettingText>> = {
  name: { title: 'Name', help: 'What this experiment is called in titles and results.', group: 'experiment' },
  seed: {
    title: 'Seed',
    help: 'Every random draw (weights, data, batches, masks, probes) follows from it.',
    group: 'experiment',
  },
  'data.train': {
    title: 'Training data',
    help: 'A bundled set, or a file: .npz with x and y, .npy, IDX, CSV or CIFAR binaries.',
    group: 'data',
  },
  'data.test': {
    title: 'Test data',
    help: 'Judged by the loss probe, never trained on.',
    group: 'data',
    nullMeans: 'no test set',
  },
  'data.subset': {
    title: 'Examples used',
    help: 'The first of the training set, or as many drawn from it with the seed.',
    group: 'data',
    nullMeans: 'all of them',
  },
  'model.layers': {
    title: 'Layers',
    help: 'From the input to the outputs; the shape of the input comes from the data.',
    group: 'model',
  },
  'model.weights': {
    title: 'Weights from a file',
    help: 'A .safetensors or .npz file with the first weights.',
    group: 'model',
    advanced: true,
    nullMeans: 'drawn from the seed',
  },
  'model.layout': {
    title: 'Layout of that file',
    help: 'How kernels lie in the file: inputs × outputs (TensorFlow) or outputs × inputs (PyTorch).',
    group: 'model',
    advanced: true,
  },
  'model.initializer': {
    title: 'Initialiser',
    help: 'How kernels are drawn that name no initialiser of their own; fanInUniform is the default of PyTorch.',
    group: 'model',
  },
  'model.mode': {
    title: 'Batch statistics and masks',
    help: 'What batch normalisation and dropout do in the loss that is descended.',
    group: 'model',
    advanced: true,
    nullMeans: 'training where a layer needs it, else inference',
  },
  loss: { title: 'Loss', help: 'The function that is descended; it scales every eigenvalue.', group: 'loss' },
  reduction: {
    title: 'Over examples',
    help: 'The mean of the losses of the examples, or their sum.',
    group: 'loss',
    advanced: true,
  },
  optimizer: { title: 'Optimiser', help: 'The rule of the updates, with its settings.', group: 'optimizer' },
  steps: { title: 'Steps', help: 'Updates of the whole run.', group: 'run', unit: 'steps' },
  'checkpoints.every': {
    title: 'Checkpoint every',
    help: 'Steps between two stored points of the trajectory.',
    group: 'run',
    unit: 'steps',
  },
  stopWhen: {
    title: 'Stop when',
    help: 'Conditions that end the run before its last step.',
    group: 'run',
  },
  'probes.budget': {
    title: 'Budget',
    help: 'The largest share of the time that measurements may take from training.',
    group: 'probes',
  },
  'probes.examples': {
    title: 'Examples probed',
    help: 'A fixed part of the training examples on which curvature is measured.',
    group: 'probes',
    nullMeans: 'all of them',
  },
  'probes.residualTol': {
    title: 'Wanted residual',
    help: 'Eigenvalues are computed until ‖Hv − λv‖ / |λ| is below it.',
    group: 'probes',
    advanced: true,
  },
  'probes.eigenvalueCount': {
    title: 'Top eigenvalues',
    help: 'How many of the largest eigenvalues of the Hessian are followed together, with the subspace they span.',
    group: 'probes',
    advanced: true,
  },
  'probes.densityStarts': {
    title: 'Density starts',
    help: 'Random starts of the spectral density; its error bars come from their spread.',
    group: 'probes',
    advanced: true,
  },
  'probes.densitySteps': {
    title: 'Density products',
    help: 'Lanczos products of each start.',
    group: 'probes',
    unit: 'products',
    advanced: true,
  },
  'probes.every.loss': cadence('Loss every', 'the loss on all training and test examples'),
  'probes.every.sharpness': cadence('Sharpness every', 'the largest eigenvalue of the Hessian'),
  'probes.every.density': cadence('Density every', 'the spectral density of the Hessian'),
  'probes.every.gradientNorm': cadence('‖∇L‖ every', 'the gradient on all examples'),
  'probes.every.lowestEigenvalue': cadence('Lowest λ every', 'the lowest eigenvalue of the Hessian'),
  'probes.every.preconditionedSharpness': cadence(
    'Preconditioned λ every',
    "the largest eigenvalue of Adam's preconditioned Hessian",
    true,
  ),
  'probes.every.eigenvalues': cadence(
    'Top eigenvalues every',
    'the largest eigenvalues of the Hessian and the subspace they span',
  ),
  'probes.every.noiseScale': cadence('Noise scale every', 'the gradient noise scale', true),
  engine: {
    title: 'Engine',
    help: 'What computes the tensors; auto takes the fastest that is there: TensorFlow where it is installed, else WebAssembly.',
    group: 'engine',
  },
  precision: {
    title: 'Precision',
    help: 'float32 is fast; float64 proves, and is exact for chains of dense layers.',
    group: 'engine',
  },
};

/** Options of a data file, by name. */
export const fileTexts: Readonly<Record<string, Pick<SettingText, 'title' | 'help' | 'nullMeans'>>> = {
  labels: { title: 'Labels', help: 'The file of the labels, for IDX and .npy.', nullMeans: 'in the same file' },
  labelColumn: {
    title: 'Label column',
    help: 'CSV: the column of the targets.',
    nullMeans: 'label, y or target',
  },
  delimiter: { title: 'Delimiter', help: 'CSV: what stands between two columns.', nullMeans: 'found out' },
  cifar: { title: 'CIFAR', help: 'Which CIFAR binaries these are.', nullMeans: 'no CIFAR file' },
  targets: { title: 'Targets are', help: 'Classes or values to be met.', nullMeans: 'found out' },
  classes: { title: 'Classes', help: 'How many classes there are.', nullMeans: 'the largest label + 1' },
};

/** Settings of optimisers: short titles, and a sentence where `parameters` of core/training has only a name. */
export const parameterTitles: Readonly<
  Record<ParameterName, { readonly title: string; readonly help?: string; readonly advanced?: true }>
> = {
  learningRate: { title: 'Step size η', help: 'How far an update goes against the gradient.' },
  schedule: { title: 'Schedule' },
  batchSize: { title: 'Batch size' },
  weightDecay: { title: 'Weight decay w', help: 'How strongly every parameter is pulled to zero.' },
  decay: { title: 'Kind of decay', advanced: true },
  clipNorm: { title: 'Clip ‖∇L‖ at', help: 'A longer gradient is scaled down to this length.' },
  momentum: { title: 'Momentum β', help: 'The share of the last velocity that is kept.' },
  beta1: { title: 'β₁', help: 'The memory of the mean gradient.' },
  beta2: { title: 'β₂', help: 'The memory of the mean squared gradient.' },
  epsilon: { title: 'ε', help: 'Added to the root of the second moment.', advanced: true },
  sharpnessEvery: { title: 'λ_max every' },
  damping: {
    title: 'Damping μ',
    help: 'Added to the curvature that a step is divided by; bounds steps along flat directions.',
  },
  dampingRule: { title: 'Damping is', advanced: true },
  relativeCut: {
    title: 'Null below',
    help: 'Eigenvalues smaller than this share of the largest count as zero.',
    advanced: true,
  },
  krylov: {
    title: 'Krylov dimension',
    help: 'Hessian products of a step on models above 500 parameters; smaller ones use all of H.',
    advanced: true,
  },
};

/** Words that choices are shown by; a choice without one is shown as it stands in the file. */
export const choiceTitles: Readonly<Record<string, string>> = {
  softmaxCrossEntropy: 'Cross-entropy',
  meanSquaredError: 'Mean squared error',
  halfSquaredError: '½ squared error',
  closedForm: 'Closed form',
  gaussian: 'Normal numbers',
  orthogonal: 'Orthogonal',
  balanced: 'Balanced, along the modes',
  tensorflow: 'TensorFlow',
  pytorch: 'PyTorch',
  mean: 'Mean',
  sum: 'Sum',
  training: 'As in training',
  inference: 'As in inference',
  auto: 'Automatic',
  wasm: 'WebAssembly',
  webgpu: 'WebGPU',
  cpu: 'Plain JavaScript',
  coupled: 'Coupled (L2)',
  decoupled: 'Decoupled',
  fixed: 'Fixed',
  search: 'Raised until the loss falls',
  classes: 'Classes',
  values: 'Values',
  ',': 'Comma',
  ';': 'Semicolon',
  tab: 'Tab',
};

export const quantityTitles: Readonly<Record<StopQuantity, string>> = {
  loss: 'Loss of the step',
  trainLoss: 'Training loss',
  testLoss: 'Test loss',
  trainError: 'Training error',
  testError: 'Test error',
  sharpness: 'Sharpness λ₁',
  lowestEigenvalue: 'Lowest eigenvalue',
  preconditionedSharpness: 'Preconditioned sharpness',
  gradientNorm: '‖∇L‖',
  noiseScale: 'Gradient noise scale',
};

const setTitles: Readonly<Record<string, string>> = {
  digits: 'Digits 28 × 28',
  'digits-8x8': 'Digits 8 × 8',
  'two-moons': 'Two moons',
  spirals: 'Spirals',
  'gaussian-mixture': 'Gaussian mixture',
  'gaussian-pairs': 'Gaussian pairs',
};

/** `Digits 28 × 28` for `digits`, `Chebyshev 3, 20 points` for `chebyshev-3-20`. */
export function titleOfSet(name: string): string {
  const chebyshev = /^chebyshev-(\d+)-(\d+)$/.exec(name);
  return chebyshev ? `Chebyshev ${chebyshev[1]}, ${chebyshev[2]} points` : (setTitles[name] ?? name);
}

/** Names to choose from; of families one member stands for all. */
export const offeredSets: readonly string[] = bundledSets.map(({ name }) =>
  name === 'chebyshev-K-N' ? 'chebyshev-3-20' : name,
);
