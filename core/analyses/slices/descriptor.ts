import type { AnalysisDescriptor, ParameterValues } from '../analysis-descriptor.ts';
import type { Normalization, OneDimensional } from './filter-normalization.ts';

/** The parameters of the analysis, as `readParameters` leaves them. */
export interface SliceParameters {
  readonly plane: 'random' | 'pca' | 'eigen';
  readonly grid: number;
  readonly extent: number | null;
  readonly normalization: Normalization;
  readonly oneDimensional: OneDimensional;
}

export const sliceDescriptor: AnalysisDescriptor = {
  id: 'slice',
  title: 'Loss on a plane',
  summary: 'the loss on a plane through a run',
  question: 'What does the loss look like on a plane through this point, and how much of the path lies in it?',
  parameters: [
    {
      name: 'plane',
      type: 'choice',
      choices: ['random', 'pca', 'eigen'],
      default: 'random',
      help: 'Two random directions, the principal directions of the trajectory, or the two leading Hessian eigenvectors.',
    },
    { name: 'grid', type: 'integer', default: 51, minimum: 2, maximum: 2001, help: 'Points along each axis.' },
    {
      name: 'extent',
      type: 'number',
      default: null,
      minimum: 1e-9,
      maximum: 1e9,
      help: 'Half the width of the plane in units of its directions; by itself 1 (random), the path with a margin (pca), a fourfold rise of the quadratic model (eigen).',
    },
    {
      name: 'normalization',
      type: 'choice',
      choices: ['filter', 'layer', 'none'],
      default: 'filter',
      help: 'How random directions are scaled to the weights.',
    },
    {
      name: 'oneDimensional',
      type: 'choice',
      choices: ['zero', 'keep'],
      default: 'zero',
      help: 'Biases, gains and shifts of random directions: zero, or scaled like a filter.',
    },
  ],
  cost: (parameters: ParameterValues) => {
    const { grid, plane } = parameters as unknown as SliceParameters;
    return { products: plane === 'eigen' ? 30 : 0, gradients: plane === 'eigen' ? 1 : 0, losses: grid * grid + 1 };
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
