import { useEffect, useRef, useState } from 'react';
import { valueAt, withSetting } from '../../../core/experiment/experiment-text.ts';
import type { FormSetting, NumberRange } from '../../../core/experiment/schema/form-setting.ts';
import { NumberField, SelectField, SwitchField, TextField } from '../../widgets/fields.tsx';
import { NumbersField } from './numbers-field.tsx';
import type { TextForm } from './text-form.ts';

/** Stands in a list of choices for a setting that is null. */
const none = '(none)';

export interface SettingFieldProps {
  readonly form: TextForm;
  readonly setting: FormSetting;
}

/** One plain setting by the control of its type. */
export function SettingField({ form, setting }: SettingFieldProps) {
  const { path, title, help, input, nullMeans, unit } = setting;
  const given = valueAt(form.values, path);
  const value = given === undefined ? setting.default : given;
  const change = (changed: unknown) => {
    // Where nothing is written and null is the default, null is not written either.
    const written = changed === null && setting.default === null ? undefined : changed;
    form.edit(title, (text) => withSetting(text, path, written));
  };
  const common = { label: title, help, isDisabled: form.isDisabled };
  switch (input.kind) {
    case 'number':
    case 'wholeNumber':
      return nullMeans === null ? (
        <NumberField
          {...common}
          value={typeof value === 'number' ? value : (input.least ?? 0)}
          onChange={change}
          minimum={input.least}
          maximum={input.most}
          above={input.above}
          below={input.below}
          whole={input.kind === 'wholeNumber'}
          step={input.kind === 'wholeNumber' ? 1 : undefined}
          unit={unit ?? undefined}
        />
      ) : (
        <NumberOrNothing {...common} value={value} onChange={change} range={input} nothing={nullMeans} />
      );
    case 'choice': {
      const options = nullMeans === null ? input.choices : [{ id: none, title: nullMeans }, ...input.choices];
      const chosen = value === null || value === undefined ? none : String(value);
      return (
        <SelectField {...common} value={chosen} options={options} onChange={(id) => change(id === none ? null : id)} />
      );
    }
    case 'numbers':
      return <NumbersField {...common} value={value} onChange={change} range={input} />;
    case 'flag':
      return <SwitchField {...common} value={value === true} onChange={change} />;
    case 'text':
      return (
        <TextField
          {...common}
          value={value === null || value === undefined ? '' : String(value)}
          placeholder={nullMeans ?? undefined}
          onChange={(text) => change(text === '' && nullMeans !== null ? null : text)}
        />
      );
    default:
      return null;
  }
}

interface NumberOrNothingProps {
  readonly label: string;
  readonly help: string;
  readonly isDisabled: boolean;
  readonly value: unknown;
  readonly onChange: (value: number | null) => void;
  readonly range: NumberRange & { readonly kind: 'number' | 'wholeNumber' };
  /** What the empty field means. */
  readonly nothing: string;
}

const written = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

function problemOf(text: string, { kind, least, above, most, below }: NumberOrNothingProps['range']): string | null {
  const number = Number(text);
  if (text.trim() === '') return null;
  if (!Number.isFinite(number)) return 'This is not a number.';
  if (kind === 'wholeNumber' && !Number.isInteger(number)) return 'A whole number.';
  if (least !== undefined && number < least) return `At least ${least}.`;
  if (above !== undefined && number <= above) return `Above ${above}.`;
  if (most !== undefined && number > most) return `At most ${most}.`;
  return below !== undefined && number >= below ? `Below ${below}.` : null;
}

/** A number, or nothing at all: the empty field. */
function NumberOrNothing({ label, help, isDisabled, value, onChange, range, nothing }: NumberOrNothingProps) {
  const [text, setText] = useState(written(value));
  const shown = useRef(value);
  useEffect(() => {
    if (Object.is(shown.current, value)) return;
    shown.current = value;
    setText(written(value));
  }, [value]);
  const problem = problemOf(text, range);
  const take = (typed: string) => {
    setText(typed);
    if (problemOf(typed, range) !== null) return;
    const next = typed.trim() === '' ? null : Number(typed);
    shown.current = next;
    onChange(next);
  };
  return (
    <TextField
      label={label}
      help={help}
      isDisabled={isDisabled}
      value={text}
      placeholder={nothing}
      onChange={take}
      error={problem}
    />
  );
}
