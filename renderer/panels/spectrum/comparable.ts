import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import type { Results } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { numeralText } from '../../widgets/numeral-text.ts';
import { shortMatrixName, spectrumKey } from './spectrum-list.tsx';

/** A spectrum that can be drawn over another one. */
export interface Comparable {
  readonly id: string;
  /** For the list of choices and the legend. */
  readonly name: string;
  readonly document: SpectrumDocument;
}

const stepText = ({ step }: SpectrumDocument): string => (step === null ? 'θ₀' : `step ${numeralText(step)}`);

/** Short, and enough to tell it from the others: its step, and its run or matrix where that is another. */
export function spectrumName(document: SpectrumDocument, run: Run, among: SpectrumDocument, studied: Run): string {
  const parts = [
    ...(run.id === studied.id ? [] : [run.title]),
    ...(shortMatrixName(document) === shortMatrixName(among) ? [] : [shortMatrixName(document)]),
    stepText(document),
  ];
  return parts.join(', ');
}

/** The other spectra of the run that is studied, then those of the runs drawn beside it. */
export function comparablesTo(
  document: SpectrumDocument,
  studied: Run,
  runs: readonly Run[],
  spectra: Results['spectra'],
): readonly Comparable[] {
  const others = runs.filter(({ id, visible }) => visible && id !== studied.id);
  return [studied, ...others].flatMap((run) =>
    (spectra[run.id] ?? [])
      .filter((other) => run.id !== studied.id || spectrumKey(other) !== spectrumKey(document))
      .map((other) => ({
        id: `${run.id} ${spectrumKey(other)}`,
        name: spectrumName(other, run, document, studied),
        document: other,
      })),
  );
}
