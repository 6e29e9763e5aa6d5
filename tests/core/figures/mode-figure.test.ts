import { expect, test } from 'vitest';
import { type ModeFigureInput, modeFigure } from '../../../core/figures/mode-figure.ts';
import { vegaComplaints } from '../../support/vega-complaints.ts';

const steps = Array.from({ length: 101 }, (_, i) => 5 * i);
const mode = (number: number, singularValue: number) => ({
  mode: number,
  singularValue,
  strengths: steps.map((step) => singularValue * (1 - Math.exp(-step / 100))),
  theory: number === 2 ? null : steps.map(() => singularValue),
});
const input: ModeFigureInput = {
  steps,
  modes: [mode(1, 2), mode(2, 4)],
  curves: { steps: [0, 250, 500], values: [[0.1, 1, 2], null] },
  formula: 'du/dt = 2u(s − u)',
  theoryName: 'balanced modes of two matrices',
  notices: ['A notice.'],
  command: 'saddlescope modes run',
};

type Layers = { layer: { data: { values: Record<string, unknown>[] }; mark: Record<string, unknown> }[] };

test.each(['light', 'dark'] as const)(
  'points of the run over dashed theory, the strongest mode first (%s)',
  (theme) => {
    const { specification, caption, alternative, data } = modeFigure(input, theme);
    expect(vegaComplaints(specification)).toEqual([]);
    expect(JSON.parse(JSON.stringify(specification))).toEqual(specification);
    const [theory, points] = (specification as unknown as Layers).layer;
    expect(theory!.mark).toMatchObject({ type: 'line', strokeDash: [6, 4] });
    expect(theory!.data.values).toEqual([0.1, 1, 2].map((u, i) => ({ step: 250 * i, u, mode: 'mode 1, s = 2' })));
    expect(points!.data.values.filter((one) => one.mode === 'mode 2, s = 4')).toHaveLength(51);
    expect(points!.data.values[0]!.mode).toBe('mode 2, s = 4');
    expect(caption).toContain('51 of 101 drawn');
    expect(caption).toContain('A notice.');
    expect(alternative).toContain('mode 1 from 0');
    // The table has every checkpoint.
    expect(data.rows).toHaveLength(202);
  },
);

test('a dozen modes at most, and none at all', () => {
  const many = Array.from({ length: 14 }, (_, i) => mode(i + 1, i + 1));
  const { caption, specification } = modeFigure({
    ...input,
    modes: many,
    curves: { steps: [], values: many.map(() => null) },
  });
  expect(caption).toContain('The 12 strongest of 14 modes are drawn.');
  expect(JSON.stringify(specification)).not.toContain('mode 2, s = 2');
  expect(vegaComplaints(specification)).toEqual([]);
  const empty = modeFigure({ ...input, modes: [], curves: { steps: [], values: [] } });
  expect(vegaComplaints(empty.specification)).toEqual([]);
  expect(empty.alternative).toContain('Empty chart');
});
