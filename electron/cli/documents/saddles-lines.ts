import { lossError } from '../../../core/analyses/saddles/copies.ts';
import type { ExactCriticalPoint, SearchedPoint, Verdict } from '../../../core/analyses/saddles/saddle.ts';
import { verdicts } from '../../../core/analyses/saddles/saddle.ts';
import type { SaddlesDocument } from '../../../core/experiment/result-documents.ts';
import { certified } from '../terminal/certified-number.ts';
import { printable } from '../terminal/printable.ts';

/** Points of a table in a terminal; the JSON has them all. */
const mostRows = 40;
const mostOthers = 12;

export const verdictWords: Readonly<Record<Verdict, string>> = {
  critical: 'critical',
  gradientFlat: 'gradient-flat',
  notConverged: 'not converged',
  atInfinity: 'at infinity',
};

/** The document for people: how many of which verdict, the distinct critical points, then what they mean. */
export function saddlesLines(document: SaddlesDocument): string[] {
  const { points, finder, from, dim, engine, precision, convention, status, advice, stats, starts } = document;
  const shown = points.filter(({ sameAs, verdict }) => sameAs === null && verdict === 'critical');
  const sorted = [...shown].sort((a, b) => a.loss - b.loss);
  return [
    `${printable(document.experiment)}: critical points of ${convention.formula}`,
    `${dim} parameters, ${finder} from ${starts} starts (${from}), ${engine} ${precision}`,
    '',
    ...countLines(points),
    '',
    ...(sorted.length === 0
      ? []
      : [
          `Distinct critical points, as far as loss and index tell (${sorted.length})`,
          `  ${header}`,
          ...sorted.slice(0, mostRows).map((point) => `  ${row(point, copiesOf(point, points))}`),
          ...(sorted.length > mostRows ? [`  and ${sorted.length - mostRows} more in the JSON document`] : []),
          '',
        ]),
    ...otherLines(points),
    ...flatLines(points),
    ...(document.exact ? [exactLine(document.exact, sorted), ''] : []),
    ...document.warnings.map(printable),
    `${status}: ${advice} ${stats.products} products, ${stats.gradients} gradients, ${stats.seconds.toFixed(1)} s.`,
  ];
}

function countLines(points: readonly SearchedPoint[]): string[] {
  const proved = points.filter((point) => point.certified).length;
  return verdicts.map((verdict) => {
    const own = points.filter((point) => point.verdict === verdict);
    const more = verdict === 'critical' ? `, of which ${proved} are certified` : '';
    return `  ${String(own.length).padStart(5)} ${verdictWords[verdict]}${more}`;
  });
}

/** Where searches ended that are no critical points, the ones nearest to it first. */
function otherLines(points: readonly SearchedPoint[]): string[] {
  const others = points
    .filter(({ verdict }) => verdict !== 'critical')
    .sort((a, b) => a.gradientNormSquared - b.gradientNormSquared);
  if (others.length === 0) return [];
  const more = others.length - mostOthers;
  return [
    `Ends that are no critical points (${others.length})`,
    `  ${header}`,
    ...others.slice(0, mostOthers).map((point) => `  ${row(point, 1)}`),
    ...(more > 0 ? [`  and ${more} more in the JSON document`] : []),
    '',
  ];
}

const width = 12;

const header = ['loss', 'index', 'null', '‖∇L‖²', 'r', 'λ min', 'found', '']
  .map((name, i) => (i === 0 ? name.padEnd(14) : name.padStart(width)))
  .join('');

const copiesOf = ({ number }: SearchedPoint, points: readonly SearchedPoint[]): number =>
  1 + points.filter(({ sameAs }) => sameAs === number).length;

/** What `gradient-flat` says, and how many of them the search has found to be stationary. */
function flatLines(points: readonly SearchedPoint[]): string[] {
  const flat = points.filter(({ verdict }) => verdict === 'gradientFlat');
  if (flat.length === 0) return [];
  const stationary = flat.filter(({ reason }) => reason === 'stationary').length;
  const ended = stationary === 0 ? '' : ` ‖∇L‖² is stationary (‖H∇L‖ has vanished) at ${stationary} of them.`;
  return [`Gradient-flat: ∇L lies to r > 0.9 in the flat directions of H (|λ| ≤ 1e-4 |λ|max).${ended}`, ''];
}

function row(point: SearchedPoint, copies: number): string {
  const { index, lowest, residual } = point;
  const sign = point.certified ? '' : '≈';
  const cells = [
    index === null ? '?' : `${sign}${certifiedCount(index.negative, index.standardError)}`,
    index === null ? '?' : String(Math.round(index.null)),
    point.gradientNormSquared.toExponential(1),
    residual === null ? 'floor' : residual.toFixed(2),
    lowest === null ? '?' : Math.abs(lowest.value) <= lowest.errorBound ? '0' : lowest.value.toPrecision(4),
    `${copies}×`,
    point.certified ? ' certified' : point.verdict === 'critical' ? '' : ` ${verdictWords[point.verdict]}`,
  ];
  return `${point.loss.toPrecision(8).padEnd(14)}${cells.map((cell) => cell.padStart(width)).join('')}`.trimEnd();
}

const certifiedCount = (count: number, error: number | null): string =>
  error === null ? String(count) : certified(count, error);

/** Share of the largest loss to which losses agree, beside what the gradient leaves open of each. */
const lossTol = 1e-6;

function exactLine(exact: readonly ExactCriticalPoint[], found: readonly SearchedPoint[]): string {
  const scale = Math.max(0, ...exact.map(({ loss }) => Math.abs(loss)));
  const isIt = (set: ExactCriticalPoint, point: SearchedPoint): boolean =>
    Math.abs(set.loss - point.loss) <= lossTol * scale + lossError(point) && set.negative === point.index?.negative;
  const known = found.filter((point) => exact.some((set) => isIt(set, point))).length;
  const seen = exact.filter((set) => found.some((point) => isIt(set, point))).length;
  const sets = exact.length === 1 ? 'there is 1 critical set' : `there are ${exact.length} critical sets`;
  const lie = `${known} of the ${found.length} ${found.length === 1 ? 'point lies' : 'points lie'} on the list`;
  return `In closed form ${sets}; ${seen} of them ${seen === 1 ? 'was' : 'were'} found, and ${lie}.`;
}
