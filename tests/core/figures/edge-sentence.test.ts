import { expect, it } from 'vitest';
import { edgeOfStabilitySince, edgeSentence, shortThresholdName } from '../../../core/figures/edge-sentence.ts';

const run = (values: [number, number][], threshold: number | null = 40) =>
  values.map(([step, value]) => ({ step, value, threshold, converged: true }));

it('the edge begins where the sharpness stayed above 0.98 of the threshold, not where it first was', () => {
  const readings = run([
    [900, 39.3],
    [910, 38],
    [932, 39.2],
    [940, 41],
    [950, 40.6],
  ]);
  expect(edgeOfStabilitySince(readings)).toBe(932);
  expect(edgeSentence(readings, '2/η')).toBe('1.5 % above 2/η = 40. At the edge of stability since step 932.');
});

it('39.2 is at the edge of 40, the next number below is not', () => {
  expect(edgeOfStabilitySince(run([[1, 39.2]]))).toBe(1);
  expect(edgeOfStabilitySince(run([[1, 39.199999]]))).toBe(null);
});

it('below the edge, before and after it was reached', () => {
  expect(edgeSentence(run([[5, 20]]), '2/η')).toBe('50 % below 2/η = 40. Not at the edge of stability yet.');
  expect(
    edgeSentence(
      run([
        [5, 39.9],
        [12000, 30],
      ]),
      '2/η',
    ),
  ).toBe('25 % below 2/η = 40. Not at the edge of stability: last there at step 5.');
  expect(
    edgeSentence(
      run([
        [5, 20],
        [15, 40],
      ]),
      '2/η',
    ),
  ).toBe('At 2/η = 40. At the edge of stability first at step 15.');
});

it('each measurement is compared with the threshold of its own step', () => {
  const readings = [
    { step: 0, value: 40, threshold: 100, converged: true },
    { step: 10, value: 40, threshold: 40, converged: true },
    { step: 20, value: 40, threshold: 40, converged: true },
  ];
  expect(edgeOfStabilitySince(readings)).toBe(10);
});

it('claims nothing without a threshold, without numbers or without measurements', () => {
  expect(edgeSentence([], '2/η')).toBe('The sharpness has not been measured.');
  expect(edgeSentence(run([[1, 3]], null), '2/η')).toBe('No threshold of stability is known for this optimiser.');
  expect(edgeSentence(run([[1, Number.NaN]]), '2/η')).toBe('At step 1 the sharpness is not a finite number.');
  expect(
    edgeOfStabilitySince(
      run([
        [1, 41],
        [2, Number.NaN],
        [3, 41],
      ]),
    ),
  ).toBe(3);
});

it.each([
  ['2/η (gradient descent)', '2/η'],
  ['(2 + 2β)/η (Polyak momentum); full-batch threshold, mini-batch training need not respect it', '(2 + 2β)/η'],
  ['(2 + 2β₁)/((1 − β₁) η) for the preconditioned Hessian (Adam)', '(2 + 2β₁)/((1 − β₁) η)'],
  ['2.785/step: limit of the integrator; the flow itself has none', '2.785/step'],
])('%s is called %s in a sentence', (name, short) => expect(shortThresholdName(name)).toBe(short));
