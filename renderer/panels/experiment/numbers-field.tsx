import { useEffect, useRef, useState } from 'react';
import type { SettingInput } from '../../../core/experiment/schema/form-setting.ts';
import { TextField } from '../../widgets/fields.tsx';

type Range = Extract<SettingInput, { kind: 'numbers' }>;

export interface NumbersFieldProps {
  readonly label: string;
  readonly help: string;
  readonly isDisabled: boolean;
  /** A number or a list of them. */
  readonly value: unknown;
  readonly onChange: (numbers: readonly number[]) => void;
  readonly range: Range;
}

const written = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value ?? ''));

const numbersOf = (text: string): readonly number[] =>
  text
    .trim()
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map(Number);

function problemOf(numbers: readonly number[], { whole, length, least, most }: Range): string | null {
  if (numbers.some((number) => !Number.isFinite(number))) return 'Numbers with commas between.';
  if (length === null ? numbers.length === 0 : numbers.length !== length)
    return length === null ? 'At least one number.' : `${length} numbers.`;
  if (whole && !numbers.every(Number.isInteger)) return 'Whole numbers.';
  if (least !== undefined && numbers.some((number) => number < least)) return `Numbers from ${least} on.`;
  return most !== undefined && numbers.some((number) => number > most) ? `Numbers up to ${most}.` : null;
}

/** Several numbers on one line, with commas between. */
export function NumbersField({ value, onChange, range, ...common }: NumbersFieldProps) {
  const given = written(value);
  const [text, setText] = useState(given);
  const shown = useRef(given);
  useEffect(() => {
    if (shown.current === given) return;
    shown.current = given;
    setText(given);
  }, [given]);
  const take = (typed: string) => {
    setText(typed);
    const numbers = numbersOf(typed);
    if (problemOf(numbers, range) !== null) return;
    shown.current = written(numbers);
    onChange(numbers);
  };
  return <TextField {...common} value={text} onChange={take} error={problemOf(numbersOf(text), range)} />;
}
