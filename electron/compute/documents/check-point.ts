import { exactSpectrumAt } from '../../../core/analyses/spectrum/exact.ts';
import type { Spectrum } from '../../../core/analyses/spectrum/spectrum.ts';
import { denseEigenvectorLimit } from '../../../core/linalg/dense/dense-symmetric.ts';
import { breathingObjective } from '../../../core/objective/breathing.ts';
import { type CheckItem, checkObjective } from '../../../core/objective/checked.ts';
import type { OpenedPoint } from '../open-point.ts';
import { turnOfEventLoop } from '../turn-of-event-loop.ts';
import type { Monitor } from './analysis-document.ts';
import { spectrumStream } from './spectrum-document.ts';

export interface PointCheck {
  readonly items: readonly CheckItem[];
  readonly failed: boolean;
}

class Stopped extends Error {}

/** Is the model at this point fit for curvature? Null where it was stopped. Cost: 3 products, 15 gradients, 51 losses. */
export async function checkPoint(
  { opened, theta }: OpenedPoint,
  { signal }: Pick<Monitor, 'signal'>,
): Promise<PointCheck | null> {
  const { space } = opened.objective;
  const objective = breathingObjective(opened.objective, async () => {
    await turnOfEventLoop();
    // The items of a check say something together only: it ends as a whole.
    if (signal?.aborted) throw new Stopped();
  });
  const point = space.copy(theta);
  try {
    const { value } = await checkObjective(objective, point, opened.rng.split('check'));
    return { items: value.items, failed: value.items.some(({ outcome }) => outcome === 'failed') };
  } catch (problem) {
    if (problem instanceof Stopped) return null;
    throw problem;
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

/** The slow twin: all eigenvalues of the dense matrix, p products. Null above its limit, and where it was stopped. */
export async function compareWithDense(
  { opened, theta, step, preconditioner }: OpenedPoint,
  spectrum: Pick<
    Spectrum,
    'operator' | 'blocks' | 'samples' | 'order' | 'eigenvalues' | 'bottom' | 'magnitude' | 'nearZero'
  >,
  { signal }: Pick<Monitor, 'signal'>,
): Promise<DenseComparison | null> {
  const { space } = opened.objective;
  if (spectrum.order > denseEigenvectorLimit) return null;
  const rng = spectrumStream(opened, step);
  const point = space.copy(theta);
  try {
    const objective = breathingObjective(opened.objective, turnOfEventLoop);
    const { value, status } = await exactSpectrumAt(
      objective,
      point,
      spectrum,
      { rng, preconditioner },
      {
        signal,
        breathe: turnOfEventLoop,
      },
    );
    if (status === 'cancelled') return null;
    const exact = Array.from(value.eigenvalues);
    const scale = Math.max(...exact.map(Math.abs));
    const rounding = scale * (space.precision === 'float64' ? 1e-12 : 1e-5);
    const byMagnitude = [...exact].sort((a, b) => Math.abs(b) - Math.abs(a));
    const against = (list: Spectrum['eigenvalues'], truth: readonly number[]) =>
      list.map(({ value: found, errorBound }, i) => ({
        error: Math.abs(found - (truth[i] ?? Number.NaN)),
        errorBound,
      }));
    const errors = [
      ...against(spectrum.eigenvalues, [...exact].reverse()),
      ...against(spectrum.bottom, exact),
      ...against(spectrum.magnitude, byMagnitude),
      ...against(spectrum.nearZero ?? [], [...byMagnitude].reverse()),
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
