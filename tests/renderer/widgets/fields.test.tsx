// @vitest-environment jsdom
import axe from 'axe-core';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { StatusBadge } from '../../../renderer/widgets/badge.tsx';
import { Button, IconButton } from '../../../renderer/widgets/button.tsx';
import { NumberField, SelectField, SliderField, SwitchField, TextField } from '../../../renderer/widgets/fields.tsx';
import { MenuButton } from '../../../renderer/widgets/menu-button.tsx';
import { Certified, Numeral } from '../../../renderer/widgets/numbers.tsx';
import { EmptyState, KeyValues, PanelHead, Section } from '../../../renderer/widgets/section.tsx';
import { Segmented } from '../../../renderer/widgets/segmented.tsx';
import { mount, press, type, unmountAll } from './mount.tsx';

afterEach(unmountAll);

function Rate({ log, start = 0.05 }: { readonly log: (value: number) => void; readonly start?: number }) {
  const [value, setValue] = useState(start);
  const onChange = (changed: number) => {
    log(changed);
    setValue(changed);
  };
  return <NumberField label="Step size" value={value} onChange={onChange} minimum={0} maximum={10} step={0.1} />;
}

async function openRate(start?: number) {
  const log = vi.fn();
  const page = await mount(<Rate log={log} {...(start === undefined ? {} : { start })} />);
  const field = page.querySelector('input');
  if (!field) throw new Error('no field');
  return { log, field, page };
}

test.each([
  ['2e-7', 2e-7],
  ['0,5', 0.5],
  [' 1 000e-3 ', 1],
  ['−0.0', -0],
])('a number typed as %s is the number %d', async (text, number) => {
  const { log, field } = await openRate();
  await type(field, text);
  expect(log).not.toHaveBeenCalled();
  await press('Enter');
  expect(log.mock.calls).toEqual([[number]]);
});

test.each(['', 'ten', '-1', '11', 'Infinity', '1e999'])('%s is refused, said, and never handed on', async (text) => {
  const { log, field, page } = await openRate();
  await type(field, text);
  await press('Enter');
  expect(log).not.toHaveBeenCalled();
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(page.querySelector('.field-error')?.textContent).toMatch(/number|least|most/);
  await press('Escape');
  expect(field.value).toBe('0.05');
});

test.each([
  ['0', 'Above 0.'],
  ['-0.1', 'Above 0.'],
  ['1', 'Below 1.'],
  ['1.5', 'Below 1.'],
])('%s on or beyond a bound that is not allowed is refused with a sentence', async (text, sentence) => {
  const log = vi.fn();
  const page = await mount(<NumberField label="Momentum" value={0.9} onChange={log} above={0} below={1} step={0.3} />);
  const field = page.querySelector('input') as HTMLInputElement;
  await type(field, text);
  await press('Enter');
  expect(page.querySelector('.field-error')?.textContent).toBe(sentence);
  field.blur();
  expect(log).not.toHaveBeenCalled();
});

test('arrows never step onto a bound that is not allowed, and only whole numbers stand where those are wanted', async () => {
  const log = vi.fn();
  const page = await mount(
    <>
      <NumberField label="Rate" value={0.1} onChange={log} above={0} step={0.1} />
      <NumberField label="Seed" value={3} onChange={log} minimum={0} whole step={1} />
    </>,
  );
  const [rate, seed] = page.querySelectorAll('input');
  rate?.focus();
  await press('ArrowDown');
  expect(rate?.value).toBe('0.1');
  await type(seed as HTMLInputElement, '2.5');
  await press('Enter');
  expect(log).not.toHaveBeenCalled();
  expect(page.querySelector('.field-error')?.textContent).toBe('A whole number.');
});

test('arrows step without round-off and stop at the bounds', async () => {
  const { log, field } = await openRate(0.1);
  field.focus();
  await press('ArrowUp');
  await press('ArrowUp');
  await press('ArrowUp', { shiftKey: true });
  expect(log.mock.calls.flat()).toEqual([0.2, 0.3, 1.3]);
  for (let i = 0; i < 3; i++) await press('ArrowDown', { shiftKey: true });
  expect(field.value).toBe('0');
});

const noop = () => {};
const options = [
  { id: 'gd', title: 'Gradient descent' },
  { id: 'adam', title: 'Adam', help: 'With moments' },
];

test('the widgets have no fault that axe can find', async () => {
  const page = await mount(
    <>
      <PanelHead title="Experiment" note="a remark">
        <MenuButton label="More about the experiment" items={[{ id: 'a', title: 'Copy', onAction: noop }]} />
      </PanelHead>

      <Section title="Values" aside="float64">
        <KeyValues
          rows={[
            ['Loss', <Certified key="loss" value={0.0568} uncertainty={0.0002} />],
            ['Steps', <Numeral key="steps" value={2840} />],
          ]}
        />
        <StatusBadge status="budgetSpent" />
      </Section>
      <Button onPress={noop} variant="primary">
        Pause
      </Button>
      <IconButton icon="step" label="Step" onPress={noop} />
      <Segmented label="View" value="gd" options={options} onChange={noop} />
      <NumberField label="Step size" value={0.05} onChange={noop} unit="2/η 40" help="Of each update" />
      <TextField label="Title" value="Digits" onChange={noop} />
      <TextField label="Search" hideLabel value="" onChange={noop} placeholder="Search" />
      <SelectField label="Optimiser" value="gd" options={options} onChange={noop} />
      <SwitchField label="Follow" value onChange={noop} />
      <SliderField
        label="Probe budget"
        value={20}
        minimum={0}
        maximum={100}
        step={5}
        format={(n) => `${n} %`}
        onChange={noop}
      />
      <EmptyState sentence="Nothing yet." action={{ title: 'Start', onPress: noop }} />
    </>,
  );
  // Colours and sizes need a real window.
  const { violations, passes } = await axe.run(page, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  expect(passes.length).toBeGreaterThan(10);
});

test('a choice made by keyboard is handed on once', async () => {
  const log = vi.fn();
  const page = await mount(<SelectField label="Optimiser" value="gd" options={options} onChange={log} />);
  page.querySelector('button')?.focus();
  await press('Enter');
  expect([...document.querySelectorAll('[role=option]')].map((one) => one.textContent)).toEqual([
    'Gradient descent',
    'AdamWith moments',
  ]);
  await press('ArrowDown');
  await press('Enter');
  expect(log.mock.calls).toEqual([['adam']]);
});
