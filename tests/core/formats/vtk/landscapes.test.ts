import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../../core/bad-input.ts';
import type { LandscapeFile } from '../../../../core/formats/landscape-file.ts';
import { imageDataXml } from '../../../../core/formats/vtk/image-data.ts';
import { landscapeGridXml } from '../../../../core/formats/vtk/landscape-grid.ts';
import { polyDataXml, pythonFloat } from '../../../../core/formats/vtk/poly-data.ts';
import { asymmetric, bitsOf, landscapeOf } from '../../../support/landscapes.ts';
import { numpyPython, numpyScript, whyWithoutNumpy } from '../../../support/numpy-python.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vtk-landscapes-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Seen {
  readonly elements: [tag: string, attributes: Readonly<Record<string, string>>][];
  readonly arrays: Readonly<Record<string, { shape: number[]; bits: string[]; attributes: Record<string, string> }>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** What Python's XML reader and NumPy find in the files. */
function seen(...files: readonly (readonly [name: string, xml: string])[]): Seen[] {
  const names = files.map(([name, xml]) => {
    writeFileSync(path.join(folder, name), xml);
    return path.join(folder, name);
  });
  return numpyScript<Seen[]>('read-arrays.py', ...names);
}

const numbers = (bits: readonly string[]): number[] => bits.map((one) => Buffer.from(one, 'hex').readDoubleLE());
const attributesOf = ({ elements }: Seen, tag: string) => elements.find(([name]) => name === tag)![1];
const loss = ({ fields }: LandscapeFile) => fields[0]!;

/** A point without a value, one that is no number, one that is infinite. */
function withGaps(file: LandscapeFile): LandscapeFile {
  const { quantity, values, computed } = loss(file);
  const changed = values.slice();
  const mask = computed.slice();
  mask[0] = 0;
  changed[1] = Number.NaN;
  changed[2] = Number.POSITIVE_INFINITY;
  return { ...file, fields: [{ quantity, values: changed, computed: mask, uncertainty: null }] };
}

const plane = landscapeOf(4, 3);
const [xs, ys] = plane.axes.map(({ coordinates }) => coordinates) as [Float64Array, Float64Array];

