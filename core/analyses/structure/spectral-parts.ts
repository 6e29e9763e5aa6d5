import { type Status, worstStatus } from '../../linalg/result.ts';
import { gaussNewtonOperator } from '../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../objective/curvature/hessian.ts';
import { classFactors } from './class-means.ts';
import { classStructure } from './class-structure.ts';
import { gradientShare, halfSubspaces, releaseHalf } from './gradient-share.ts';
import { labelsFrom, type ProbabilitiesAndLabels } from './labels.ts';
import type { ClassStructure, GradientShare } from './structure.ts';
import { type StructureWork, search, searchOptions, wants } from './structure-work.ts';
import type { TopSubspace } from './top-subspace.ts';

/** Numbers of float64 or float32 that the C² class means may take. */
const mostFactorEntries = 1.5e8;
/** Gram matrices of C² means are decomposed densely. */
const mostClasses = 24;

export interface SpectralParts {
  readonly classes: ClassStructure | null;
  readonly classesStatus: Status | null;
  readonly gradientShares: readonly GradientShare[] | null;
  readonly gradientStatus: Status | null;
}

/** Class structure and share of the gradient: both look at the top eigenvectors of H. */
export async function spectralParts<V>(work: StructureWork<V>): Promise<SpectralParts> {
  const { objective, theta, linearization, parameters } = work;
  const { space } = objective;
  let result: SpectralParts = { classes: null, classesStatus: null, gradientShares: null, gradientStatus: null };
  if (!wants(work, 'classes') && !wants(work, 'gradient')) return result;
  const known = await outputsAndLabels(work);
  const labelled = wants(work, 'classes') ? known.labelled : null;
  const outputs = known.columns;
  const ranks = [...new Set([outputs, parameters.subspace].flatMap((k) => k ?? []))].filter((k) => k < space.dim);
  const shares = wants(work, 'gradient') ? ranks : [];
  if (wants(work, 'gradient') && ranks.length === 0)
    work.notices.push(
      'Share of the gradient: this function has no outputs to take the dimension of the subspace from; ask for one with the parameter subspace.',
    );
  const count = Math.max(labelled === null ? 0 : 2 * outputs! + 1, ...shares.map((k) => k + 1));
  if (count === 0) return result;
  const top = await search(work, hessianOperator(space, linearization), 'eigenvectors of H', count);
  try {
    if (labelled !== null) {
      const found = await classesOf(work, labelled, top);
      result = { ...result, classes: found.value, classesStatus: worstStatus([top.status, ...found.statuses]) };
    }
    if (shares.length > 0) {
      const options = searchOptions(work, 'halves', Math.max(...shares) + 1);
      const halves =
        objective.examples >= 2 && !work.context.signal?.aborted
          ? await halfSubspaces(objective, theta, options)
          : null;
      try {
        const found: GradientShare[] = [];
        for (const k of shares) {
          const share = await gradientShare(objective, linearization.gradient, top, halves, k);
          if (share !== null) found.push(share);
        }
        const statuses = [top.status, ...(halves ?? []).map((half) => half.top.status)];
        work.spent.gradients += halves === null ? 0 : 2;
        for (const half of halves ?? []) work.spent.products += half.top.products;
        result = { ...result, gradientShares: found, gradientStatus: worstStatus(statuses) };
      } finally {
        for (const half of halves ?? []) releaseHalf(objective, half);
      }
    }
  } finally {
    space.release(...top.vectors);
  }
  return result;
}

/** How many outputs there are, and the labels where the loss is of classes; notices where it is not. */
async function outputsAndLabels<V>(
  work: StructureWork<V>,
): Promise<{ readonly columns: number | null; readonly labelled: ProbabilitiesAndLabels | null }> {
  const { objective, theta, linearization, notices } = work;
  const noClasses = (reason: string, columns: number | null = null) => {
    if (wants(work, 'classes')) notices.push(`Class structure is left out: ${reason}`);
    return { columns, labelled: null };
  };
  const { loss } = objective.convention;
  if (loss === 'closedForm') return noClasses('this function has no examples with classes.');
  const { outputs, outputGradients } = await objective.evaluate(theta, { outputs: true, outputGradients: true });
  work.spent.losses++;
  if (outputs === undefined) return noClasses('this engine does not tell the outputs of the model.');
  const { columns, rows } = outputs;
  if (loss !== 'softmaxCrossEntropy') return noClasses('it is defined for softmax and cross-entropy.', columns);
  if (linearization.jacobianTransposeProduct === undefined || linearization.gaussNewtonProduct === undefined)
    return noClasses('this model has no products with the Jacobian of its outputs.', columns);
  if (rows !== objective.examples || outputGradients === undefined)
    return noClasses('this engine does not tell the labels of the examples.', columns);
  if (columns > mostClasses || columns ** 2 * objective.space.dim > mostFactorEntries)
    return noClasses(
      `${columns}² class means of ${objective.space.dim} parameters are more than are held at once; use fewer classes or a smaller model.`,
      columns,
    );
  const labelled = labelsFrom(outputs, outputGradients);
  return labelled === null ? noClasses('the targets are not classes.', columns) : { columns, labelled };
}

async function classesOf<V>(
  work: StructureWork<V>,
  labelled: ProbabilitiesAndLabels,
  topOfHessian: TopSubspace<V>,
): Promise<{ readonly value: ClassStructure | null; readonly statuses: readonly Status[] }> {
  const { objective, linearization, parameters, context, spent } = work;
  const { space, convention } = objective;
  const { signal, onProgress } = context;
  const factors = await classFactors(
    space,
    linearization,
    labelled,
    convention.overExamples === 'sum' ? 'sum' : 'mean',
    signal,
    (done, total) => {
      spent.products++;
      onProgress?.({ stage: 'class means', done, total, unit: 'products' });
    },
  );
  if (factors === null) return { value: null, statuses: ['cancelled'] };
  const classes = factors.counts.length;
  const gaussNewton = gaussNewtonOperator(space, linearization);
  try {
    const topOfGaussNewton = await search(work, gaussNewton, 'eigenvectors of G', 2 * classes + 1);
    try {
      const { value, statuses, products } = await classStructure({
        ...{ space, gaussNewton, factors, topOfHessian, topOfGaussNewton, signal },
        traceProbes: parameters.traceProbes,
        rng: context.rng.split('classes'),
        onProduct: (stage, done, total) => onProgress?.({ stage, done, total, unit: 'products' }),
      });
      spent.products += products;
      return { value, statuses: [topOfGaussNewton.status, ...statuses] };
    } finally {
      space.release(...topOfGaussNewton.vectors);
    }
  } finally {
    space.release(...factors.g0, ...factors.g1, ...factors.g2);
  }
}
