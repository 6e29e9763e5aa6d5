import type { ParameterDeclaration, ParameterValue } from '../../../core/analyses/analysis-descriptor.ts';
import { NumberField, SelectField, SwitchField, TextField } from '../../widgets/fields.tsx';
import { choiceTitle, parameterTitle, problemOf } from './parameters.ts';

export interface ParameterFieldProps {
  readonly declaration: ParameterDeclaration;
  readonly value: ParameterValue;
  readonly isDisabled?: boolean;
  readonly onChange: (value: ParameterValue) => void;
}

/** A field for one parameter of an analysis, made from its declaration. */
export function ParameterField({ declaration, value, isDisabled = false, onChange }: ParameterFieldProps) {
  const { name, help } = declaration;
  const common = { label: parameterTitle(name), help, isDisabled };
  switch (declaration.type) {
    case 'boolean':
      return <SwitchField {...common} value={value === true} onChange={onChange} />;
    case 'choice':
      return (
        <SelectField
          {...common}
          value={String(value)}
          options={declaration.choices.map((id) => ({ id, title: choiceTitle(id) }))}
          onChange={onChange}
        />
      );
    case 'text':
      return (
        <TextField
          {...common}
          placeholder="all"
          value={value === null ? '' : String(value)}
          onChange={(text) => onChange(text.trim() === '' ? null : text)}
        />
      );
    default:
      return declaration.default === null ? (
        <OptionalNumberField declaration={declaration} value={value} isDisabled={isDisabled} onChange={onChange} />
      ) : (
        <NumberField
          {...common}
          value={Number(value)}
          minimum={declaration.minimum}
          maximum={declaration.maximum}
          error={problemOf(declaration, value)}
          {...(declaration.type === 'integer' ? { step: 1, whole: true } : {})}
          onChange={onChange}
        />
      );
  }
}

/** An empty field leaves the choice to the analysis. */
function OptionalNumberField({ declaration, value, isDisabled = false, onChange }: ParameterFieldProps) {
  return (
    <TextField
      label={parameterTitle(declaration.name)}
      help={declaration.help}
      isDisabled={isDisabled}
      placeholder="by itself"
      value={value === null ? '' : String(value)}
      error={problemOf(declaration, typeof value === 'string' ? asNumber(value) : value)}
      // A number that is being typed (`1e-`) stays a text until it is one.
      onChange={(text) => onChange(text.trim() === '' ? null : String(Number(text)) === text ? Number(text) : text)}
    />
  );
}

/** Of a text that is being typed; what is no number is not finite, and told. */
export const asNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
