import type { AnalysisDescriptor, ParameterValues } from '../analysis-descriptor.ts';
import { gridSizes, shapeOfParameters } from './grid-text.ts';
import { quantitiesOf, quantityDescriptions } from './quantities.ts';
import type { SliceParameters } from './slice-parameters.ts';

const kinds =
  'random, pca, eigen, lowest, gauss-newton, gradient, hessian-gradient, difference, third, moment, update, file; one word for all axes, or one an axis with commas. “points” is the line, or the plane, through the other points';

export const sliceDescriptor: AnalysisDescriptor = {
  id: 'slice',
  title: 'Loss on a line, a plane or a volume',
  summary: 'the loss, and more, on a line, a plane or a volume through a run',
  question: 'What does the loss look like on a slice through this point, and how much of the path lies in it?',
  parameters: [
    { name: 'plane', type: 'text', default: null, help: `Directions of a plane: ${kinds}. By itself “random”.` },
    { name: 'line', type: 'text', default: null, help: 'Direction of a line, in place of a plane.' },
    { name: 'volume', type: 'text', default: null, help: 'Directions of a volume, in place of a plane.' },
    {
      name: 'to',
      type: 'text',
      default: null,
      help: 'The other point of “difference” and “points”: RUN, RUN@STEP, a step of this run (@STEP), or a file of weights.',
    },
    {
      name: 'third',
      type: 'text',
      default: null,
      help: 'The third point of a plane through three points, as for --to.',
    },
    {
      name: 'file',
      type: 'text',
      default: null,
      help: 'Directions from a file: .npz (d1, d2, d3 or one array a tensor), .safetensors, or a direction file .h5 of loss-landscape.',
    },
    {
      name: 'grid',
      type: 'text',
      default: null,
      help: 'Points along each axis, x by y by z: 51x31. One number is for all axes. By itself 201, 51x51, 31x31x31.',
    },
    {
      name: 'extent',
      type: 'text',
      default: null,
      help: 'In units of the directions: a half-width (1, or 1x0.5), ends (-1:2, or -1:2x0:1), or “rise”: as far as the loss rises by --rise. By itself 1 (random), the path with a margin (pca), from one point past the other (difference, third), the rise of the quadratic model (eigenvectors), the rise of the loss (all others).',
    },
    {
      name: 'rise',
      type: 'number',
      default: 4,
      minimum: 1e-6,
      maximum: 1e9,
      help: 'Where an extent goes as far as the loss rises: the loss at its ends is (1 + rise) times that at the centre.',
    },
    {
      name: 'adaptive',
      type: 'number',
      default: null,
      minimum: 1e-6,
      maximum: 1,
      help: 'Refines only where the surface is curved: where halving the spacing changes it by more than this share of its range. Other cells stay uncomputed.',
    },
    {
      name: 'normalization',
      type: 'choice',
      choices: ['own', 'filter', 'layer', 'tensor', 'global', 'none'],
      default: 'own',
      help: 'How directions are scaled to the weights; own: random ones by filter, others not at all.',
    },
    {
      name: 'biases',
      type: 'choice',
      choices: ['zero', 'keep', 'scale'],
      default: 'zero',
      help: 'Biases of random directions: zero, as they are drawn, or scaled to the norm of the biases.',
    },
    {
      name: 'gains',
      type: 'choice',
      choices: ['zero', 'keep', 'scale'],
      default: 'zero',
      help: 'Gains and shifts of batch and layer normalisation in random directions, likewise.',
    },
    {
      name: 'removeScales',
      type: 'boolean',
      default: false,
      help: 'Takes out of each direction what only rescales layers against each other and leaves the function as it is.',
    },
    {
      name: 'quantity',
      type: 'text',
      default: 'loss',
      help: `What is computed, with commas: ${quantityDescriptions.map(({ id }) => id).join(', ')}.`,
    },
    {
      name: 'on',
      type: 'choice',
      choices: ['train', 'test'],
      default: 'train',
      help: 'The examples: training or test set.',
    },
    {
      name: 'examples',
      type: 'integer',
      default: null,
      minimum: 2,
      maximum: 1e9,
      help: 'A fixed random subset of so many examples; the standard error of the loss comes with it.',
    },
    {
      name: 'uncertainty',
      type: 'boolean',
      default: false,
      help: 'Standard error of the loss over the examples, at every point.',
    },
    {
      name: 'statistics',
      type: 'choice',
      choices: ['experiment', 'frozen', 'recalibrated', 'batch'],
      default: 'experiment',
      help: 'Batch normalisation: as in the experiment, with the statistics of the centre, of each point, or of the batch.',
    },
    {
      name: 'topology',
      type: 'boolean',
      default: false,
      help: 'Merge tree and persistence of the minima on the grid.',
    },
  ],
  cost: (values: ParameterValues, dim: number) => {
    const parameters = values as unknown as SliceParameters;
    const points = gridSizes(parameters).reduce((product, size) => product * size, 1);
    const wanted = quantitiesOf(parameters.quantity);
    const text = parameters[shapeOfParameters(parameters)] ?? 'random';
    const search = /eigen|lowest|gauss-newton/.test(text) ? 40 : 0;
    const perPoint = wanted.reduce((sum, { products }) => sum + products(dim), 0);
    const gradients = wanted.some(({ needs }) => needs !== 'loss') ? points : 0;
    return {
      products: search + perPoint * points,
      gradients: gradients + (search > 0 || text.includes('gradient') ? 1 : 0),
      losses: points + 1,
    };
  },
  references: [
    {
      authors: 'H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein',
      year: 2018,
      title: 'Visualizing the loss landscape of neural nets',
      bibtex:
        '@inproceedings{li2018visualizing, author={Li, Hao and Xu, Zheng and Taylor, Gavin and Studer, Christoph and Goldstein, Tom}, title={Visualizing the loss landscape of neural nets}, booktitle={Advances in Neural Information Processing Systems}, year={2018}}',
    },
  ],
};
