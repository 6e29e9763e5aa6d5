import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { differenceFigure } from '../../../core/figures/difference-figure.ts';
import { colourScaleOf, contourLevels, diverging } from '../../../core/figures/field-colours.ts';
import { lineFigure } from '../../../core/figures/line-figure.ts';
import { type Plane, planeLayers, planeResolve } from '../../../core/figures/plane-layers.ts';
import { sliceFigure } from '../../../core/figures/slice-figure.ts';
import type { SliceFigureInput } from '../../../core/figures/slice-input.ts';
import { framed, viridis } from '../../../core/figures/theme.ts';
import { trajectoryFidelityFigure } from '../../../core/figures/trajectory-fidelity-figure.ts';
import { volumeFigure } from '../../../core/figures/volume-figure.ts';
import { renderSvg } from '../../../electron/host/render-figure.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
const side = (values: readonly number[]) => ({ values, kind: 'random', norm: 2, explained: null, eigenvalue: null });
const loss = { id: 'loss', title: 'Loss', symbol: 'L', unit: null, scale: 'linear' } as const;
const common = { warnings: [], formula: 'L', command: 'saddlescope slice run' };
// Four across, three up: nothing of it is symmetric.
const [alpha, beta] = [side([0, 1, 2, 3]), side([0, 1, 2])];
const values = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const all = new Uint8Array(12).fill(1);
const input: SliceFigureInput = {
  alpha,
  beta,
  quantity: loss,
  values,
  computed: all,
  uncertainty: null,
  paths: [],
  ...common,
};

type Rgb = readonly [number, number, number];
/** The colour in the middle of each cell of a plane that is drawn alone, 40 pixels a cell. */
async function cellColours(plane: Pick<Plane, 'values' | 'computed' | 'scale'>): Promise<(at: number) => Rgb> {
  const [columns, rows, size] = [4, 3, 40];
  const layer = planeLayers(
    {
      ...plane,
      x: { values: [0, 1, 2, 3], title: 'α' },
      y: { values: [0, 1, 2], title: 'β' },
      quantity: loss,
      levels: [],
      bar: 0,
    },
    'light',
    [],
  );
  const specification = {
    ...framed({ title: '', subtitle: '', description: '', theme: 'light' }, { layer, resolve: planeResolve }),
    title: '',
    padding: 0,
    autosize: 'none',
    width: columns * size,
    height: rows * size,
  };
  const { pixels, width } = new Resvg(await renderSvg(specification)).render();
  return (at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    // Off the strokes, which go through the middle and the corners.
    const [x, y] = [column * size + 20, (rows - 1 - row) * size + 32];
    return [0, 1, 2].map((k) => pixels[4 * (y * width + x) + k]!) as unknown as Rgb;
  };
}

const near = (one: Rgb, colour: string): boolean =>
  one.every((channel, k) => Math.abs(channel - Number.parseInt(colour.slice(1 + 2 * k, 3 + 2 * k), 16)) <= 3);

describe('cells of a plane', () => {
  it('lie where their coordinates are, on a grid that is neither square nor symmetric', async () => {
    const colour = await cellColours({ values, computed: all, scale: colourScaleOf(values, 'linear') });
    // The first axis goes to the right, the second upwards.
    expect(near(colour(0), viridis[0]!)).toBe(true);
    expect(near(colour(11), viridis[7]!)).toBe(true);
    expect(near(colour(3), viridis[7]!)).toBe(false);
    const brightness = (at: number) => colour(at)[1];
    expect(brightness(3)).toBeLessThan(brightness(8));
    expect(brightness(1)).toBeLessThan(brightness(4));
  });

  it('without a value differ from every value and from each other', async () => {
    const odd = [nan, infinity, -infinity, 3, 0, 5, 6, 7, 8, 9, 10, 11];
    const computed = all.slice();
    computed[3] = 0;
    const colour = await cellColours({ values: odd, computed, scale: colourScaleOf(odd, 'linear') });
    expect([0, 1, 2, 3].map((at) => colour(at).join())).toEqual(['254,254,254', '21,25,30', '21,25,30', '196,204,214']);
  });

  it('on a diverging scale are neutral at zero and of equal strength at equal distance', async () => {
    const signed = [-8, 8, 0, 2, -2, 1, 1, 1, 1, 1, 1, 100];
    const scale = colourScaleOf(signed, 'diverging', { high: 8 });
    expect(scale.domain).toEqual([-8, 8]);
    const colour = await cellColours({ values: signed, computed: all, scale });
    expect(near(colour(2), diverging[5]!)).toBe(true);
    expect(near(colour(0), diverging[0]!)).toBe(true);
    // What is clipped has the colour of the end.
    expect([near(colour(1), diverging[10]!), near(colour(11), diverging[10]!)]).toEqual([true, true]);
  });
});

