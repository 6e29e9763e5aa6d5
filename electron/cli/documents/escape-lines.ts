import type { EscapePath } from '../../../core/analyses/escape/escape.ts';
import type { EscapeDocument } from '../../../core/experiment/result-documents.ts';
import { printable } from '../terminal/printable.ts';

/** The document for people: a line a descent, with where it ends. */
export function escapeLines(document: EscapeDocument): string[] {
  const { loss, gradientNormSquared, lowest, paths, sentence, offset, status, advice, stats, engine, precision } =
    document;
  return [
    `${printable(document.experiment)}: descents from a point with loss ${loss.toPrecision(7)}, ‖∇L‖² ${gradientNormSquared.toExponential(1)}, ${engine} ${precision}`,
    ...(lowest === null ? [] : [`λ min ${lowest.value.toPrecision(5)}, residual ${lowest.residual.toExponential(1)}`]),
    '',
    ...paths.map((path) => `  ${pathText(path)}`),
    ...(paths.length > 0 ? ['', `Each begins ${offset.toPrecision(2)} beside the point.`] : []),
    printable(sentence),
    `${status}: ${advice} ${stats.products} products, ${stats.gradients} gradients, ${stats.seconds.toFixed(1)} s.`,
  ];
}

function pathText({ direction, sign, eigenvalue, distances, end }: EscapePath): string {
  const where = { minimum: 'a minimum', saddle: 'another saddle', moving: 'still moving' }[end.kind];
  const lowest = end.lowest === null ? '' : `, λ min ${end.lowest.value.toPrecision(3)}`;
  const far = distances.at(-1) ?? Number.NaN;
  return `${sign > 0 ? '+' : '−'}v${direction + 1} (λ = ${eigenvalue.toPrecision(4)}): ${where}, loss ${end.loss.toPrecision(7)}, ‖∇L‖² ${end.gradientNormSquared.toExponential(1)}${lowest}, ${far.toPrecision(3)} away after ${end.steps} steps`;
}
