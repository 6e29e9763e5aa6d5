import { numberText } from '../../../core/figures/number-text.ts';
import { nearestShadow, type ShownPath } from '../../scene/path-points.ts';
import { stepText } from '../../scene/step-text.ts';
import { useProbe } from '../../state/probe.ts';

export interface ReadOutProps {
  readonly path: ShownPath | null;
  /** Lengths of the sides of the plane. */
  readonly sides: readonly [alpha: number, beta: number];
}

/** The point under the pointer, here or on the map. */
export function ReadOut({ path, sides }: ReadOutProps) {
  const point = useProbe((state) => state.point);
  if (point === null) return null;
  const nearest = path ? nearestShadow(path, sides, point.alpha, point.beta) : -1;
  return (
    <dl className="landscape-read-out">
      <dt>α</dt>
      <dd>{numberText(point.alpha, 3)}</dd>
      <dt>β</dt>
      <dd>{numberText(point.beta, 3)}</dd>
      <dt>L</dt>
      <dd>{Number.isFinite(point.loss) ? numberText(point.loss, 3) : 'none here'}</dd>
      <dd className="landscape-read-out-note">between grid points</dd>
      {path && nearest >= 0 ? (
        <dd className="landscape-read-out-note">nearest checkpoint: step {stepText(path.steps[nearest] ?? 0)}</dd>
      ) : null}
    </dl>
  );
}
