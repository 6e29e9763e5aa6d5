import { type StructuredSurface, structuredGridXml } from '../../core/formats/vtk/structured-grid.ts';
import { heightOf } from './height-scale.ts';
import type { SceneModel } from './scene-model.ts';

/**
 * The surface as a VTK structured grid: x = α, y = β, z = the height that is drawn (log₁₀ L or L), the loss as point
 * data. Points without a finite loss are hidden and lie as low as the lowest.
 */
export function surfaceVts(model: SceneModel, texts: StructuredSurface['texts']): string {
  const { grid } = model.content;
  const { scale } = model.box;
  const [columns, rows] = [grid.alpha.length, grid.beta.length];
  const count = columns * rows;
  const points = new Float64Array(3 * count);
  const loss = new Float64Array(count);
  const hidden = new Uint8Array(count);
  for (let point = 0; point < count; point++) {
    const isComputed = grid.computed[point] === 1;
    loss[point] = isComputed ? grid.loss[point]! : Number.NaN;
    hidden[point] = Number.isFinite(loss[point]) ? 0 : 1;
    points[3 * point] = grid.alpha[point % columns]!;
    points[3 * point + 1] = grid.beta[Math.floor(point / columns)]!;
    points[3 * point + 2] = hidden[point] === 1 ? scale.low : heightOf(loss[point]!, scale);
  }
  return structuredGridXml({ columns, rows, points, pointData: [{ name: 'loss', values: loss }], hidden, texts });
}
