import { doubleArray, escaped, fieldData, ghostArray, type PointArray, vtkFile } from './xml.ts';

/** A surface over a grid, or a volume of points, as VTK and ParaView read it. Columns vary fastest, then rows, then layers. */
export interface StructuredSurface {
  readonly columns: number;
  readonly rows: number;
  /** 1 for a surface. */
  readonly layers?: number;
  /** x, y, z of each point; all finite. */
  readonly points: Float64Array;
  /** One number a point; the first one colours the surface. */
  readonly pointData: readonly PointArray[];
  /** 1 where a point, and with it every cell around it, is not to be drawn. */
  readonly hidden: Uint8Array;
  /** Kept with the grid under these names, as one text each. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * A structured grid in VTK's XML (`.vts`): numbers as uncompressed base64 in little-endian order, so that they are kept
 * bit for bit, NaN and infinities among them. Throws RangeError where an array has another length than the grid.
 */
export function structuredGridXml(surface: StructuredSurface): string {
  const { columns, rows, layers = 1, points, pointData, hidden, texts } = surface;
  const count = columns * rows * layers;
  const lengths = [points.length / 3, hidden.length, ...pointData.map(({ values }) => values.length)];
  if (lengths.some((length) => length !== count)) throw new RangeError(`Not every array has ${count} points.`);
  const extent = `0 ${columns - 1} 0 ${rows - 1} 0 ${layers - 1}`;
  return vtkFile(
    'StructuredGrid',
    `<StructuredGrid WholeExtent="${extent}">
${fieldData(texts)}
<Piece Extent="${extent}">
<PointData Scalars="${escaped(pointData[0]?.name ?? '')}">
${pointData.map(({ name, values }) => doubleArray(name, values)).join('\n')}
${ghostArray(hidden)}
</PointData>
<Points>
${doubleArray('Points', points, 3)}
</Points>
</Piece>
</StructuredGrid>`,
  );
}
