import type { NumericArray } from './numeric-array.ts';

/** What a spectrum file needs of a spectrum. */
export interface SpectrumArrays {
  readonly eigenvalues: readonly { readonly value: number; readonly residual: number }[];
  readonly vectors?: readonly Float64Array[] | undefined;
  readonly images: SpectrumImages | null;
  readonly diagonal?: { readonly values: Float64Array; readonly standardError: Float64Array } | undefined;
}

export interface SpectrumImages {
  readonly block: string;
  readonly shape: readonly [number, number, number];
  readonly vectors: readonly {
    readonly overall: Float64Array;
    readonly units: readonly { readonly unit: number; readonly share: number; readonly image: Float64Array }[];
  }[];
}

/** The keys of a spectrum's .npz, for the help and the documentation. */
export const spectrumKeys: Readonly<Record<string, string>> = {
  eigenvalues: '(k,) largest first',
  residuals: '(k,) ‖A v − λ v‖ of each',
  eigenvectors: '(k, n) unit vectors, a row each, in the order of θ or of the chosen blocks',
  diagonal: '(n,) Hutchinson’s estimate of the diagonal, where the table of layers was asked for',
  diagonal_error: '(n,) its standard error',
  image_overall: '(k, height, width, channels) root mean square over the units of the first layer',
  image_units: '(k, units, height, width, channels) the units with the largest share',
  image_unit: '(k, units) which units these are',
  image_share: '(k, units) their share of the squared length',
};

const joined = (rows: readonly ArrayLike<number>[]): Float64Array => {
  const length = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * length);
  rows.forEach((row, i) => {
    data.set(row, i * length);
  });
  return data;
};

/** The arrays of a spectrum with eigenvectors, under the names of `spectrumKeys`. */
export function spectrumArrays({ eigenvalues, vectors, images, diagonal }: SpectrumArrays): Map<string, NumericArray> {
  const arrays = new Map<string, NumericArray>();
  const put = (name: string, shape: readonly number[], data: Float64Array) =>
    arrays.set(name, { shape: [...shape], dtype: 'float64', data });
  const k = eigenvalues.length;
  put(
    'eigenvalues',
    [k],
    Float64Array.from(eigenvalues, ({ value }) => value),
  );
  put(
    'residuals',
    [k],
    Float64Array.from(eigenvalues, ({ residual }) => residual),
  );
  if (vectors) put('eigenvectors', [vectors.length, vectors[0]?.length ?? 0], joined(vectors));
  if (diagonal) {
    put('diagonal', [diagonal.values.length], diagonal.values);
    put('diagonal_error', [diagonal.values.length], diagonal.standardError);
  }
  if (images) {
    const { shape, vectors: pictures } = images;
    const units = pictures[0]?.units.length ?? 0;
    const count = pictures.length;
    put('image_overall', [count, ...shape], joined(pictures.map(({ overall }) => overall)));
    const each = pictures.flatMap((picture) => picture.units);
    put('image_units', [count, units, ...shape], joined(each.map(({ image }) => image)));
    put(
      'image_unit',
      [count, units],
      Float64Array.from(each, ({ unit }) => unit),
    );
    put(
      'image_share',
      [count, units],
      Float64Array.from(each, ({ share }) => share),
    );
  }
  return arrays;
}

/** The images out of the arrays of a file; null where it has none, or none that go together. */
export function imagesOfArrays(arrays: ReadonlyMap<string, NumericArray>, block: string): SpectrumImages | null {
  const [overall, images, unit, share] = ['image_overall', 'image_units', 'image_unit', 'image_share'].map((name) =>
    arrays.get(name),
  );
  if (!overall || !images || !unit || !share) return null;
  const [count, height, width, channels] = overall.shape;
  const units = unit.shape[1];
  if (overall.shape.length !== 4 || !count || !height || !width || !channels || !units) return null;
  const size = height * width * channels;
  if (images.data.length !== count * units * size || share.data.length !== count * units) return null;
  const numbers = (array: NumericArray, from: number, length: number) =>
    Float64Array.from({ length }, (_, i) => Number(array.data[from + i]));
  return {
    block,
    shape: [height, width, channels],
    vectors: Array.from({ length: count }, (_, i) => ({
      overall: numbers(overall, i * size, size),
      units: Array.from({ length: units }, (_, j) => ({
        unit: Number(unit.data[i * units + j]),
        share: Number(share.data[i * units + j]),
        image: numbers(images, (i * units + j) * size, size),
      })),
    })),
  };
}