describe('a figure of a slice', () => {
  it('names in words and in its legend what has no value, and its table tells them apart', async () => {
    const odd = [nan, infinity, -infinity, 3, 0, 5, 6, 7, 8, 9, 10, 11];
    const computed = all.slice();
    computed[3] = 0;
    const figure = sliceFigure({ ...input, values: odd, computed });
    expect(vegaComplaints(figure.specification)).toEqual([]);
    expect(JSON.parse(JSON.stringify(figure.specification))).toEqual(figure.specification);
    for (const words of ['Hatched: 1 cell was', 'not a number', 'is infinite', 'minus infinity'])
      expect(figure.caption).toContain(words);
    const svg = await renderSvg(figure.specification);
    for (const words of ['not computed', 'not a number', 'infinite', 'minus infinity', 'Loss L'])
      expect(svg).toContain(`>${words}</text>`);
    expect(figure.data.rows.slice(0, 5)).toEqual([
      [0, 0, null, 1, 0],
      [1, 0, null, 1, 1],
      [2, 0, null, 1, -1],
      [3, 0, null, 0, 0],
      [0, 1, 0, 1, 0],
    ]);
  });

  it('marks its clip, and says how many values lie beyond and how far', () => {
    const { caption, specification } = sliceFigure({ ...input, clip: { high: 8 } });
    expect(caption).toContain('clipped at the dashed line: 3 cells above 8, as far as 11.');
    expect(JSON.stringify(specification)).toContain('≥ 8');
    expect(JSON.stringify(specification)).toContain('"strokeDash":[4,3]');
    expect(sliceFigure({ ...input, clip: { high: 12 } }).caption).not.toContain('clipped');
  });

  it('draws several paths with their names, marks, and uncertainties', async () => {
    const path = (name: string, shift: number) => ({
      name,
      steps: [0, 1, 2],
      alpha: [0, 1, 2 + shift],
      beta: [0, 1, 2],
      distance: [0, 0.5, 1],
      length: [0, 1, 2],
    });
    for (const theme of ['light', 'dark'] as const) {
      const figure = sliceFigure(
        {
          ...input,
          paths: [path('SGD', 0), path('Adam', 1)],
          marks: [
            { kind: 'minimum', certified: true, alpha: 0, beta: 0, label: 'm' },
            { kind: 'saddle', certified: false, alpha: 1, beta: 1, label: '' },
          ],
          uncertainty: { kind: 'standard error', values: values.map((value) => value / 10) },
        },
        theme,
      );
      expect(vegaComplaints(figure.specification)).toEqual([]);
      const svg = await renderSvg(figure.specification);
      for (const words of [
        'SGD',
        'Adam',
        'minimum, certified',
        'saddle, not certified',
        'rings: distance from the plane',
      ])
        expect(svg).toContain(`>${words}</text>`);
      expect(figure.caption).toContain('The standard error of the loss has the median 0.5 and is at most 1.1.');
      expect(figure.data.columns).toContain('standard_error');
    }
  });

  it('falls back from a logarithmic scale and says so', () => {
    const { caption } = sliceFigure({ ...input, quantity: { ...loss, scale: 'log' } });
    expect(caption).toContain('Colours are linear because some values are not positive.');
    expect(contourLevels(colourScaleOf([0.01, 100], 'automatic')).levels).toEqual([-1.5, -1, -0.5, 0, 0.5, 1, 1.5]);
  });
});

