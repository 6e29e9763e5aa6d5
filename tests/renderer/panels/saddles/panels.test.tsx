// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FinderId } from '../../../../core/analyses/saddles/finders/finder.ts';
import type { ExperimentDescription } from '../../../../core/protocol/methods.ts';
import { SaddleCertificatePanel } from '../../../../renderer/panels/saddle-certificate-panel.tsx';
import { SaddlePointsPanel } from '../../../../renderer/panels/saddle-points-panel.tsx';
import { SaddleScenePanel } from '../../../../renderer/panels/saddle-scene-panel.tsx';
import { SaddleSearchPanel } from '../../../../renderer/panels/saddle-search-panel.tsx';
import { useEditor } from '../../../../renderer/state/editor.ts';
import { addRun, useRuns } from '../../../../renderer/state/runs.ts';
import { useSaddleForm } from '../../../../renderer/state/saddle-form.ts';
import {
  defaultView,
  forgetSearches,
  heldFrom,
  putSearch,
  selectPoint,
  updateSearch,
  useSearches,
} from '../../../../renderer/state/searches.ts';
import { mount, press, unmountAll } from '../../widgets/mount.tsx';
import { examplePoint, exampleSearch, flatPoint } from './example-search.ts';

const description = {
  architecture: 'deep linear 4–2–4',
  parameters: 16,
  precision: 'float64',
  experiment: { name: 'deep-linear' },
} as unknown as ExperimentDescription;

const text = (element: HTMLElement): string => (element.textContent ?? '').replace(/\s+/g, ' ');
const points = [0, 1, 2, 3].map((number) => examplePoint(number));

function openRun(): void {
  addRun({
    id: 'r1',
    file: { reference: 'r1', kind: 'run', name: 'deep-linear', shown: '/runs/deep-linear' },
    title: 'deep-linear',
    yaml: '',
    state: 'finished',
    description,
    checkpoints: [0, 500],
  });
}

beforeEach(() => useSearches.setState({ view: defaultView }));
afterEach(async () => {
  await unmountAll();
  forgetSearches('r1');
  useRuns.setState({ runs: [], current: null });
  useEditor.setState({ description: null });
});

test('without a run or an experiment every panel says what is missing', async () => {
  const search = await mount(<SaddleSearchPanel />);
  expect(text(search)).toContain('Open a run or an experiment');
  expect(search.querySelectorAll('button')).toHaveLength(1);
  expect(text(await mount(<SaddleCertificatePanel />))).toContain('Select a point');
  expect(text(await mount(<SaddleScenePanel />))).toContain('Select a point in the chart');
});

test('an experiment without a run is searched from random points only, and its points have no landscape', async () => {
  useEditor.setState({ yaml: 'name: x', description });
  const panel = await mount(<SaddleSearchPanel />);
  expect(text(panel)).toContain('deep linear 4–2–4, 16 parameters, not trained');
  await act(async () => {
    putSearch('experiment', heldFrom(exampleSearch(points, { search: null }), null));
    selectPoint('experiment', 1);
  });
  const scene = await mount(<SaddleScenePanel />);
  expect(text(scene)).toContain('No run keeps this point');
  await act(async () => forgetSearches('experiment'));
});

test('a search shows what it has found, what the others are, and its warnings as they are', async () => {
  openRun();
  const warning = 'The network has kinks (relu): its Hessian is blind to them.';
  putSearch('r1', heldFrom(exampleSearch([...points, flatPoint(4)], { warnings: [warning] }), null));
  const panel = await mount(<SaddleSearchPanel />);
  const seen = text(panel);
  expect(seen).toContain(warning);
  expect(seen).toMatch(/certified4.*gradient-flat1/);
  expect(seen).toContain(
    '1 start ended where ∇L is not zero and lies in the flat directions of the Hessian: no critical point',
  );
  expect(seen).toContain('5 of 5 starts');
});

test('a search under way can be paused, and one that was stopped is gone on with', async () => {
  openRun();
  const finder = useSaddleForm.getState().values.finder as FinderId;
  const search = heldFrom(exampleSearch(points, { finder, from: 'trajectory', starts: 60 }), null);
  putSearch('r1', { ...search, state: 'running' });
  const panel = await mount(<SaddleSearchPanel />);
  expect(text(panel)).toContain('Pause search');
  await act(async () => updateSearch('r1', search.id, (one) => ({ ...one, state: 'stopped' })));
  expect(text(panel)).toContain('Continue search');
  expect(text(panel)).toContain('stopped at 4 of 60 starts');
});

test('the table is walked along by keys, sorts by its heads and makes only the rows that are seen', async () => {
  openRun();
  const many = Array.from({ length: 600 }, (_, number) => examplePoint(number, { loss: 600 - number }));
  putSearch('r1', heldFrom(exampleSearch(many), null));
  const panel = await mount(<SaddlePointsPanel />);
  const grid = panel.querySelector<HTMLElement>('[role=grid]')!;
  expect(grid.getAttribute('aria-rowcount')).toBe('601');
  expect(panel.querySelectorAll('tbody tr').length).toBeLessThan(80);
  grid.focus();
  await press('Home');
  expect(useSearches.getState().selected.r1).toBe(599);
  await press('ArrowDown');
  expect(useSearches.getState().selected.r1).toBe(598);
  expect(panel.querySelector('[aria-selected=true]')?.id).toBe(grid.getAttribute('aria-activedescendant'));
  const sort = [...panel.querySelectorAll('button')].find((one) => one.getAttribute('aria-label') === 'Sort by loss')!;
  await act(async () => sort.click());
  expect(sort.closest('th')?.getAttribute('aria-sort')).toBe('descending');
});

test('points of kinds that are switched off are told, and brought back by one press', async () => {
  openRun();
  putSearch('r1', heldFrom(exampleSearch([examplePoint(1, { verdict: 'notConverged', certified: false })]), null));
  const panel = await mount(<SaddlePointsPanel />);
  expect(text(panel)).toContain('The one point that was found is of a kind that is not shown');
  const button = [...panel.querySelectorAll('button')].find((one) => one.textContent === 'Show all kinds')!;
  await act(async () => button.click());
  expect(panel.querySelectorAll('[role=grid] tbody tr')).toHaveLength(1);
});

test('a certificate says “exactly” only of what is certified, and what can be done where', async () => {
  openRun();
  putSearch('r1', heldFrom(exampleSearch([...points, flatPoint(4)]), null));
  selectPoint('r1', 0);
  const panel = await mount(<SaddleCertificatePanel />);
  expect(text(panel)).toMatch(/certified.*index 8.*exactly.*A true critical point lies within/);
  const disabled = () => [...panel.querySelectorAll<HTMLButtonElement>('button')].filter((one) => one.disabled).length;
  expect(disabled()).toBe(0);
  await act(async () => selectPoint('r1', 4));
  expect(text(panel)).toMatch(/gradient-flat.*index ≈ 6.*not proved.*Not a critical point/);
  expect(text(panel)).not.toContain('exactly');
});
