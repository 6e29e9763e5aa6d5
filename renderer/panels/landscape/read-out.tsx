import { numberText } from '../../../core/figures/number-text.ts';
import { nearestShadow, type ShownPath } from '../../scene/path-points.ts';
import { stepText } from '../../scene/step-text.ts';
import { useProbe } from '../../state/probe.ts';

export interface ReadOutProps {
  readonly path: ShownPath | null;
  /** What counts as equally far along α and β. */
  readonly sides: readonly [alpha: number, beta: number];
  readonly quantity: string;
}

/** The point under the pointer, here or on the map. */
export function ReadOut({ path, sides, quantity }: ReadOutProps) {
  const point = useProbe((state) => state.point);
  if (point === null) return null;
  const nearest = path ? nearestShadow(path, sides, point.alpha, point.beta) : -1;
  return (
    <li>
      <svg viewBox="0 0 18 12" aria-hidden="true">
        <circle className="landscape-legend-probe" cx="9" cy="6" r="4" />
      </svg>
      <span>
        <span className="landscape-numeral">
          α {numberText(point.alpha, 3)}, β {numberText(point.beta, 3)}
        </span>
        {Number.isFinite(point.loss)
          ? `, ${quantity} ${numberText(point.loss, 3)} between grid points`
          : `, no finite ${quantity} here`}
        {path && nearest >= 0 ? `, nearest to step ${stepText(path.steps[nearest] ?? 0)}` : ''}
      </span>
    </li>
  );
}
