import { contourStep, contourText } from '../../scene/contour-step.ts';
import type { HeightScale } from '../../scene/height-scale.ts';
import { checkpointAt, type ShownPath } from '../../scene/path-points.ts';
import { stepText } from '../../scene/step-text.ts';
import { useTime } from '../../state/time.ts';
import { distanceText } from './landscape-text.ts';
import { ReadOut } from './read-out.tsx';

export interface LegendProps {
  readonly scale: HeightScale;
  readonly path: ShownPath | null;
  readonly flat: boolean;
  /** Lengths of the sides of the plane. */
  readonly sides: readonly [alpha: number, beta: number];
}

/** What is drawn: the contours, the path, and how far its checkpoint is from the plane, the probed point. */
export function Legend({ scale, path, flat, sides }: LegendProps) {
  const { step } = contourStep(scale.low, scale.high);
  return (
    <ul className="landscape-legend">
      {step === 0 ? null : (
        <li>
          <svg viewBox="0 0 18 12" aria-hidden="true">
            <path className="landscape-legend-contour" d="M1 9.5C5 2 12 1.5 17 5M1 12c6-6 12-6 16-2.5" />
          </svg>
          {contourText(step, scale.logarithmic)}
        </li>
      )}
      {path === null ? null : (
        <li>
          <svg viewBox="0 0 18 12" aria-hidden="true">
            <path className="landscape-legend-case" d="M2 4C6 2 12 2.5 16 3.5" />
            <path className="landscape-legend-path" d="M2 4C6 2 12 2.5 16 3.5" />
            {flat ? null : <path className="landscape-legend-stalk" d="M6 4v7.5M13 4v7.5" />}
          </svg>
          {flat ? 'path, its shadow on the plane' : 'path at its true loss; stalks drop to the slice'}
        </li>
      )}
      {path === null ? null : <CurrentStep path={path} />}
      <ReadOut path={path} sides={sides} />
    </ul>
  );
}

function CurrentStep({ path }: { readonly path: ShownPath }) {
  const cursor = useTime((time) => time.cursor);
  const index = checkpointAt(path, cursor);
  return (
    <li>
      <svg viewBox="0 0 18 12" aria-hidden="true">
        <circle className="landscape-legend-ring" cx="9" cy="6" r="5" />
        <circle className="landscape-legend-dot" cx="9" cy="6" r="3" />
      </svg>
      <span>
        step <span className="landscape-numeral">{stepText(path.steps[index] ?? 0)}</span>, {distanceText(path, index)}
      </span>
    </li>
  );
}
