import { BadInput } from '../../bad-input.ts';
import type { LandscapeFile } from '../landscape-file.ts';
import { maskKey } from '../slice-npz.ts';
import { byteArray, doubleArray, escaped, fieldData, ghostArray, vtkFile } from './xml.ts';

/**
 * Quantities on a regular grid as VTK's image data (`.vti`): a volume, a plane or a line, in the coordinates of its axes.
 * NaN and infinities are kept. What was not computed is told twice: by `computed` (and `QUANTITY_computed` where another
 * quantity differs), and by `vtkGhostType`, which keeps ParaView from drawing points without the first quantity. Throws
 * BadInput where the points of an axis are not evenly spaced upwards.
 */
export function imageDataXml(file: LandscapeFile, texts: Readonly<Record<string, string>> = {}): string {
  const { axes, fields } = file;
  const three = Array.from({ length: 3 }, (_, k) => axes[k]?.coordinates ?? new Float64Array(1));
  const extent = three.map(({ length }) => `0 ${length - 1}`).join(' ');
  const spacing = three.map((coordinates, k) => spacingOf(axes[k]?.name ?? '', coordinates));
  const arrays = fields.flatMap(({ quantity, values, computed, uncertainty }, k) => {
    const mask = maskKey(fields, k);
    return [
      doubleArray(quantity, values),
      ...(mask === null ? [] : [byteArray(mask, computed)]),
      ...(uncertainty ? [doubleArray(`${quantity}_uncertainty`, uncertainty)] : []),
    ];
  });
  const hidden = fields[0]!.computed.map((one) => (one === 1 ? 0 : 1));
  return vtkFile(
    'ImageData',
    `<ImageData WholeExtent="${extent}" Origin="${three.map((axis) => axis[0]).join(' ')}" Spacing="${spacing.join(' ')}">
${fieldData(texts)}
<Piece Extent="${extent}">
<PointData Scalars="${escaped(fields[0]!.quantity)}">
${arrays.join('\n')}
${ghostArray(hidden)}
</PointData>
</Piece>
</ImageData>`,
  );
}

function spacingOf(name: string, coordinates: Float64Array): number {
  const last = coordinates.length - 1;
  if (last === 0) return 1;
  const [from, to] = [coordinates[0]!, coordinates[last]!];
  const spacing = (to - from) / last;
  const even = coordinates.every((value, i) => Math.abs(value - (from + i * spacing)) <= 1e-6 * Math.abs(spacing));
  if (spacing > 0 && even) return spacing;
  throw new BadInput(
    `The points along ${name} are not evenly spaced upwards, as the .vti form wants them.`,
    'Use .vts, which holds the coordinates of every point.',
  );
}
