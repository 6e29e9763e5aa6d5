import type { CheckItem, CheckReport } from '../../../core/protocol/methods.ts';
import { Icon, type IconName } from '../../widgets/icon.tsx';
import { Numeral } from '../../widgets/numbers.tsx';
import { Section } from '../../widgets/section.tsx';

const signs: Readonly<Record<CheckItem['outcome'], { readonly icon: IconName; readonly word: string }>> = {
  passed: { icon: 'check', word: 'passed' },
  failed: { icon: 'cross', word: 'failed' },
  undecided: { icon: 'open', word: 'undecided' },
};

export interface CheckSectionProps {
  readonly step: number | null;
  readonly report: CheckReport;
}

/** What “Check this” found: the model by differences, the eigenvalues against the dense matrix. */
export function CheckSection({ step, report }: CheckSectionProps) {
  const { dense } = report;
  const items: CheckItem[] = [
    ...report.items,
    ...(dense
      ? [
          {
            outcome: dense.agrees ? ('passed' as const) : ('failed' as const),
            sentence: `${dense.eigenvalues} eigenvalues against the dense matrix: largest error ${dense.largestError.toExponential(1)}, ${dense.agrees ? 'each within its bound' : 'outside a stated bound'}.`,
          },
        ]
      : []),
  ];
  return (
    <Section
      title="Check of the model"
      aside={
        step === null ? (
          'last checkpoint'
        ) : (
          <>
            step <Numeral value={step} />
          </>
        )
      }
    >
      <ul className="inspector-checks">
        {items.map(({ outcome, sentence }) => (
          <li key={sentence} className={`inspector-check-${outcome}`}>
            <Icon name={signs[outcome].icon} size={12} />
            <span>
              <span className="visually-hidden">{signs[outcome].word}: </span>
              {sentence}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
