import { BadInput } from '../../bad-input.ts';
import { coupledLayers } from '../coupled-examples.ts';
import type { LayerGraph, LayerNode } from '../layer-graph.ts';
import type { Objective } from '../objective.ts';

export type CurvatureNoticeCode =
  | 'kinks'
  | 'masksOff'
  | 'masksFixed'
  | 'masksWithoutSeed'
  | 'runningStatistics'
  | 'batchStatistics'
  | 'functionOfThetaAlone';

/** Something of the model that changes what its curvature means: what it is, and what is computed. */
export interface CurvatureNotice {
  readonly code: CurvatureNoticeCode;
  /** One sentence on what was found, with the names of the layers. */
  readonly found: string;
  /** What is computed instead of what might be expected. */
  readonly instead: string;
}

/**
 * What must be said beside the curvature of a model, from its layers: slopes that jump, masks, and statistics of a batch.
 * Empty where the loss is a smooth function of θ and a sum over examples. Pure; cost of reading the graph.
 */
export function curvatureNotices({
  graph,
  convention,
}: Pick<Objective<unknown>, 'graph' | 'convention'>): readonly CurvatureNotice[] {
  if (convention.loss === 'closedForm') return [functionOfThetaAlone];
  return (graph ? findings : []).flatMap(({ code, of, found, instead }) => {
    const layers = namesWhere(graph!.nodes, of);
    return layers === null ? [] : [{ code, found: found(layers, graph!.nodes), instead }];
  });
}

/** BadInput where a layer couples the examples, for a matrix made of what single examples contribute. */
export function refuseCoupledExamples(graph: LayerGraph | undefined, matrix: string): void {
  const layers = coupledLayers(graph);
  if (layers.length === 0) return;
  throw new BadInput(
    `${layers.join(', ')} ${layers.length > 1 ? 'normalise' : 'normalises'} with the statistics of the batch, so that no example has outputs or a gradient of its own: ${matrix} is not defined.`,
    'Use inference mode, where the statistics are constants, or ask for the Hessian or Gauss–Newton.',
  );
}

const functionOfThetaAlone: CurvatureNotice = {
  code: 'functionOfThetaAlone',
  found: 'The loss is a function of θ alone, without examples and outputs.',
  instead: 'Its Hessian is exact; Gauss–Newton, Fisher matrices, gradient covariance and tangent kernel do not exist.',
};

const oneDraw = (seeds: string) =>
  `The masks are fixed by ${seeds} and by which examples the batch has: the curvature is that of one draw, the same at every product, not of the average over masks; another batch has other masks.`;

const findings: readonly {
  readonly code: CurvatureNoticeCode;
  /** The layers that are meant. */
  of(node: LayerNode): boolean;
  found(layers: string, nodes: readonly LayerNode[]): string;
  readonly instead: string;
}[] = [
  {
    code: 'kinks',
    of: ({ kinks }) => kinks !== undefined,
    found: (layers, nodes) =>
      `The loss has kinks, where slopes jump: ${[...new Set(nodes.flatMap(({ kinks }) => kinks ?? []))].join(', ')} in ${layers}.`,
    instead:
      'The Hessian is that of the smooth piece at θ: exact away from the kinks and blind to them, so that it need not agree with differences of gradients across a kink. Gauss–Newton and Fisher matrices need first derivatives only and are not affected.',
  },
  {
    code: 'masksOff',
    of: ({ masks }) => masks === 'off',
    found: (layers) => `${layers} would draw masks or noise in training mode.`,
    instead: 'They are left out: the curvature is that of the whole network, as it is used after training.',
  },
  {
    code: 'masksFixed',
    of: ({ masks }) => masks === 'seeded',
    found: (layers) => `${layers} ${several(layers) ? 'draw' : 'draws'} masks or noise.`,
    instead: oneDraw('the seeds of the layers'),
  },
  {
    code: 'masksWithoutSeed',
    of: ({ masks }) => masks === 'unseeded',
    found: (layers) =>
      `${layers} ${several(layers) ? 'draw masks or noise and have' : 'draws masks or noise and has'} no seed.`,
    instead: oneDraw('seeds that follow from the places of the layers in the model'),
  },
  {
    code: 'runningStatistics',
    of: ({ statistics }) => statistics === 'running',
    found: (layers) => `${layers} ${several(layers) ? 'normalise' : 'normalises'} with running statistics.`,
    instead:
      'They are constants: the curvature is that of the network as it is used after training, not of the loss that training descends.',
  },
  {
    code: 'batchStatistics',
    of: ({ statistics }) => statistics === 'batch',
    found: (layers) =>
      `${layers} ${several(layers) ? 'normalise' : 'normalises'} with the statistics of the batch, which couples its examples.`,
    instead:
      'Hessian and Gauss–Newton are those of the batch as a whole, derivatives of its mean and variance included; Fisher matrices, gradient covariance and tangent kernel have no meaning for single examples and are refused.',
  },
];

function namesWhere(nodes: readonly LayerNode[], wanted: (node: LayerNode) => boolean): string | null {
  const names = nodes.filter(wanted).map(({ name }) => name);
  return names.length === 0 ? null : names.join(', ');
}

const several = (layers: string) => layers.includes(', ');
