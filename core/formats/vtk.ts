import { base64 } from './base64.ts';

/** A surface over a grid, as VTK and ParaView read it. Points are row-major: columns vary fastest. */
export interface StructuredSurface {
  readonly columns: number;
  readonly rows: number;
  /** x, y, z of each point; all finite. */
  readonly points: Float64Array;
  /** One number a point; the first one colours the surface. */
  readonly pointData: readonly { readonly name: string; readonly values: Float64Array }[];
  /** 1 where a point, and with it every square around it, is not to be drawn. */
  readonly hidden: Uint8Array;
  /** Kept with the grid under these names, as one text each. */
  readonly texts: Readonly<Record<string, string>>;
}

/** `vtkDataSetAttributes::HIDDENPOINT`. */
const hiddenPoint = 2;

/**
 * A structured grid in VTK's XML (`.vts`): numbers as uncompressed base64 in little-endian order, so that they are kept
 * bit for bit, NaN and infinities among them. Throws RangeError where an array has another length than the grid.
 */
export function structuredGridXml(surface: StructuredSurface): string {
  const { columns, rows, points, pointData, hidden, texts } = surface;
  const count = columns * rows;
  const lengths = [points.length / 3, hidden.length, ...pointData.map(({ values }) => values.length)];
  if (lengths.some((length) => length !== count)) throw new RangeError(`Not every array has ${count} points.`);
  const extent = `0 ${columns - 1} 0 ${rows - 1} 0 0`;
  const ghosts = hidden.map((one) => (one === 0 ? 0 : hiddenPoint));
  return `<?xml version="1.0" encoding="UTF-8"?>
<VTKFile type="StructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt32">
<StructuredGrid WholeExtent="${extent}">
<FieldData>
${Object.entries(texts).map(textArray).join('\n')}
</FieldData>
<Piece Extent="${extent}">
<PointData Scalars="${escaped(pointData[0]?.name ?? '')}">
${pointData.map(({ name, values }) => dataArray('Float64', name, 1, doubles(values))).join('\n')}
${dataArray('UInt8', 'vtkGhostType', 1, ghosts)}
</PointData>
<Points>
${dataArray('Float64', 'Points', 3, doubles(points))}
</Points>
</Piece>
</StructuredGrid>
</VTKFile>
`;
}

/** A block starts with the number of its bytes; both are one base64 text. */
function dataArray(type: 'Float64' | 'UInt8', name: string, components: number, data: Uint8Array): string {
  const block = new Uint8Array(4 + data.length);
  new DataView(block.buffer).setUint32(0, data.length, true);
  block.set(data, 4);
  const attributes = `type="${type}" Name="${escaped(name)}" NumberOfComponents="${components}"`;
  return `<DataArray ${attributes} format="binary">${base64(block)}</DataArray>`;
}

/** Texts are written as the numbers of their bytes in UTF-8, and end with 0. */
function textArray([name, text]: readonly [string, string]): string {
  const bytes = [...new TextEncoder().encode(text), 0].join(' ');
  return `<Array type="String" Name="${escaped(name)}" NumberOfTuples="1" format="ascii">${bytes}</Array>`;
}

function doubles(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    view.setFloat64(8 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign]!);
