import type { Status } from '../../../linalg/result.ts';
import { gaussNewtonOperator } from '../../../objective/curvature/gauss-newton.ts';
import { hessianOperator } from '../../../objective/curvature/hessian.ts';
import type { Linearization, Objective } from '../../../objective/objective.ts';
import type { AnalysisContext } from '../../analysis-run.ts';
import type { DirectionKind } from './direction-kinds.ts';
import { eigenvectorDirections } from './eigenvectors.ts';
import type { FoundDirection } from './found-direction.ts';
import { gradientDirection, hessianGradientDirection } from './gradient.ts';

/** What methods found, by kind, and what it cost. */
export interface Findings {
  readonly found: Map<DirectionKind, readonly FoundDirection[]>;
  readonly statuses: Status[];
  products: number;
  gradients: number;
}

const secondOrder = ['eigen', 'lowest', 'gauss-newton', 'hessian-gradient'] as const;

/** The kinds that need derivatives of the loss at θ, as many as are counted, all from one linearization. */
export async function derivativeDirections<V>(
  count: (kind: DirectionKind) => number,
  context: AnalysisContext & { readonly objective: Objective<V>; readonly theta: V },
): Promise<Findings> {
  const { objective, theta } = context;
  const { space } = objective;
  const findings: Findings = { found: new Map(), statuses: [], products: 0, gradients: 0 };
  if (secondOrder.some(count)) {
    findings.gradients++;
    const linearization = await objective.linearize(theta);
    try {
      if (count('gradient'))
        addOne(findings, 'gradient', gradientDirection(await space.toHost(linearization.gradient)));
      if (count('hessian-gradient')) {
        findings.products++;
        addOne(findings, 'hessian-gradient', await hessianGradientDirection(objective, linearization));
      }
      await addEigenvectors(findings, count, linearization, context);
    } finally {
      linearization.dispose();
    }
  } else if (count('gradient')) {
    findings.gradients++;
    const { gradient } = await objective.gradient(theta);
    try {
      addOne(findings, 'gradient', gradientDirection(await space.toHost(gradient)));
    } finally {
      space.release(gradient);
    }
  }
  return findings;
}

/** A direction without a vector met what is not finite. */
function addOne({ found, statuses }: Findings, kind: DirectionKind, direction: FoundDirection): void {
  found.set(kind, [direction]);
  if (!direction.vector) statuses.push('notFinite');
}

async function addEigenvectors<V>(
  findings: Findings,
  count: (kind: DirectionKind) => number,
  linearization: Linearization<V>,
  { objective, rng, signal, onProgress }: AnalysisContext & { readonly objective: Objective<V> },
): Promise<void> {
  const { space } = objective;
  const [top, bottom, gaussNewton] = [count('eigen'), count('lowest'), count('gauss-newton')];
  if (top + bottom > 0) {
    const hessian = hessianOperator(space, linearization);
    const context = { rng: rng.split('eigenvectors'), signal, onProgress };
    const result = await eigenvectorDirections(hessian, 'Hessian', { top, bottom }, context);
    findings.found.set('eigen', result.top).set('lowest', result.bottom);
    findings.products += result.products;
    findings.statuses.push(result.status);
  }
  if (gaussNewton > 0) {
    const matrix = gaussNewtonOperator(space, linearization);
    const context = { rng: rng.split('Gauss–Newton eigenvectors'), signal, onProgress };
    const wanted = { top: gaussNewton, bottom: 0 };
    const result = await eigenvectorDirections(matrix, 'Gauss–Newton', wanted, context);
    findings.found.set('gauss-newton', result.top);
    findings.products += result.products;
    findings.statuses.push(result.status);
  }
}
