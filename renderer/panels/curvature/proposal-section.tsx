import type { ProposedSize } from '../../../core/analyses/sampling/sampling.ts';
import { proposalAt } from '../../../core/experiment/curvature-figures.ts';
import { withSetting } from '../../../core/experiment/experiment-text.ts';
import type { SamplingDocument } from '../../../core/experiment/result-documents.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { isKnown, proposalSentence } from '../../../core/figures/sampling-figure.ts';
import { report } from '../../actions/failures.ts';
import { editExperiment } from '../../actions/file-actions.ts';
import type { Run } from '../../state/runs.ts';
import { wantPanel } from '../../state/session.ts';
import { Button } from '../../widgets/button.tsx';
import { NumberField } from '../../widgets/fields.tsx';
import { Section } from '../../widgets/section.tsx';

export interface ProposalSectionProps {
  readonly run: Run;
  readonly document: SamplingDocument;
  readonly quantity: ProposedSize['quantity'];
  readonly accuracy: number;
  readonly onAccuracy: (accuracy: number) => void;
}

/** How many examples a wanted accuracy takes, recomputed at once from σ and c. */
export function ProposalSection({ run, document, quantity, accuracy, onAccuracy }: ProposalSectionProps) {
  const proposal = proposalAt(document, quantity, accuracy);
  const { ofThese, ofTheseLow95, ofTheseHigh95 } = proposal;
  const { examples } = document;
  const isPart = isKnown(proposal) && ofThese < examples;
  return (
    <Section title="Examples for a wanted accuracy">
      <div className="curvature-proposal">
        <NumberField
          label="Wanted error"
          value={Number((100 * accuracy).toPrecision(12))}
          above={0}
          maximum={100}
          step={1}
          unit="%"
          onChange={(percent) => onAccuracy(percent / 100)}
        />
        <p className="curvature-sentence" role="status">
          {proposalSentence(quantity, accuracy, proposal)}
        </p>
        <p className="curvature-quiet">
          {isPart
            ? `${numberText(ofThese, 6)} of these ${numberText(examples)} are enough for the value of all of them (95 %: ${numberText(ofTheseLow95, 6)} … ${numberText(ofTheseHigh95, 6)}): so many may be probed in training.`
            : isKnown(proposal)
              ? `For the value of all ${numberText(examples)} no part of them is enough.`
              : 'σ of one example has no upper bound here: take more batches, or more probes of the trace.'}
        </p>
        <Button
          size="small"
          isDisabled={!isPart}
          tooltip="Writes it to the probes of this experiment, in the editor"
          onPress={() => editWithSize(run, ofThese)}
        >
          Use {isPart ? numberText(ofThese, 6) : 'this size'} for probes
        </Button>
      </div>
    </Section>
  );
}

function editWithSize({ yaml, file }: Run, examples: number): void {
  try {
    editExperiment(withSetting(yaml, ['probes', 'examples'], examples), file);
    wantPanel('editor');
  } catch (problem) {
    report(problem);
  }
}
