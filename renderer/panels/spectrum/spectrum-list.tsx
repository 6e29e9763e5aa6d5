import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { matrixName } from '../../../core/experiment/spectrum-figures.ts';
import { Numeral } from '../../widgets/numbers.tsx';
import './spectrum-list.css';

export const spectrumKey = ({ step, operator, precision, blocks }: SpectrumDocument): string =>
  [operator, precision, step, ...(blocks ?? [])].join(' ');

/** `Gauss–Newton`, `Hessian of dense_1/kernel`. */
export const shortMatrixName = (document: SpectrumDocument): string => matrixName(document).replace(' matrix', '');

export interface SpectrumListProps {
  readonly spectra: readonly SpectrumDocument[];
  readonly chosen: SpectrumDocument;
  readonly onChoose: (document: SpectrumDocument) => void;
}

/** The spectra of a run by their steps; choosing one moves the cursor of all panels to its step. */
export function SpectrumList({ spectra, chosen, onChoose }: SpectrumListProps) {
  return (
    <ul className="spectrum-list" aria-label="Spectra of this run">
      {spectra.map((document) => {
        const isChosen = spectrumKey(document) === spectrumKey(chosen);
        const { step, eigenvalues, density, trace } = document;
        const parts = [
          eigenvalues.length > 0 ? `${eigenvalues.length} eigenvalues` : '',
          density ? 'density' : '',
          trace ? 'trace' : '',
          document.layers ? 'blocks' : '',
        ].filter(Boolean);
        return (
          <li key={spectrumKey(document)}>
            <button
              type="button"
              className={isChosen ? 'spectrum-list-item spectrum-list-chosen' : 'spectrum-list-item'}
              aria-current={isChosen}
              onClick={() => onChoose(document)}
            >
              <b>
                {step === null ? (
                  'θ₀'
                ) : (
                  <>
                    Step <Numeral value={step} />
                  </>
                )}
              </b>
              <span>
                {[
                  ...(document.operator === 'hessian' && !document.blocks?.length ? [] : [shortMatrixName(document)]),
                  ...parts,
                ].join(', ')}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
