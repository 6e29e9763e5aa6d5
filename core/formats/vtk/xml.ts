import { base64 } from '../base64.ts';

/** A quantity at every point, under the name that VTK shows. */
export interface PointArray {
  readonly name: string;
  readonly values: Float64Array;
}

/** `vtkDataSetAttributes::HIDDENPOINT`. */
const hiddenPoint = 2;

/** `vtkGhostType`: points that are 1 here, and the cells around them, are not drawn. */
export const ghostArray = (hidden: Uint8Array): string =>
  byteArray(
    'vtkGhostType',
    hidden.map((one) => (one === 0 ? 0 : hiddenPoint)),
  );

export const byteArray = (name: string, values: Uint8Array): string => dataArray('UInt8', name, 1, values);

export const doubleArray = (name: string, values: Float64Array, components = 1): string =>
  dataArray('Float64', name, components, doubles(values));

/** Binary data of one block, uncompressed: the number of its bytes, then the bytes; both are one base64 text. */
function dataArray(type: 'Float64' | 'UInt8', name: string, components: number, data: Uint8Array): string {
  const block = new Uint8Array(4 + data.length);
  new DataView(block.buffer).setUint32(0, data.length, true);
  block.set(data, 4);
  const attributes = `type="${type}" Name="${escaped(name)}" NumberOfComponents="${components}"`;
  return `<DataArray ${attributes} format="binary">${base64(block)}</DataArray>`;
}

/** Texts that are kept with the data; each is written as the numbers of its bytes in UTF-8, and ends with 0. */
export function fieldData(texts: Readonly<Record<string, string>>): string {
  const arrays = Object.entries(texts).map(([name, text]) => {
    const bytes = [...new TextEncoder().encode(text), 0].join(' ');
    return `<Array type="String" Name="${escaped(name)}" NumberOfTuples="1" format="ascii">${bytes}</Array>`;
  });
  return `<FieldData>\n${arrays.join('\n')}\n</FieldData>`;
}

function doubles(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    view.setFloat64(8 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** The document around one data set; sizes of blocks are 32-bit numbers. */
export const vtkFile = (type: 'StructuredGrid' | 'ImageData', content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<VTKFile type="${type}" version="1.0" byte_order="LittleEndian" header_type="UInt32">
${content}
</VTKFile>
`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for an attribute; XML 1.0 has no control characters, not even escaped. */
export const escaped = (text: string): string =>
  text.replace(/\p{Cc}/gu, '\u{fffd}').replace(/[&<>"]/g, (sign) => entities[sign]!);
