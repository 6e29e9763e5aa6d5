import { type ModelCase, modelCases } from './model-cases.ts';

/**
 * A part of the table that runs every kernel which the whole table runs, as the suite in double precision proves. The
 * whole runs in double precision, on WebAssembly and on the TensorFlow library in doubles; with the other engines, whose
 * layers and derivatives are the same code, it is part of the long suites.
 */
const names = [
  'dense gelu_new',
  'dense logSoftmax',
  'dense softplus',
  'dense tanh',
  'dense gelu',
  'dense tanh, mean squared error',
  'no bias, penalties on kernels and biases',
  'leakyReLU',
  'elu layer',
  'conv2d valid',
  'conv3dTranspose',
  'depthwiseConv2d',
  'maxPooling1d',
  'averagePooling2d same',
  'averagePooling3d same',
  'batchNormalization, inference',
  'batchNormalization, training',
  'upSampling2d nearest',
  'upSampling2d bilinear',
  'embedding',
  'noise of a file, training',
  'lstm',
  'two lstm layers, all steps, backwards',
  'bidirectional gru, sum',
  'masking layer in front of an lstm',
  'attention by dot, softmax and dot',
  'cosine of two images of the input',
  'maximum of three branches',
  'minimum of three branches',
  'prelu with shared axes, separable convolution with gaps',
  'centerCrop between convolutions',
  'categoryEncoding, multiHot',
  'timeDistributed dropout and batch normalisation, training',
];

export const modelCasesOfEveryKernel: readonly ModelCase[] = names.map((name) => {
  const row = modelCases.find((one) => one.name === name);
  if (row === undefined) throw new Error(`No network of the table is called “${name}”.`);
  return row;
});
