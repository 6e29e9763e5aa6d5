import type { AnalysisDescriptor } from '../analysis-descriptor.ts';

/** The parameters of the analysis, as `readParameters` leaves them. */
export interface ModesParameters {
  readonly points: number;
}

export const modesDescriptor: AnalysisDescriptor = {
  id: 'modes',
  title: 'Learning modes',
  summary: 'strengths of the modes of a deep linear network beside the exact solution',
  question:
    'Which modes of its target has a deep linear network learnt, and when, beside the exact solution of the flow?',
  parameters: [
    {
      name: 'points',
      type: 'integer',
      default: 1000,
      minimum: 2,
      maximum: 100_000,
      help: 'At most so many checkpoints, evenly taken, the first and the last among them.',
    },
  ],
  cost: ({ points }) => ({ products: 0, gradients: 0, losses: Number(points) }),
  references: [
    {
      authors: 'A. M. Saxe, J. L. McClelland, S. Ganguli',
      year: 2014,
      title: 'Exact solutions to the nonlinear dynamics of learning in deep linear neural networks',
      bibtex:
        '@inproceedings{saxe2014exact, author={Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya}, title={Exact solutions to the nonlinear dynamics of learning in deep linear neural networks}, booktitle={International Conference on Learning Representations}, year={2014}}',
    },
    {
      authors: 'A. M. Saxe, J. L. McClelland, S. Ganguli',
      year: 2019,
      title: 'A mathematical theory of semantic development in deep neural networks',
      bibtex:
        '@article{saxe2019mathematical, author={Saxe, Andrew M. and McClelland, James L. and Ganguli, Surya}, title={A mathematical theory of semantic development in deep neural networks}, journal={Proceedings of the National Academy of Sciences}, volume={116}, number={23}, pages={11537--11546}, year={2019}}',
    },
  ],
};