describe('a line', () => {
  const at = [-0.5, 0, 0.25, 0.5, 0.75, 1, 1.5];
  const ends = { zero: 'this point', one: 'the other' };
  const line = { name: 'train', values: [9, 1, 2, 5, 4, 3, 9], computed: new Uint8Array(7).fill(1), uncertainty: null };
  const lineInput = { ...common, alpha: side(at), ends, plots: [{ quantity: loss, lines: [line] }] } as const;

  it('names its ends, its barrier and its lengths', async () => {
    const figure = lineFigure(lineInput);
    expect(vegaComplaints(figure.specification)).toEqual([]);
    expect(figure.caption).toContain('is 3, at α = 0.5');
    const svg = await renderSvg(figure.specification);
    for (const words of ['barrier 3', 'α from this point (0) to the other (1)', 'distance ‖α d‖, signed', 'Loss L'])
      expect(svg).toContain(`>${words}</text>`);
    expect(figure.data.rows.map(([, , a, length, value]) => [a, length, value])).toEqual(
      at.map((a, i) => [a, 2 * a, line.values[i]!]),
    );
    // No axis of lengths where no length is known.
    const unknown = lineFigure({ ...lineInput, alpha: { ...side(at), norm: nan } });
    expect(vegaComplaints(unknown.specification)).toEqual([]);
    expect(await renderSvg(unknown.specification)).not.toContain('distance');
  });

  it('breaks where nothing was computed, and marks infinities and what is not a number', () => {
    const computed = line.computed.slice();
    computed[1] = 0;
    const odd = { ...line, computed, values: [9, 1, infinity, 5, nan, 3, -infinity] };
    const figure = lineFigure({
      ...lineInput,
      ends: null,
      plots: [
        { quantity: loss, lines: [odd, { ...line, name: 'test' }] },
        { quantity: { ...loss, id: 'norm', title: 'Gradient norm', scale: 'log' }, lines: [line] },
      ],
    });
    expect(vegaComplaints(figure.specification)).toEqual([]);
    for (const words of ['not computed at 1 point: gaps', 'of 2 points is infinite', 'of 1 point is not a number'])
      expect(figure.caption).toContain(words);
    const [first] = (
      figure.specification as {
        vconcat: { layer: { mark: { type: string }; data: { values: { y: number | null }[] } }[] }[];
      }
    ).vconcat;
    const drawn = first!.layer.find(({ mark }) => mark.type === 'line')!.data.values.slice(0, 7);
    expect(drawn.map(({ y }) => y)).toEqual([9, null, null, 5, null, 3, null]);
  });
});

it('a volume shows its three centre sections in one scale', async () => {
  const axes = [side([-1, 0, 1, 2]), side([-1, 0, 1]), side([0, 1])] as const;
  const volume = Array.from({ length: 24 }, (_, i) => i);
  const figure = volumeFigure({
    axes,
    quantity: loss,
    values: volume,
    computed: new Uint8Array(24).fill(1),
    ...common,
  });
  expect(vegaComplaints(figure.specification)).toEqual([]);
  // Centre: i = 1, j = 1, k = 0; entry i + 4 (j + 3 k).
  expect(figure.data.rows.map((row) => row[3])).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    ...[4, 5, 6, 7, 16, 17, 18, 19],
    ...[1, 5, 9, 13, 17, 21],
  ]);
  const text = JSON.stringify(figure.specification);
  expect([...text.matchAll(/"domain":\[0,21\]/g)]).toHaveLength(3);
  expect(figure.caption).toContain('Sections at γ = 0, β = 0, α = 0');
});

it('a difference is second less first, missing where either is', () => {
  const computed = all.slice();
  computed[0] = 0;
  const second = values.map((value) => 2 * value - 4);
  second[1] = infinity;
  const figure = differenceFigure({
    alpha,
    beta,
    quantity: loss,
    first: { name: 'one', values, computed },
    second: { name: 'two', values: second, computed: all },
    ...common,
  });
  expect(vegaComplaints(figure.specification)).toEqual([]);
  expect(figure.data.rows.map((row) => row[4])).toEqual([null, null, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7]);
  expect(JSON.stringify(figure.specification)).toContain('"domain":[-7,7]');
  expect(figure.caption).toContain('Hatched: 1 cell was not computed.');
});

it('the fidelity of a path is told step by step', () => {
  const figure = trajectoryFidelityFigure({
    steps: [0, 1, 2],
    trueLoss: [1, 2, nan],
    projectedLoss: [1, 2.5, 3],
    distance: [0, 3, 4],
    length: [0, 5, 5],
    shape: 'plane',
    warnings: [],
    command: 'c',
  });
  expect(vegaComplaints(figure.specification)).toEqual([]);
  expect(figure.data.rows.map((row) => row[5])).toEqual([null, 1 - 0.36, expect.closeTo(0.36, 12)]);
  expect(figure.caption).toContain('differ by 0.5 at most');
  expect(figure.caption).toContain('36 % at least and 64 % at most');
  expect(figure.caption).toContain('At 1 step');
});
