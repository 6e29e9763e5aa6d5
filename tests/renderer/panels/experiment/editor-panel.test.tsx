// @vitest-environment jsdom
import { act } from 'react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readExperiment } from '../../../../core/experiment/read-experiment.ts';
import { type Partner, scriptedPartner } from '../../client/scripted-partner.ts';
import { button, choose, enter, field, installBridge, key, press, settle, show, write } from './page.tsx';

installBridge();
const { compute } = await import('../../../../renderer/client/compute.ts');
const { EditorPanel } = await import('../../../../renderer/panels/editor-panel.tsx');
const { useEditor } = await import('../../../../renderer/state/editor.ts');
const { undo, redo, useHistory } = await import('../../../../renderer/state/history.ts');
const { examinedText } = await import('../../../../renderer/panels/experiment/examined-text.ts');

const shipped = `# Progressive sharpening on real digits.
# The edge of stability.
name: first-light
seed: 1
data: { train: digits, test: digits, subset: { first: 1000 } }
model:
  initializer: fanInUniform
  layers:
    - flatten: {}
    - dense: { units: 64, activation: tanh }
    - dense: { units: 10 }
loss: halfSquaredError
optimizer: { gradientDescent: { learningRate: 0.05 } }
steps: 3000
checkpoints: { every: 50 }
probes:
  budget: 0.5
  every: { loss: 20, sharpness: 10, density: 500 }
`;
const text = () => useEditor.getState().yaml;
const area = () => document.querySelector('textarea') as HTMLTextAreaElement;
const verdict = () => document.querySelector('.editor-panel-verdict')?.textContent ?? '';
let partner: Partner;
let view: ReturnType<typeof show>;

beforeEach(() => {
  const { port1, port2 } = new MessageChannel();
  compute.connect(port1);
  partner = scriptedPartner(port2);
  useHistory.setState({ past: [], future: [] });
  useEditor.setState({ yaml: shipped, saved: shipped, file: null, description: null, failure: null, checking: false });
  view = show(<EditorPanel />);
});
afterEach(() => {
  view.close();
  compute.disconnect('The test is over.');
  partner.close();
});

const comments = (yaml: string) => yaml.split('\n').filter((line) => line.startsWith('#'));

test('a change in the form is a change of one value in the text', async () => {
  await enter(field('Steps'), '1234');
  expect(text()).toBe(shipped.replace('steps: 3000', 'steps: 1234'));
  await enter(field('Step size η'), '0.07');
  expect(text()).toContain('{ gradientDescent: { learningRate: 0.07 } }');
  expect(comments(text())).toEqual(comments(shipped));
  act(undo);
  act(undo);
  expect(text()).toBe(shipped);
  act(redo);
  expect(field('Steps').value).toBe('1234');
});

test('a change of the text shows in the form', async () => {
  await write(area(), shipped.replace('seed: 1', 'seed: 77').replace('units: 64', 'units: 48'));
  expect(field('Seed').value).toBe('77');
  const units = [...document.querySelectorAll<HTMLInputElement>('.layers input[role=spinbutton]')].map(
    ({ value }) => value,
  );
  expect(units).toEqual(['48', '10']);
});

test('another optimiser keeps the settings that both take', async () => {
  await choose(button('Gradient descent'), 'Polyak momentum');
  expect(readExperiment(text(), 'a').optimizer).toMatchObject({
    kind: 'momentum',
    settings: { learningRate: 0.05, momentum: 0.9 },
  });
  await enter(field('Momentum β'), '0.5');
  expect(text()).toContain('{ momentum: { learningRate: 0.05, momentum: 0.5 } }');
});

test('layers are added, moved, changed and taken out', async () => {
  const types = () =>
    readExperiment(text(), 'a').model.layers.map(({ type, options }) => `${type} ${options.units ?? ''}`);
  await press(button('Add layer'));
  expect(types()).toEqual(['flatten ', 'dense 64', 'dense 10', 'dense 10']);
  await press(button('Move layer 2, dense down'));
  expect(types()).toEqual(['flatten ', 'dense 10', 'dense 64', 'dense 10']);
  await press(button('Remove layer 2, dense'));
  expect(types()).toEqual(['flatten ', 'dense 64', 'dense 10']);
  await choose(button(/^tanh/), 'relu');
  expect(readExperiment(text(), 'a').model.layers[1]?.options.activation).toBe('relu');
  expect(comments(text())).toEqual(comments(shipped));
});

test('a text that is no YAML is marked at its line, and the form waits', async () => {
  await write(area(), shipped.replace('loss: half', 'loss: [half'));
  expect(field('Steps').disabled).toBe(true);
  expect(field('Steps').value).toBe('3000');
  expect(verdict()).toContain('cannot be run');
  expect(button('Start run').disabled).toBe(true);
  await write(area(), shipped);
  expect(field('Steps').disabled).toBe(false);
});