describe(`a surface as loss-landscape writes it (.vtp)${whyWithoutNumpy}`, () => {
  it.skipIf(numpyPython === null)(
    '4 × 3 points: heights over their own coordinates, quads of neighbours, means of corners',
    () => {
      const [file] = seen(['plane.vtp', polyDataXml(plane, loss(plane)).xml]) as [Seen];
      expect(attributesOf(file, 'VTKFile')).toEqual({
        type: 'PolyData',
        version: '1.0',
        byte_order: 'LittleEndian',
        header_type: 'UInt64',
      });
      expect(attributesOf(file, 'Piece')).toEqual({
        NumberOfPoints: '12',
        NumberOfVerts: '0',
        NumberOfLines: '0',
        NumberOfStrips: '0',
        NumberOfPolys: '6',
      });
      const { arrays } = file;
      const places = [...ys].flatMap((y) => [...xs].map((x) => [x, y] as const));
      const heights = places.map(([x, y]) => asymmetric(x, y));
      expect(arrays['PointData/zvalue']!.bits).toEqual(bitsOf(heights));
      expect(arrays['PointData/zvalue']!.attributes).toMatchObject({ type: 'Float32', format: 'ascii' });
      expect(arrays['Points/Points']!.shape).toEqual([12, 3]);
      expect(arrays['Points/Points']!.bits).toEqual(bitsOf(places.flatMap(([x, y], k) => [x, y, heights[k]!])));
      const corners = [0, 1, 2, 4, 5, 6].map((k) => [k, k + 1, k + 5, k + 4]);
      expect(numbers(arrays['Polys/connectivity']!.bits)).toEqual(corners.flat());
      expect(numbers(arrays['Polys/offsets']!.bits)).toEqual([4, 8, 12, 16, 20, 24]);
      expect(arrays['Polys/connectivity']!.attributes).toMatchObject({ type: 'Int64', format: 'ascii' });
      numbers(arrays['CellData/averaged zvalue']!.bits).forEach((mean, q) => {
        expect(mean).toBeCloseTo(corners[q]!.reduce((sum, k) => sum + heights[k]!, 0) / 4, 12);
      });
      for (const tag of ['Verts', 'Lines', 'Strips'])
        expect([arrays[`${tag}/connectivity`]!.bits, arrays[`${tag}/offsets`]!.bits]).toEqual([[], []]);
    },
  );

  it.skipIf(numpyPython === null)('clips at zmax, infinity too, then takes ln(z + 0.1)', () => {
    const high = withGaps(landscapeOf(3, 3));
    const whole = {
      ...loss(high),
      computed: new Uint8Array(9).fill(1),
      values: loss(high).values.map((v, i) => (i === 1 ? 0 : Math.abs(v))),
    };
    const [clipped, log] = seen(
      ['zmax.vtp', polyDataXml(high, whole, { zmax: 5 }).xml],
      ['log.vtp', polyDataXml(high, whole, { zmax: 5, log: true }).xml],
    );
    const expected = [...whole.values].map((value) => Math.min(value, 5));
    expect(expected).toContain(5);
    expect(numbers(clipped!.arrays['PointData/zvalue']!.bits)).toEqual(expected);
    numbers(log!.arrays['PointData/zvalue']!.bits).forEach((height, i) => {
      expect(height).toBeCloseTo(Math.log(expected[i]! + 0.1), 14);
    });
  });

  it.skipIf(numpyPython === null)('points without a height are holes, never a number, and told', () => {
    const { xml, announcements } = polyDataXml(withGaps(plane), loss(withGaps(plane)));
    const [file] = seen(['holes.vtp', xml]) as [Seen];
    expect(xml).not.toMatch(/nan|inf/i);
    expect(attributesOf(file, 'Piece')).toMatchObject({ NumberOfPoints: '9', NumberOfPolys: '3' });
    const places = [...ys].flatMap((y) => [...xs].map((x) => [x, y, asymmetric(x, y)])).slice(3);
    expect(file.arrays['Points/Points']!.bits).toEqual(bitsOf(places.flat()));
    // The quads of the second row are whole; those of the first touch a hole.
    expect(numbers(file.arrays['Polys/connectivity']!.bits)).toEqual([1, 2, 6, 5, 2, 3, 7, 6, 3, 4, 8, 7]);
    expect(announcements).toEqual([expect.stringMatching(/^3 points have no height/)]);
  });

  it('refuses lines and volumes, and surfaces without any height', () => {
    for (const file of [landscapeOf(4), landscapeOf(2, 2, 2)])
      expect(() => polyDataXml(file, loss(file))).toThrow(BadInput);
    const none = { ...loss(plane), computed: new Uint8Array(12) };
    expect(() => polyDataXml(plane, none)).toThrow(/No value of loss has a height/);
  });

  it.skipIf(numpyPython === null)('writes numbers as Python does', () => {
    const known: [number, string][] = [
      [0, '0.0'],
      [-0, '-0.0'],
      [1, '1.0'],
      [-2.5, '-2.5'],
      [0.0001, '0.0001'],
      [0.00001, '1e-05'],
      [1.25e-7, '1.25e-07'],
      [1e15, '1000000000000000.0'],
      [1e16, '1e+16'],
      [1.5e300, '1.5e+300'],
      [5e-324, '5e-324'],
      [0.1 + 0.2, '0.30000000000000004'],
    ];
    expect(known.map(([value]) => pythonFloat(value))).toEqual(known.map(([, text]) => text));
  });
});

