import type { SpectrumDocument } from '../../../core/experiment/result-documents.ts';
import { runCheck } from '../../actions/analysis-actions.ts';
import { type ShownCheck, useResults } from '../../state/results.ts';
import type { Run } from '../../state/runs.ts';
import { Button } from '../../widgets/button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { sizeText } from '../inspector/compact-text.ts';
import { spectrumKey } from './spectrum-list.tsx';

interface SpectrumCheckProps {
  readonly run: Run;
  readonly document: SpectrumDocument;
}

/** Holds the eigenvalues against the slow twin. */
export function CheckButton({ run, document }: SpectrumCheckProps) {
  return (
    <Button
      size="small"
      onPress={() => runCheck(run.id, document.step, document)}
      isDisabled={document.step === null}
      tooltip="The model against differences, the eigenvalues against the dense matrix"
    >
      Check this
    </Button>
  );
}

/** What the last check of this spectrum found. */
export function CheckResult({ run, document }: SpectrumCheckProps) {
  const check = useResults(({ checks }) => checks[run.id]);
  if (!check?.spectrum || spectrumKey(check.spectrum) !== spectrumKey(document)) return null;
  const { outcome, sentence } = checkSentence(check);
  return (
    <p className={`spectrum-check spectrum-check-${outcome}`} role="status">
      <Icon name={{ passed: 'check', failed: 'cross', undecided: 'open' }[outcome] as 'check'} size={12} />
      <span>{sentence}</span>
    </p>
  );
}

/** Whether all that was checked agrees, and the largest error of an eigenvalue. */
export function checkSentence({ report: { items, dense } }: Pick<ShownCheck, 'report'>): {
  readonly outcome: 'passed' | 'failed' | 'undecided';
  readonly sentence: string;
} {
  const failed = items.filter(({ outcome }) => outcome === 'failed');
  const model = failed.length > 0 ? ` ${failed.map(({ sentence }) => sentence).join(' ')}` : '';
  if (dense === null) {
    return {
      outcome: failed.length > 0 ? 'failed' : 'undecided',
      sentence: `The matrix is too large for the dense twin: only the model was checked.${model}`,
    };
  }
  const error = `largest error ${sizeText(dense.largestError)} of ${dense.eigenvalues} eigenvalues`;
  return dense.agrees
    ? {
        outcome: failed.length > 0 ? 'failed' : 'passed',
        sentence: `Agrees with the dense matrix: ${error}, each within its bound.${model}`,
      }
    : {
        outcome: 'failed',
        sentence: `Does not agree with the dense matrix: ${error}, outside a stated bound.${model}`,
      };
}