test('a setting that there is not is marked at its line with the nearest one', async () => {
  const wrong = shipped.replace('steps:', 'stepz:');
  const line = wrong.split('\n').findIndex((one) => one.startsWith('stepz')) + 1;
  await write(area(), wrong);
  expect(document.querySelector('.yaml-text-bad')?.textContent).toBe(`✕ ${line}`);
  expect(verdict()).toMatch(/stepz is not a known setting\. Did you mean steps\?/);
  expect(area().getAttribute('aria-invalid')).toBe('true');
  await press(button(`Go to line ${line}`));
  await settle();
  expect(area().value.slice(area().selectionStart, area().selectionEnd)).toBe('stepz: 3000');
});

test('what the compute side finds stands at the layer it speaks of', async () => {
  await write(area(), shipped.replace('units: 64', 'units: 65'));
  const { id, params } = (await partner.hears('request', ({ params: given }) =>
    JSON.stringify(given).includes('units: 65'),
  )) as { id: number; params: { source: { yaml: string } } };
  expect(params.source.yaml).toBe(text());
  await partner.say(id, { kind: 'accepted' });
  await partner.say(id, {
    kind: 'failure',
    failure: { kind: 'badInput', found: 'model.layers[1].dense: unknown option foo.', advice: 'Did you mean units?' },
  });
  await settle();
  const line =
    text()
      .split('\n')
      .findIndex((one) => one.includes('units: 65')) + 1;
  expect(document.querySelector('.yaml-text-bad')?.textContent).toBe(`✕ ${line}`);
  expect(verdict()).toContain('unknown option foo. Did you mean units?');
});

test('what the experiment comes to is shown once it is known', async () => {
  const { id } = await partner.hears('request');
  const { experiment } = examinedText(shipped);
  await partner.say(id, { kind: 'accepted' });
  await partner.say(id, {
    kind: 'result',
    outcome: {
      status: 'converged',
      stats: { products: 0, gradients: 0, losses: 0, seconds: 0 },
      value: {
        experiment,
        hash: 'h',
        architecture: '784–64–10 tanh',
        parameters: 50890,
        blocks: [{ name: 'dense_1/kernel', shape: [784, 64], role: 'kernel' }],
        examples: 1000,
        testExamples: 2000,
        formula: 'L(θ) = (1/N) Σᵢ ½ ‖fᵢ − yᵢ‖²',
        engine: 'wasm',
        precision: 'float32',
        optimizerFormula: 'θ ← θ − η ∇L(θ)',
        thresholdName: '2/η',
        threshold: 40,
      },
    },
  });
  await settle();
  expect(verdict()).toContain('can be run');
  expect(verdict()).toContain('784–64–10 tanh');
  expect(verdict()).toContain('50\u202f890');
});

test('Tab indents; after Escape it leaves', async () => {
  area().setSelectionRange(0, 0);
  await key(area(), 'Tab');
  expect(text().startsWith('  # Progressive')).toBe(true);
  await key(area(), 'Tab', { shiftKey: true });
  expect(text()).toBe(shipped);
  await key(area(), 'Escape');
  const tab = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true });
  area().dispatchEvent(tab);
  expect(tab.defaultPrevented).toBe(false);
  expect(text()).toBe(shipped);
});

test('a closed form has its own settings, and none of data, loss and engine', async () => {
  const deep = `# A staircase.
name: deep-linear
model: { deepLinear: { hidden: 2, singularValues: [4, 3, 2, 1] } }
optimizer: { gradientDescent: { learningRate: 0.01 } }
steps: 500
`;
  await write(area(), deep);
  expect(field('Singular values of S').value).toBe('4, 3, 2, 1');
  expect(field('Hidden widths').value).toBe('2');
  for (const title of ['Training data', 'Over examples', 'Layers'])
    expect(document.querySelector('.experiment-form')?.textContent).not.toContain(title);
  expect(
    [...document.querySelectorAll('.experiment-form h2, .experiment-form h3')].map((h) => h.textContent),
  ).not.toContain('Engine');
  await write(field('Singular values of S'), '5, 2.5');
  expect(readExperiment(text(), 'a').model.closedForm).toMatchObject({ singularValues: [5, 2.5], inputs: 2 });
  await write(field('Singular values of S'), '5, two');
  expect(text()).toContain('[ 5, 2.5 ]');
  await write(field('Hidden widths'), '3, 2');
  expect(readExperiment(text(), 'a').model.closedForm).toMatchObject({ hidden: [3, 2] });
  expect(comments(text())).toEqual(['# A staircase.']);
  await enter(field('Step size η'), '0.02');
  expect(readExperiment(text(), 'a').optimizer.settings.learningRate).toBe(0.02);

  await write(area(), 'name: s\nmodel: { surface: monkeySaddle }\n');
  expect(field('Start (x, y)').value).toBe('1, 1');
  await write(field('Start (x, y)'), '0.5, -2');
  await choose(button('Monkey saddle'), 'Himmelblau’s function');
  expect(readExperiment(text(), 'a').model.closedForm).toEqual({
    kind: 'surface',
    surface: 'himmelblau',
    start: [0.5, -2],
  });
});
