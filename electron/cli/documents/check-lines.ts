import type { DenseComparison, PointCheck } from '../../compute/documents/check-point.ts';
import { printable } from '../terminal/printable.ts';

export function checkLines({ items }: PointCheck, comparison: DenseComparison | null): string[] {
  const signs = { passed: '✓', failed: '✗', undecided: '◌' } as const;
  const lines = [
    'Check of the model',
    ...items.map(({ outcome, sentence }) => `  ${signs[outcome]} ${printable(sentence)}`),
  ];
  if (comparison)
    lines.push(
      `  ${comparison.agrees ? '✓' : '✗'} ${comparison.eigenvalues} eigenvalues against the dense matrix: largest error ${comparison.largestError.toExponential(1)}, ${comparison.agrees ? 'each within its bound' : 'outside a stated bound'}.`,
    );
  return lines;
}