describe(`quantities on a regular grid (.vti)${whyWithoutNumpy}`, () => {
  it.skipIf(numpyPython === null).each([[5], [5, 3], [4, 3, 2]])(
    '%j points: values, masks and uncertainties bit for bit',
    (...lengths) => {
      const file = withGaps(landscapeOf(...lengths));
      const { values, computed } = loss(file);
      const error = {
        quantity: 'a < b & "c"',
        values: values.slice().reverse(),
        computed: computed.slice().reverse(),
        uncertainty: values,
      };
      const [read] = seen([
        'grid.vti',
        imageDataXml({ ...file, fields: [loss(file), error] }, { command: 'α & <b>' }),
      ]) as [Seen];
      const three = [...lengths, 1, 1].slice(0, 3);
      const image = attributesOf(read, 'ImageData');
      expect(image.WholeExtent).toBe(three.map((length) => `0 ${length - 1}`).join(' '));
      expect(attributesOf(read, 'Piece').Extent).toBe(image.WholeExtent);
      expect(attributesOf(read, 'PointData').Scalars).toBe('loss');
      const [origin, spacing] = [image.Origin!, image.Spacing!].map((text) => text.split(' ').map(Number)) as [
        number[],
        number[],
      ];
      for (const [k, { coordinates }] of file.axes.entries())
        coordinates.forEach((at, i) => {
          expect(origin[k]! + i * spacing[k]!).toBe(at);
        });
      const { arrays, texts } = read;
      expect(arrays['PointData/loss']!.bits).toEqual(bitsOf(values));
      expect(arrays['PointData/a < b & "c"']!.bits).toEqual(bitsOf(error.values));
      expect(arrays['PointData/a < b & "c"_uncertainty']!.bits).toEqual(bitsOf(values));
      expect(arrays['PointData/computed']!.bits).toEqual(bitsOf(computed));
      expect(arrays['PointData/a < b & "c"_computed']!.bits).toEqual(bitsOf(error.computed));
      expect(numbers(arrays['PointData/vtkGhostType']!.bits)).toEqual([...computed].map((one) => (one === 1 ? 0 : 2)));
      expect(texts).toEqual({ command: 'α & <b>' });
    },
  );

  it('axes that are not even, or go down, are refused with the form that holds them', () => {
    const axes = (...coordinates: number[]) => [{ ...plane.axes[0]!, coordinates: Float64Array.from(coordinates) }];
    const field = { ...loss(plane), values: new Float64Array(3), computed: new Uint8Array(3).fill(1) };
    for (const odd of [axes(0, 1, 3), axes(2, 1, 0)])
      expect(() => imageDataXml({ ...plane, axes: odd, fields: [field] })).toThrow(/\.vts/);
    expect(() => imageDataXml({ ...plane, axes: axes(0, 0.1, 0.2), fields: [field] })).not.toThrow();
  });
});

describe(`structured grids (.vts)${whyWithoutNumpy}`, () => {
  it.skipIf(numpyPython === null)(
    'a plane is a surface, a line a curve, a volume points in space; gaps are hidden',
    () => {
      const files = [landscapeOf(5), plane, landscapeOf(4, 3, 2)].map(withGaps);
      const read = seen(...files.map((file, i) => [`${i}.vts`, landscapeGridXml(file, loss(file))] as const));
      read.forEach((one, n) => {
        const { axes, fields } = files[n]!;
        const dim = axes.length;
        expect(attributesOf(one, 'StructuredGrid').WholeExtent).toBe(
          [0, 1, 2].map((k) => `0 ${(axes[k]?.coordinates.length ?? 1) - 1}`).join(' '),
        );
        expect(one.arrays['PointData/loss']!.bits).toEqual(bitsOf(fields[0]!.values));
        const ghosts = numbers(one.arrays['PointData/vtkGhostType']!.bits);
        // A volume shows what is no number by its values; a surface has no place for it.
        expect(ghosts.slice(0, 4)).toEqual(dim === 3 ? [2, 0, 0, 0] : [2, 2, 2, 0]);
        const points = numbers(one.arrays['Points/Points']!.bits);
        expect(points.every(Number.isFinite)).toBe(true);
        for (let point = 3; 3 * point < points.length; point++) {
          const at = points.slice(3 * point, 3 * point + 3);
          const [x, y, z] = dim === 1 ? [at[0]!, 0, 0] : dim === 2 ? [at[0]!, at[1]!, 0] : at;
          expect(fields[0]!.values[point]).toBe(asymmetric(x!, y, z));
          if (dim < 3) expect(at[dim]).toBe(fields[0]!.values[point]);
        }
      });
    },
  );
});
