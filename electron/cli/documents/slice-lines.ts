import { quantityDescription } from '../../../core/analyses/slices/quantities.ts';
import type { SliceField } from '../../../core/analyses/slices/slice.ts';
import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { nameOfSlice } from '../../../core/experiment/slice-name.ts';
import { barrierText } from '../../../core/fields/barrier.ts';
import { coordinatesOf } from '../../../core/fields/grid.ts';
import type { JudgedTree } from '../../../core/fields/persistence.ts';
import { braillePlot } from '../terminal/braille-plot.ts';
import { heatMap } from '../terminal/heat-map.ts';
import { printable } from '../terminal/printable.ts';

const axisNames = ['α', 'β', 'γ'];

const endsOf = (axis: Float64Array): [number, number] => [axis[0] ?? 0, axis[axis.length - 1] ?? 1];

/** A slice as text: a curve, a map, or of a volume the map through its middle; then what spans it and what was found. */
export function sliceLines(document: SliceDocument, colours: boolean): string[] {
  const { directions, cosines, center, stats, fields } = document;
  return [
    ...(fields[0].computed.includes(1) ? pictureOf(document, colours) : ['Nothing of the slice was computed.']),
    `${directions.map((_, k) => axisText(document, k)).join('; ')}${cosines.length > 0 ? `; cosine ${cosines.map((cosine) => cosine.toExponential(1)).join(', ')}` : ''}`,
    `loss at the centre ${center.loss.toPrecision(6)} ± ${center.standardError.toExponential(1)} over ${center.examples} examples of the ${document.on === 'test' ? 'test' : 'training'} set, ${document.engine} ${document.precision}`,
    ...fields.map(fieldLine),
    ...barrierLines(document),
    ...(document.topology ? topologyLines(document, document.topology) : []),
    ...document.warnings.map(printable),
    `${document.status}: ${document.advice} ${stats.losses} losses, ${stats.gradients} gradients, ${stats.products} products, ${stats.seconds.toFixed(1)} s.`,
  ];
}

function axisText({ directions, axes }: SliceDocument, k: number): string {
  const { kind, norm, eigenvalue, residual, explained } = directions[k]!;
  const [low, high] = endsOf(axes[k]!);
  const more = [
    eigenvalue === null ? '' : `λ = ${eigenvalue.toPrecision(6)}, residual ${residual?.toExponential(1)}`,
    explained === null ? '' : `${(100 * explained).toFixed(1)} % of the path`,
    `${axes[k]!.length} points from ${low.toPrecision(3)} to ${high.toPrecision(3)}`,
  ].filter(Boolean);
  return `${axisNames[k]}: ${[kind, `length ${norm.toPrecision(4)}`, ...more].join(', ')}`;
}

/** Features in a terminal; the JSON has them all. */
const mostFeatures = 12;

/** The minima of the grid, the most persistent first, with where they are and what is to be thought of them. */
function topologyLines({ axes }: SliceDocument, { pairs, nodes, dropped }: JudgedTree): string[] {
  const minima = nodes
    .filter(({ kind }) => kind === 'minimum')
    .sort((a, b) => b.persistence - a.persistence || a.value - b.value);
  const more = minima.length - mostFeatures + dropped;
  const lines = minima.slice(0, mostFeatures).map(({ coordinates, value, persistence, verdict, pair }) => {
    const { essential, end } = pairs[pair]!;
    const pass = essential
      ? 'the lowest'
      : `up to the pass at ${placeText(axes, coordinatesOf(axes, end))} by ${persistence.toPrecision(3)}`;
    return `  ${placeText(axes, coordinates)}: ${value.toPrecision(5)}, ${pass}; ${verdict}`;
  });
  return [
    `${minima.length + dropped} ${minima.length + dropped === 1 ? 'minimum' : 'minima'} of the grid; none need be one of the loss off the slice:`,
    ...lines,
    ...(more > 0 ? [`  and ${more} less persistent`] : []),
  ];
}

/** `α = 0.12, β = −0.3` to the spacing of the grid. */
const placeText = (axes: SliceDocument['axes'], coordinates: readonly number[]): string =>
  coordinates
    .map((coordinate, k) => {
      const axis = axes[k]!;
      const spacing = Math.abs((axis.at(-1)! - axis[0]!) / Math.max(1, axis.length - 1));
      const digits = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(spacing || 1))));
      return `${axisNames[k]} = ${coordinate.toFixed(digits)}`;
    })
    .join(', ');

/** What a quantity came to, with the largest of its uncertainties, and how many points have none or no number. */
function fieldLine({ quantity, values, computed, certificate, uncertainty }: SliceField): string {
  let [low, high, worst, missing, strange] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    if (computed[i] !== 1) missing++;
    else if (!Number.isFinite(values[i])) strange++;
    else {
      low = Math.min(low, values[i]!);
      high = Math.max(high, values[i]!);
      if (uncertainty && Number.isFinite(uncertainty[i])) worst = Math.max(worst, uncertainty[i]!);
    }
  }
  const range = low <= high ? `${low.toPrecision(4)} to ${high.toPrecision(4)}` : 'nothing finite';
  const sure = certificate === null ? '' : `, ${certificate} up to ${worst.toExponential(1)}`;
  const holes = [
    missing > 0 ? `${missing} points not computed` : '',
    strange > 0 ? `${strange} not finite` : '',
  ].filter(Boolean);
  const title = quantityDescription(quantity)?.title ?? quantity;
  return `${title}: ${range}${sure}${holes.length > 0 ? `; ${holes.join(', ')}` : ''}`;
}

/** Of a line to another point. */
function barrierLines({ axes, plane, barrier }: SliceDocument): string[] {
  if (barrier) return [barrierText(barrier)];
  return axes.length === 1 && /^(difference|points|third)$/.test(plane)
    ? [
        'barrier unknown: both points, α = 0 and α = 1 along a direction that is not scaled, must be on the grid, and their losses finite',
      ]
    : [];
}

function pictureOf(document: SliceDocument, colours: boolean): string[] {
  const { axes, trajectory } = document;
  const [field] = document.fields;
  const [alpha, beta, gamma] = axes as readonly [Float64Array, Float64Array?, Float64Array?];
  const title = `Loss on ${nameOfSlice(document)}`;
  if (!beta) {
    const y = field.values.map((value, i) => (field.computed[i] === 1 ? value : Number.NaN));
    const logarithmic = y.every((value) => !Number.isFinite(value) || value > 0);
    return braillePlot([{ name: 'loss', x: alpha, y, colour: 32 }], {
      title,
      xLabel: 'α',
      width: 64,
      height: 12,
      logarithmic,
      colours,
    });
  }
  const path = trajectory?.steps.map(
    (_, i) => [trajectory.coordinates[0]![i]!, trajectory.coordinates[1]![i]!] as const,
  );
  const size = alpha.length * beta.length;
  const layer = gamma ? Math.floor(gamma.length / 2) : 0;
  const data = field.values.slice(layer * size, (layer + 1) * size);
  return heatMap(
    { rows: beta.length, columns: alpha.length, data },
    {
      title: gamma ? `${title}, at γ = ${gamma[layer]!.toPrecision(3)}` : title,
      xRange: endsOf(alpha),
      yRange: endsOf(beta),
      columns: 64,
      colours,
      ...(path ? { path } : {}),
    },
  );
}
