import type { SearchedPoint } from '../../../core/analyses/saddles/saddle.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { type PointCheck, type PointName, pointKey, useSaddleScenes } from '../../state/saddle-scenes.ts';
import { Icon } from '../../widgets/icon.tsx';

interface Line {
  readonly outcome: 'passed' | 'failed' | 'undecided';
  readonly sentence: string;
}

/** float32 losses agree to so much with float64 ones. */
const agreement = { float64: 1e-9, float32: 1e-4 } as const;

/** What “Check this” has found, line by line. */
export function checkLines({ reading, report, problem, busy }: PointCheck, point: SearchedPoint): readonly Line[] {
  const lines: Line[] = [];
  if (reading !== null) {
    const off = Math.abs(reading.loss - point.loss) / Math.max(Math.abs(point.loss), 1e-300);
    const agrees = off <= agreement[reading.precision] || Math.abs(reading.loss - point.loss) < 1e-12;
    lines.push({
      outcome: agrees ? 'passed' : 'failed',
      sentence: `Read again in ${reading.precision}: loss ${numberText(reading.loss, 6)}, ${agrees ? 'the same' : `off by ${numberText(off, 2)}`}; ‖∇L‖ ${numberText(reading.gradientNorm, 2)}.`,
    });
  }
  if (report?.dense)
    lines.push({
      outcome: report.dense.agrees ? 'passed' : 'failed',
      sentence: `${report.dense.eigenvalues} eigenvalues by Lanczos against the dense matrix: largest error ${numberText(report.dense.largestError, 2)}, ${report.dense.agrees ? 'each within its bound' : 'outside a stated bound'}.`,
    });
  const items = report?.items ?? [];
  const passed = items.filter(({ outcome }) => outcome === 'passed').length;
  if (passed > 0)
    lines.push({
      outcome: 'passed',
      sentence: `${passed} checks of the model there: gradient and products against differences, repeated values.`,
    });
  for (const { outcome, sentence } of items) if (outcome !== 'passed') lines.push({ outcome, sentence });
  if (reading !== null && report === null && !busy)
    lines.push({ outcome: 'undecided', sentence: 'Its eigenvalues were not held against a dense matrix.' });
  if (problem !== null) lines.push({ outcome: 'failed', sentence: problem });
  return lines;
}

const signs = { passed: 'check', failed: 'cross', undecided: 'open' } as const;

export function PointChecks({ name, point }: { readonly name: PointName; readonly point: SearchedPoint }) {
  const check = useSaddleScenes(({ checks }) => checks[pointKey(name)]);
  if (!check) return null;
  return (
    <ul className="point-checks" role="status" aria-label="Check of the point">
      {checkLines(check, point).map(({ outcome, sentence }) => (
        <li key={sentence} className={`point-check-${outcome}`}>
          <Icon name={signs[outcome]} size={12} />
          <span>
            <span className="visually-hidden">{outcome}: </span>
            {sentence}
          </span>
        </li>
      ))}
    </ul>
  );
}
