import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { numberText, percentText } from '../../../core/figures/number-text.ts';
import { joinedPath, type ShownPath } from '../../scene/path-points.ts';
import { computedShare, type SliceGrid } from '../../scene/slice-grid.ts';
import { stepText } from '../../scene/step-text.ts';
import { hasHoles, type ShownLandscape } from '../../state/results.ts';
import { sliceTitle } from '../../state/slice-title.ts';
import { fileProvenance, fileSubject } from './file-text.ts';
import { fieldOf } from './quantities.ts';

/** A quantity of a plane, the loss unless said, as a scene and a map draw it. */
export function gridOf(shown: ShownLandscape, quantity = 'loss'): SliceGrid {
  const { slice } = shown;
  const { values, computed } = fieldOf(slice, quantity);
  return {
    alpha: slice.axes[0]!,
    beta: slice.axes[1] ?? [0],
    loss: values,
    computed,
    isFinal: hasHoles(shown),
  };
}

export const pathOf = ({ slice, newer }: ShownLandscape): ShownPath | null => joinedPath(slice.trajectory, newer);

/** `Trajectory plane through step 3 000 · 51 × 51 points · float32, wasm · coarse, 26 % of the points`. */
export function provenanceText(shown: ShownLandscape): string {
  const { slice, complete } = shown;
  const share = computedShare(slice.fields[0]);
  const parts = shown.file
    ? fileProvenance(shown.file)
    : [
        `${sliceTitle(nameOfSlice(slice))} through ${slice.step === null ? 'the start' : `step ${stepText(slice.step)}`}`,
        `${slice.axes.map(({ length }) => length).join(' × ')} points`,
        `${slice.precision}, ${slice.engine}`,
      ];
  if (share < 1)
    parts.push(`${shown.file ? '' : complete ? 'stopped at ' : 'coarse, '}${percentText(share)} of the points`);
  return parts.join(' · ');
}

/** `0.29 of 6.84 from the plane`: how far the checkpoint is from where it is drawn, and from the centre. */
export function distanceText({ distance, length }: ShownPath, index: number): string {
  if (length[index] === 0) return 'the centre of the plane';
  return `${numberText(distance[index] ?? Number.NaN, 3)} of ${numberText(length[index] ?? Number.NaN, 3)} from the plane`;
}

/** Where the picture misleads; none are known before a slice is whole. */
export const warningsOf = ({ slice }: ShownLandscape): readonly string[] => ('warnings' in slice ? slice.warnings : []);

/** What the picture shows, for those who do not see it. */
export function alternativeText(shown: ShownLandscape, run: string): string {
  const { slice } = shown;
  const { loss, computed, alpha, beta } = gridOf(shown);
  let [low, high, holes] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < loss.length; i++) {
    const value = loss[i]!;
    if (computed[i] !== 1 || !Number.isFinite(value)) {
      holes++;
      continue;
    }
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const sentences = [
    shown.file
      ? fileSubject(shown.file, run, slice.fields[0].quantity)
      : `The loss of ${run} on the ${sliceTitle(nameOfSlice(slice)).toLowerCase()}, ${alpha.length} × ${beta.length} points.`,
    low <= high
      ? `It goes from ${numberText(low, 3)} to ${numberText(high, 3)}.`
      : 'None of its points has a finite loss yet.',
    holes > 0 && low <= high
      ? `${holes} ${holes === 1 ? 'point is' : 'points are'} missing or not finite and left out.`
      : '',
    pathSentence(pathOf(shown)),
    explainedSentence(slice.directions.map(({ explained }) => explained)),
    ...warningsOf(shown),
  ];
  return sentences.filter(Boolean).join(' ');
}

function pathSentence(path: ShownPath | null): string {
  const known = path?.steps.flatMap((step, i) =>
    Number.isFinite(path.trueLoss[i]) ? [`step ${stepText(step)}, loss ${numberText(path.trueLoss[i]!, 3)}`] : [],
  );
  const [first, last] = [known?.[0], known?.[known.length - 1]];
  return first && last && first !== last ? `The path goes from ${first}, to ${last}.` : '';
}

function explainedSentence(shares: readonly (number | null)[]): string {
  const known = shares.filter((share) => share !== null);
  const sum = known.reduce((total, share) => total + share, 0);
  return known.length > 0
    ? `The plane holds ${percentText(Math.min(1, sum))} of the squared displacement of the path.`
    : '';
}
