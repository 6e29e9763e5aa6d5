import { exactSpectrumAt } from '../../core/analyses/spectrum/exact.ts';
import type { Spectrum } from '../../core/analyses/spectrum/run.ts';
import { denseEigenvectorLimit } from '../../core/linalg/dense-symmetric.ts';
import { type CheckItem, checkObjective } from '../../core/objective/checked.ts';
import type { OpenedPoint } from './open.ts';

export interface PointCheck {
  readonly items: readonly CheckItem[];
  readonly failed: boolean;
}

/** Is the model at this point fit for curvature? Cost: 3 products, 15 gradients, 51 losses. */
export async function checkPoint({ opened, theta }: OpenedPoint): Promise<PointCheck> {
  const { space } = opened.objective;
  const point = space.copy(theta);
  try {
    const { value } = await checkObjective(opened.objective, point, opened.rng.split('check'));
    return { items: value.items, failed: value.items.some(({ outcome }) => outcome === 'failed') };
  } finally {
    space.release(point);
  }
}

export interface DenseComparison {
  readonly eigenvalues: number;
  /** Largest |λ − exact λ|. */
  readonly largestError: number;
  /** Whether every error lies within the stated bound of its eigenvalue (and the rounding of the dense solver). */
  readonly agrees: boolean;
}

/** The slow twin: all eigenvalues of the dense Hessian, p products. Null above its limit. */
export async function compareWithDense(
  { opened, theta }: OpenedPoint,
  { operator, eigenvalues, bottom }: Pick<Spectrum, 'operator' | 'eigenvalues' | 'bottom'>,
): Promise<DenseComparison | null> {
  const { space } = opened.objective;
  if (space.dim > denseEigenvectorLimit) return null;
  const point = space.copy(theta);
  try {
    const { value } = await exactSpectrumAt(opened.objective, point, operator);
    const exact = Array.from(value.eigenvalues);
    const scale = Math.max(...exact.map(Math.abs));
    const rounding = scale * (space.precision === 'float64' ? 1e-12 : 1e-5);
    const errors = [
      ...eigenvalues.map(({ value: found, errorBound }, i) => ({
        error: Math.abs(found - (exact.at(-1 - i) ?? Number.NaN)),
        errorBound,
      })),
      ...bottom.map(({ value: found, errorBound }, i) => ({
        error: Math.abs(found - (exact[i] ?? Number.NaN)),
        errorBound,
      })),
    ];
    return {
      eigenvalues: errors.length,
      largestError: Math.max(0, ...errors.map(({ error }) => error)),
      agrees: errors.every(({ error, errorBound }) => error <= errorBound + rounding),
    };
  } finally {
    space.release(point);
  }
}

export function checkLines({ items }: PointCheck, comparison: DenseComparison | null): string[] {
  const signs = { passed: '✓', failed: '✗', undecided: '◌' } as const;
  const lines = ['Check of the model', ...items.map(({ outcome, sentence }) => `  ${signs[outcome]} ${sentence}`)];
  if (comparison)
    lines.push(
      `  ${comparison.agrees ? '✓' : '✗'} ${comparison.eigenvalues} eigenvalues against the dense Hessian: largest error ${comparison.largestError.toExponential(1)}, ${comparison.agrees ? 'each within its bound' : 'outside a stated bound'}.`,
    );
  return lines;
}
