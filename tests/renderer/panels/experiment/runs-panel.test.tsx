// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withSetting } from '../../../../core/experiment/experiment-text.ts';
import { type Partner, scriptedPartner } from '../../client/scripted-partner.ts';
import { button, field, grantedRun, installBridge, key, press, settle, show, write } from './page.tsx';

let made = 0;
installBridge({ newRun: async () => grantedRun(`seed-run-${++made}`) });
const { compute } = await import('../../../../renderer/client/compute.ts');
const { groupOf } = await import('../../../../renderer/actions/training.ts');
const { useWaitingSeeds } = await import('../../../../renderer/actions/seed-runs.ts');
const { RunsPanel } = await import('../../../../renderer/panels/runs-panel.tsx');
const { undo, useHistory } = await import('../../../../renderer/state/history.ts');
const { addRun, chooseRun, currentRun, runOf, useRuns } = await import('../../../../renderer/state/runs.ts');
const { useSession } = await import('../../../../renderer/state/session.ts');
const { useRenaming } = await import('../../../../renderer/panels/experiment/renaming.ts');
const { begun, describe, yaml } = await import('./running.tsx');

let partner: Partner;
let view: ReturnType<typeof show>;
const rows = () => [...document.querySelectorAll('.runs-panel-row')].map((row) => row.textContent ?? '');

function finished(id: string, text: string, more: object = {}): void {
  const description = describe(text);
  const state = 'finished' as const;
  const group = groupOf(description.experiment);
  addRun({
    id,
    file: grantedRun(id),
    title: id,
    yaml: text,
    state,
    description,
    group,
    steps: 1000,
    step: 1000,
    ...more,
  });
}

beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  compute.connect(port1);
  partner = scriptedPartner(port2);
  useSession.setState({ compute: { state: 'ready' } });
  useRuns.setState({ runs: [], current: null });
  useHistory.setState({ past: [], future: [] });
  finished('first', yaml);
  finished('slow', withSetting(yaml, ['optimizer', 'gradientDescent', 'learningRate'], 0.02));
  finished('wide', yaml.replace('units: 8', 'units: 32').replace('halfSquaredError', 'softmaxCrossEntropy'));
  finished('other seed', withSetting(yaml, ['seed'], 2));
  finished('twig', yaml.replace('steps: 1000', 'steps: 500'), { branchedFrom: { run: 'first', step: 300 } });
  chooseRun('first');
  view = show(<RunsPanel />);
});
afterEach(() => {
  view.close();
  compute.disconnect('The test is over.');
  partner.close();
  useRenaming.setState({ run: null });
});

test('each run says in what it differs from the one that is studied', () => {
  expect(rows()).toEqual([
    'firstfinished, seed 1',
    'other seedfinished, seed 2',
    'slowfinished, η = 0.02',
    'widefinished, 32 tanh, 2, Cross-entropy',
    'twigfinished, branch of first at step 300, steps 500',
  ]);
  act(() => chooseRun('slow'));
  expect(rows()[0]).toBe('firstfinished, η = 0.05');
});

test('runs that differ in their seed alone stand together', () => {
  expect(document.querySelector('.runs-panel-group')?.textContent).toBe('2 seeds: mean and range');
});

test('a run is hidden, shown again and chosen; hiding is undone', async () => {
  await press(button('Hide slow'));
  expect(runOf('slow')?.visible).toBe(false);
  act(undo);
  expect(runOf('slow')?.visible).toBe(true);
  await press(button(/^slow/));
  expect(currentRun()?.id).toBe('slow');
  expect(button(/^slow/).getAttribute('aria-pressed')).toBe('true');
});

test('a run is renamed in its place', async () => {
  act(() => useRenaming.setState({ run: 'slow' }));
  await write(field('Title of the run'), 'careful');
  await key(field('Title of the run'), 'Enter');
  expect(runOf('slow')?.title).toBe('careful');
  act(undo);
  expect(runOf('slow')?.title).toBe('slow');
});

test('further seeds are trained one after the other, and the studied run stays', async () => {
  await press(button('Actions of first'));
  const entry = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')].find((item) =>
    item.textContent?.includes('more seeds'),
  );
  await press(entry as HTMLElement);
  expect(document.body.textContent).toContain('seeds 3, 4, one run after the other');
  await press(button('Start', document.querySelector('.more-seeds') as HTMLElement));
  const third = await begun(partner, withSetting(yaml, ['seed'], 3));
  expect(currentRun()?.id).toBe('first');
  expect(document.querySelector('.runs-panel-waiting')?.textContent).toContain('Seed 4 of first waits.');
  const asked = () =>
    partner.heard.filter((message) => message.kind === 'request' && message.method === 'train').length;
  await settle(100);
  expect(asked()).toBe(1);
  await third.end('steps', 1000);
  const fourth = await begun(partner, withSetting(yaml, ['seed'], 4));
  expect(asked()).toBe(2);
  expect(document.querySelector('.runs-panel-group')?.textContent).toBe('4 seeds: mean and range');
  await fourth.end('steps', 1000);
  expect(useWaitingSeeds.getState().waiting).toEqual([]);
});
