import type { ParameterValue } from '../../../core/analyses/analysis-descriptor.ts';
import { TextField } from '../../widgets/fields.tsx';

export interface BlocksFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: ParameterValue;
  /** Names that there are: layers first. */
  readonly names: readonly string[];
  readonly onChange: (value: ParameterValue) => void;
}

export const namesIn = (value: ParameterValue): readonly string[] =>
  String(value ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** With a name put in, or taken out where it is there; null where none is left. */
export function toggledName(value: ParameterValue, name: string): string | null {
  const before = namesIn(value);
  const after = before.includes(name) ? before.filter((one) => one !== name) : [...before, name];
  return after.length === 0 ? null : after.join(', ');
}

/** Layers and their blocks: `dense_1/kernel` is of the layer `dense_1`. A layer of one block is that block. */
export function layersAndBlocks(blocks: readonly string[]): readonly string[] {
  const layers = [...new Set(blocks.filter((name) => name.includes('/')).map((name) => name.replace(/\/[^/]*$/, '')))];
  return [...layers, ...blocks];
}

/** A list of names with commas between, typed or pressed together. */
export function BlocksField({ label, help, value, names, onChange }: BlocksFieldProps) {
  const chosen = namesIn(value);
  const unknown = chosen.filter((name) => names.length > 0 && !names.includes(name));
  return (
    <div className="blocks-field">
      <TextField
        label={label}
        help={help}
        placeholder="all parameters"
        value={value === null ? '' : String(value)}
        error={unknown.length > 0 ? `There is no ${unknown.join(' and no ')} in this model.` : null}
        onChange={(text) => onChange(text.trim() === '' ? null : text)}
      />
      {names.length === 0 ? null : (
        <ul aria-label="Blocks of this model">
          {names.map((name) => (
            <li key={name}>
              <button
                type="button"
                aria-pressed={chosen.includes(name)}
                onClick={() => onChange(toggledName(value, name))}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
