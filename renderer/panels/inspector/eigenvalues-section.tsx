import { spectrumDescriptor } from '../../../core/analyses/spectrum/descriptor.ts';
import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { runSpectrum } from '../../actions/analysis-actions.ts';
import { shownSpectrum } from '../../figures/shown-spectrum.ts';
import { useResults } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { openDialog } from '../../state/session.ts';
import { StatusBadge } from '../../widgets/badge.tsx';
import { Button } from '../../widgets/button.tsx';
import { Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';
import { defaultParameters } from '../analysis/parameters.ts';
import { EigenvalueTable } from './eigenvalue-table.tsx';
import { checkpointFor, type StepReading } from './reading.ts';

/** Enough for the outliers of most classifiers. */
const topCount = 5;
const none: readonly [] = [];

/** The leading eigenvalues of the spectrum nearest to the step, and the way to compute them here. */
export function EigenvaluesSection({ run, reading }: { readonly run: Run; readonly reading: StepReading }) {
  const spectra = useResults((results) => results.spectra[run.id]) ?? none;
  const document = shownSpectrum(spectra, reading.step);
  return (
    <Section
      title="Leading eigenvalues"
      aside={
        <span>
          residual ‖<i className="inspector-math">Hv</i> − <i className="inspector-math">λv</i>‖
        </span>
      }
    >
      {document === null ? (
        <p className="inspector-quiet">No spectrum of this run has been computed yet.</p>
      ) : (
        <>
          <div className="inspector-wide">
            <EigenvalueTable document={document} most={topCount} />
          </div>
          <SearchNote document={document} />
          {document.step === reading.step ? null : (
            <p className="inspector-note">
              Of step <Numeral value={document.step} />, the nearest that was computed.
            </p>
          )}
          {document.inexactReason === null ? null : (
            <p className="inspector-note">Products are differences of gradients: {document.inexactReason}</p>
          )}
        </>
      )}
      <ComputeButton run={run} reading={reading} isThere={document !== null} computedAt={document?.step ?? null} />
    </Section>
  );
}

/** How the search ended, where it did not reach what was wanted. */
function SearchNote({ document: { parts, advice, status } }: { readonly document: SpectrumDocument }) {
  const { eigenvalues } = parts;
  if (eigenvalues === null || eigenvalues === 'converged' || eigenvalues === 'invariantSubspace') return null;
  return (
    <p className="inspector-note">
      <StatusBadge status={eigenvalues} /> {status === eigenvalues ? advice : null}
    </p>
  );
}

interface ComputeButtonProps {
  readonly run: Run;
  readonly reading: StepReading;
  readonly isThere: boolean;
  readonly computedAt: number | null;
}

function ComputeButton({ run, reading, isThere, computedAt }: ComputeButtonProps) {
  const checkpoint = checkpointFor(run.checkpoints, reading.step);
  if (checkpoint === null || (isThere && computedAt === checkpoint))
    return isThere ? null : <p className="inspector-note">It needs a checkpoint; the run has none yet.</p>;
  const parameters = { ...defaultParameters(spectrumDescriptor), top: topCount };
  const { products } = spectrumDescriptor.cost(parameters, run.description?.parameters ?? Number.POSITIVE_INFINITY);
  const { sharpness } = reading;
  const seconds = sharpness && sharpness.products > 0 ? (sharpness.seconds / sharpness.products) * products : null;
  return (
    <>
      <div className="inspector-actions">
        <Button size="small" onPress={() => runSpectrum(run.id, checkpoint, { top: topCount })}>
          Compute top eigenvalues
        </Button>
        <Button size="small" variant="quiet" onPress={() => openDialog('analysis', { id: 'spectrum' })}>
          More…
        </Button>
      </div>
      <p className="inspector-note">
        At step <Numeral value={checkpoint} />: about {products} products
        {seconds === null ? '' : `, ${numberText(seconds, 1)} s`}.
      </p>
    </>
  );
}
