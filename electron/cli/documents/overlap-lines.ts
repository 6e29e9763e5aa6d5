import type { OverlapDocument } from '../../../core/experiment/result-documents.ts';
import { printable } from '../terminal/printable.ts';

/** The document for people: a table of overlaps in per cent, and what each subspace is known to. */
export function overlapLines(document: OverlapDocument): string[] {
  const { labels, overlap, errorBound, k, random, subspaces, status, advice, stats } = document;
  const width = Math.max(8, ...labels.map((label) => label.length));
  const names = labels.map((_, i) => `${i + 1}`.padStart(6));
  const percent = (value: number) => (100 * value).toFixed(1).padStart(6);
  const rows = labels.map((label, i) => {
    const cells = labels.map((_, j) => (j > i ? '      ' : percent(overlap.data[i * labels.length + j] ?? 0)));
    return `  ${`${i + 1}`.padStart(2)} ${printable(label).padEnd(width)} ${cells.join('')}`.trimEnd();
  });
  const worst = Math.max(0, ...errorBound.data);
  return [
    `${printable(document.experiment)}: top-${k} subspaces of the ${document.operator === 'hessian' ? 'Hessian' : 'Gauss–Newton matrix'} of ${document.convention.formula}`,
    `${document.dim} parameters, ${document.engine} ${document.precision}`,
    '',
    `Overlap ‖UᵢᵀUⱼ‖²/k in per cent (random subspaces: ${(100 * random).toPrecision(2)}); entries are within ${(100 * worst).toPrecision(2)} points of those of the true subspaces`,
    `  ${''.padEnd(width + 4)}${names.join('')}`,
    ...rows,
    '',
    'Each subspace',
    ...subspaces.map(({ label, eigenvalues, gap, angleBound }) => {
      const [first, last] = [eigenvalues[0], eigenvalues.at(-1)];
      const ends = `λ₁ ${first?.value.toPrecision(5)} … λ${eigenvalues.length} ${last?.value.toPrecision(5)}`;
      return `  ${printable(label).padEnd(width)}  ${ends}, gap ${gap.toPrecision(3)}, angle within ${angleBound.toPrecision(2)}`;
    }),
    '',
    `${status}: ${advice} ${stats.products} products, ${stats.seconds.toFixed(1)} s.`,
  ];
}
