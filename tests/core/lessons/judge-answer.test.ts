import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillIn, holds, judgeAnswer, plainText, quantityText } from '../../../core/lessons/judge-answer.ts';
import type { Question } from '../../../core/lessons/lesson.ts';
import { withFirst } from '../../../core/lessons/measured/measured.ts';

const choice: Question = {
  kind: 'choice',
  text: 'How many?',
  hint: 'Run it: {steps} so far.',
  after: [{ quantity: 'steps', above: 9 }],
  choices: [
    {
      text: 'more',
      holds: [
        { quantity: 'wait', aboveQuantity: 'theory', times: 0.9 },
        { quantity: 'wait', belowQuantity: 'theory', times: 1.1 },
      ],
      reply: 'It is {wait}.',
    },
    { text: 'never', holds: [{ quantity: 'wait', above: 1e6 }], reply: 'It was {wait}.' },
  ],
};
const number: Question = {
  kind: 'number',
  text: 'What?',
  hint: null,
  quantity: 'factor',
  tolerance: 0.05,
  after: [],
  reply: 'Yes, {factor}.',
};
const reach: Question = {
  kind: 'reach',
  text: 'Do.',
  hint: null,
  goals: [{ quantity: 'loss', below: 1 }],
  reply: 'Loss {loss}.',
};

test('who answers before having looked is told to look', () => {
  expect(judgeAnswer(choice, {}, { choice: 0 })).toEqual({ verdict: 'notYet', reply: 'Run it: – so far.' });
  expect(judgeAnswer(choice, { steps: 5, wait: 24, theory: 24 }, { choice: 0 }).verdict).toBe('notYet');
});

test('the same choice is right or wrong by what was measured', () => {
  expect(judgeAnswer(choice, { steps: 10, wait: 23, theory: 24 }, { choice: 0 })).toEqual({
    verdict: 'right',
    reply: 'It is 23.',
  });
  expect(judgeAnswer(choice, { steps: 10, wait: 240, theory: 24 }, { choice: 0 }).verdict).toBe('wrong');
  expect(judgeAnswer(choice, { steps: 10, wait: 24, theory: 24 }, { choice: 1 }).verdict).toBe('wrong');
  expect(judgeAnswer(choice, { steps: 10, wait: Infinity, theory: 24 }, { choice: 1 })).toEqual({
    verdict: 'right',
    reply: 'It was never.',
  });
});

test('no choice, and one that there is not, is no answer', () => {
  const seen = { steps: 10, wait: 24, theory: 24 };
  expect(judgeAnswer(choice, seen, null).verdict).toBe('notYet');
  expect(judgeAnswer(choice, seen, { choice: 7 }).verdict).toBe('notYet');
  expect(judgeAnswer(choice, seen, { number: 24 }).verdict).toBe('notYet');
});

test('a number is right exactly within its tolerance', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: -0.2, max: 0.2, noNaN: true }),
      (factor, off) => {
        fc.pre(Math.abs(Math.abs(off) - 0.05) > 1e-6);
        const { verdict } = judgeAnswer(number, { factor }, { number: factor * (1 + off) });
        expect(verdict).toBe(Math.abs(off) < 0.05 ? 'right' : 'wrong');
      },
    ),
  );
});

test('a wrong number is told on which side it lies, not the right one', () => {
  const { reply } = judgeAnswer(number, { factor: 2 }, { number: 3 });
  expect(reply).toContain('more than the scene measures');
  expect(reply).not.toMatch(/\b2\b/);
});

test('zero can be asked for, and what was not measured cannot be answered', () => {
  expect(judgeAnswer(number, { factor: 0 }, { number: 0 }).verdict).toBe('right');
  expect(judgeAnswer(number, { factor: 0 }, { number: 0.1 }).verdict).toBe('wrong');
  expect(judgeAnswer(number, {}, { number: 0 }).verdict).toBe('notYet');
});

test('a goal is reached or not yet, never wrong', () => {
  expect(judgeAnswer(reach, { loss: 2 }, null)).toEqual({ verdict: 'notYet', reply: 'Try it in the scene first.' });
  expect(judgeAnswer(reach, { loss: 0.5 }, null)).toEqual({ verdict: 'right', reply: 'Loss 0.5.' });
});

test('no condition holds of what was not measured, on either side', () => {
  expect(holds([{ quantity: 'a', below: 1 }], {})).toBe(false);
  expect(holds([{ quantity: 'a', aboveQuantity: 'b' }], { a: 1 })).toBe(false);
  expect(holds([{ quantity: 'a', belowQuantity: 'b' }], { a: 1 })).toBe(false);
  expect(holds([], {})).toBe(true);
});

test('a quantity is compared with itself as the page was opened', () => {
  const all = withFirst({ a: 6, b: 1 }, { a: 4, c: 2 });
  expect(all).toEqual({ a: 6, b: 1, 'a.first': 4, 'a.change': 2, 'a.ratio': 1.5, 'c.first': 2 });
});

test('a change from never to never is nothing that is known', () => {
  expect(withFirst({ a: Infinity }, { a: Infinity })).toEqual({ a: Infinity, 'a.first': Infinity });
});

test('numbers in texts are those that were measured', () => {
  expect(fillIn('{a} and {b.first}, {c}', { a: 24.158, 'b.first': 1200 })).toBe('24.2 and 1200, –');
  expect(quantityText(1e-9)).toBe('10⁻⁹');
  expect(quantityText(Infinity)).toBe('never');
});

test('what is heard has no signs in it', () => {
  expect(plainText('With _2/η_ it *falls*.')).toBe('With 2/η it falls.');
});
