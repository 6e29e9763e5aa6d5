import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { contourStep, contourText } from '../../scene/contour-step.ts';
import type { HeightScale } from '../../scene/height-scale.ts';
import { checkpointAt, type ShownPath } from '../../scene/path-points.ts';
import type { LegendSentence } from '../../scene/scene-legend.ts';
import { stepText } from '../../scene/step-text.ts';
import { useTime } from '../../state/time.ts';
import { ReadOut } from './read-out.tsx';

export interface LegendProps {
  readonly scale: HeightScale;
  readonly path: ShownPath | null;
  readonly flat: boolean;
  readonly stalks: boolean;
  /** Whether the losses of the path are known; where they are not, it lies on the slice. */
  readonly hasLosses: boolean;
  /** False over another quantity: then only the shadow of the path is drawn. */
  readonly isLoss: boolean;
  /** Of what is drawn upwards, for what is read off: `loss`. */
  readonly quantity: string;
  /** Lengths of the sides of the plane. */
  readonly sides: readonly [alpha: number, beta: number];
  /** Of the quantity that colours. */
  readonly certificate: string | null;
  /** What is cut off, uncoloured or missing. */
  readonly sentences: readonly LegendSentence[];
  readonly hasMarks: boolean;
}

/** What is drawn: the contours, the path, and how far its checkpoint is from the plane, the probed point. */
export function Legend(props: LegendProps) {
  const { scale, path, flat, stalks, hasLosses, isLoss, quantity, sides, certificate, sentences, hasMarks } = props;
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
            {flat || !stalks || !hasLosses ? null : <path className="landscape-legend-stalk" d="M6 4v7.5M13 4v7.5" />}
          </svg>
          {flat || !isLoss
            ? 'path, its shadow on the plane'
            : !hasLosses
              ? 'path, drawn on the slice: its losses are not known'
              : stalks
                ? 'path at its true loss; stalks drop to the slice'
                : 'path at its true loss'}
        </li>
      )}
      {path === null ? null : <CurrentStep path={path} />}
      {hasMarks ? (
        <li>
          <svg viewBox="0 0 18 12" aria-hidden="true">
            <circle className="landscape-legend-probe" cx="4.5" cy="6" r="3.5" />
            <path className="landscape-legend-probe" d="M13.5 1.5L18 6L13.5 10.5L9 6Z" />
          </svg>
          grid minima and passes; filled beyond noise and sampling
        </li>
      ) : null}
      {certificate === null ? null : (
        <li>
          <span className="landscape-legend-sign" aria-hidden="true">
            ±
          </span>
          {certificate}
        </li>
      )}
      {sentences.map(({ kind, text }) => (
        <li key={kind}>
          <span className={`landscape-legend-sign landscape-legend-${kind}`} aria-hidden="true" />
          {text}
        </li>
      ))}
      <ReadOut path={path} sides={sides} quantity={quantity} />
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
        step <span className="landscape-numeral">{stepText(path.steps[index] ?? 0)}</span>, {hiddenText(path, index)}
      </span>
    </li>
  );
}

/** `0.29 off the plane of 6.84 from its centre: 0.2 % of the squared way unseen`. */
function hiddenText({ distance, length }: ShownPath, index: number): string {
  const [off, all] = [distance[index] ?? Number.NaN, length[index] ?? Number.NaN];
  if (all === 0) return 'the centre of the plane';
  // Files of other tools tell neither.
  if (!Number.isFinite(off)) return 'how far from the plane is not known';
  if (!Number.isFinite(all)) return `${numberText(off, 3)} from the plane`;
  const share = percentText(Math.min(1, (off / all) ** 2));
  return `${numberText(off, 3)} of ${numberText(all, 3)} from the plane, ${share} of its square unseen`;
}
