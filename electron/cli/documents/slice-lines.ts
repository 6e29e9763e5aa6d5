import type { SliceDocument } from '../../../core/experiment/result-documents.ts';
import { heatMap } from '../terminal/heat-map.ts';
import { printable } from '../terminal/printable.ts';

export function sliceLines(document: SliceDocument, colours: boolean): string[] {
  const { alpha, beta, loss, directions, trajectory, stats } = document;
  const ends = (axis: Float64Array): [number, number] => [axis[0] ?? 0, axis[axis.length - 1] ?? 1];
  const path = trajectory?.steps.map((_, i) => [trajectory.alpha[i] ?? 0, trajectory.beta[i] ?? 0] as const);
  const axis = (k: 0 | 1) => {
    const { kind, norm, eigenvalue, residual, explained } = directions[k];
    const more = [
      eigenvalue === null ? '' : `λ = ${eigenvalue.toPrecision(6)}, residual ${residual?.toExponential(1)}`,
      explained === null ? '' : `${(100 * explained).toFixed(1)} % of the path`,
    ].filter(Boolean);
    return `${k === 0 ? 'α' : 'β'}: ${[kind, `length ${norm.toPrecision(4)}`, ...more].join(', ')}`;
  };
  const picture = document.computed.includes(1)
    ? heatMap(loss, {
        title: `Loss on the ${document.plane} plane`,
        xRange: ends(alpha),
        yRange: ends(beta),
        columns: 64,
        colours,
        ...(path ? { path } : {}),
      })
    : ['Nothing of the plane was computed.'];
  return [
    ...picture,
    `${axis(0)}; ${axis(1)}; cosine ${document.cosine.toExponential(1)}`,
    `loss at the centre ${document.center.loss.toPrecision(6)} ± ${document.center.standardError.toExponential(1)} over ${document.center.examples} examples, ${document.engine} ${document.precision}`,
    ...document.warnings.map(printable),
    `${document.status}: ${document.advice} ${stats.losses} losses, ${stats.products} products, ${stats.seconds.toFixed(1)} s.`,
  ];
}
