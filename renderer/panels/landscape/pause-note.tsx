import { continueSlice } from '../../actions/analysis-actions.ts';
import type { PlaneKind } from '../../state/plane-kind.ts';
import { useResults, valuesOf } from '../../state/results.ts';
import { type Pause, sliceKey, useSliceProgress } from '../../state/slice-progress.ts';
import { Button } from '../../widgets/button.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';

const progressText = ({ done, total, quantities }: Pick<Pause, 'done' | 'total' | 'quantities'>): string =>
  `${numeralText(done)} of ${numeralText(total)} ${quantities === 1 ? 'points' : `values of ${quantities} quantities`}`;

/** `412 of 2 601 points, paused — Continue`, or how far it is, with a button that pauses it. */
export function PauseNote({ run, plane }: { readonly run: string; readonly plane: PlaneKind }) {
  const key = sliceKey(run, plane);
  const job = useSliceProgress(({ running }) => running[key] ?? null);
  const pause = useSliceProgress(({ pauses }) => pauses[key] ?? null);
  const latest = useResults(({ landscapes }) => landscapes[run]?.[plane] ?? null);
  if (job !== null) {
    const slice = latest && !latest.complete ? latest.slice : null;
    return (
      <p className="landscape-pause">
        <span>
          {slice === null ? 'Being computed' : progressText({ ...valuesOf(slice), quantities: slice.fields.length })}
        </span>
        <Button size="small" onPress={job.cancel} tooltip="Stops; what is computed stays on disk">
          Pause
        </Button>
      </p>
    );
  }
  if (pause === null) return null;
  return (
    <p className="landscape-pause">
      <span>{progressText(pause)}, paused</span>
      <Button size="small" onPress={() => continueSlice(run, plane)} tooltip="Goes on from what is on disk">
        Continue
      </Button>
    </p>
  );
}
