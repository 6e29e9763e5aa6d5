import { BadInput } from '../../bad-input.ts';
import type { LandscapeFile } from '../landscape-file.ts';
import type { QuantityOnGrid } from '../slice-npz.ts';
import { type HeightOptions, heightsOf, planeAxes } from './surface-points.ts';

/**
 * A surface as h52vtp.py of loss-landscape writes it (`.vtp`, PolyData with all arrays in ascii): `zvalue` at the points,
 * `averaged zvalue` on quads (k, k + 1, k + columns + 1, k + columns), x fastest. For a whole square grid the same bytes as
 * that program (the last digit of a logarithm aside); it takes every grid for a square one, here columns and rows are what
 * they are. Points without a height are left out, with the quads around them: VTK reads no NaN in ascii.
 */
export function polyDataXml(
  file: LandscapeFile,
  quantity: QuantityOnGrid,
  options: HeightOptions = {},
): { readonly xml: string; readonly announcements: readonly string[] } {
  const [xs, ys] = planeAxes(file, '.vtp');
  const heights = heightsOf(quantity, options);
  const [columns, rows] = [xs.length, ys.length];
  const number = new Int32Array(heights.length).fill(-1);
  const [x, y, z]: [number[], number[], number[]] = [[], [], []];
  heights.forEach((height, k) => {
    if (Number.isNaN(height)) return;
    number[k] = z.length;
    x.push(xs[k % columns]!);
    y.push(ys[Math.floor(k / columns)]!);
    z.push(height);
  });
  if (z.length === 0)
    throw new BadInput(
      `No value of ${quantity.quantity} has a height.`,
      'Choose another quantity, or leave out --log.',
    );
  const quads: number[][] = [];
  for (let j = 0; j + 1 < rows; j++)
    for (let i = 0; i + 1 < columns; i++) {
      const k = j * columns + i;
      const corners = [k, k + 1, k + columns + 1, k + columns].map((at) => number[at]!);
      if (corners.every((corner) => corner >= 0)) quads.push(corners);
    }
  const left = heights.length - z.length;
  return {
    xml: document(x, y, z, quads),
    announcements:
      left === 0
        ? []
        : [
            `${left} ${left === 1 ? 'point has' : 'points have'} no height (not computed, not finite, or no logarithm); the surface has ${left === 1 ? 'a hole' : 'holes'} there.`,
          ],
  };
}

function document(
  x: readonly number[],
  y: readonly number[],
  z: readonly number[],
  quads: readonly number[][],
): string {
  // The order of the sum is that of the other program, so that the same digits come out.
  const averages = quads.map(([a, b, c, d]) => (z[a!]! + z[b!]! + z[d!]! + z[c!]!) / 4);
  const [zRange, averageRange] = [rangeOf(z), rangeOf(averages)];
  const heights = z.map(pythonFloat);
  const [xTexts, yTexts] = [x, y].map((values) => values.map(pythonFloat)) as [string[], string[]];
  const all = [rangeOf(x), rangeOf(y), zRange];
  const whole: Range = [Math.min(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))];
  const [points, polys] = [z.length, quads.length];
  const empty = (tag: string, most: number) => [
    `      <${tag}>`,
    ...integers('connectivity', 0, most - 1, [], 6),
    ...integers('offsets', 1, most, [], 6),
    `      </${tag}>`,
  ];
  return [
    '<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt64">',
    '  <PolyData>',
    `    <Piece NumberOfPoints="${points}" NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0" NumberOfPolys="${polys}">`,
    '      <PointData>',
    ...floats('zvalue', 1, zRange, heights, 6),
    '      </PointData>',
    '      <CellData>',
    ...floats('averaged zvalue', 1, averageRange, averages.map(pythonFloat), 6),
    '      </CellData>',
    '      <Points>',
    ...floats(
      'Points',
      3,
      whole,
      heights.map((height, k) => `${xTexts[k]} ${yTexts[k]} ${height}`),
      2,
    ),
    '      </Points>',
    ...empty('Verts', points),
    ...empty('Lines', polys),
    ...empty('Strips', polys),
    '      <Polys>',
    ...integers(
      'connectivity',
      0,
      polys - 1,
      quads.map((corners) => corners.join(' ')),
      2,
    ),
    ...integers(
      'offsets',
      1,
      polys,
      quads.map((_, k) => String(4 * (k + 1))),
      6,
    ),
    '      </Polys>',
    '    </Piece>',
    '  </PolyData>',
    '</VTKFile>',
    '',
  ].join('\n');
}

type Range = readonly [low: number, high: number];

const rangeOf = (values: readonly number[]): Range =>
  values.reduce<Range>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );

const floats = (name: string, components: number, [low, high]: Range, items: readonly string[], perLine: number) => [
  `        <DataArray type="Float32" Name="${name}" NumberOfComponents="${components}" format="ascii" RangeMin="${pythonFloat(low)}" RangeMax="${pythonFloat(high)}">`,
  ...lines(items, perLine),
  '        </DataArray>',
];

const integers = (name: string, low: number, high: number, items: readonly string[], perLine: number) => [
  `        <DataArray type="Int64" Name="${name}" format="ascii" RangeMin="${low}" RangeMax="${high}">`,
  ...lines(items, perLine),
  '        </DataArray>',
];

/** Full lines end behind their last item, the last line where it is short behind a blank. */
function lines(items: readonly string[], perLine: number): string[] {
  const out: string[] = [];
  for (let at = 0; at < items.length; at += perLine) {
    const some = items.slice(at, at + perLine);
    out.push(`          ${some.join(' ')}${some.length < perLine ? ' ' : ''}`);
  }
  return out;
}

/** The shortest digits that give the number back, as Python's repr has them. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, power] = value.toExponential().split('e') as [string, string];
    return `${digits}e${power[0]}${power.slice(1).padStart(2, '0')}`;
  }
  const plain = Object.is(value, -0) ? '-0' : String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
