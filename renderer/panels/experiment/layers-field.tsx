import { valueAt, withItem, withItemMoved, withSetting } from '../../../core/experiment/experiment-text.ts';
import {
  defaultLayer,
  type LayerOption,
  layerChoices,
  layerOptionsOf,
} from '../../../core/experiment/schema/layer-settings.ts';
import { Button, IconButton } from '../../widgets/button.tsx';
import { NumberField, SelectField, SwitchField } from '../../widgets/fields.tsx';
import { OtherOptions } from './other-options.tsx';
import type { TextForm } from './text-form.ts';

const path = ['model', 'layers'] as const;

interface GivenLayer {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export function givenLayer(value: unknown): GivenLayer {
  if (typeof value === 'string') return { type: value, options: {} };
  const [entry] = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  const [type = '', options] = entry ?? [];
  return { type, options: options !== null && typeof options === 'object' ? options : {} };
}

const written = ({ type, options }: GivenLayer): unknown => ({ [type]: options });

/** The layers one below the other: added, taken out, moved, and changed option by option. */
export function LayersField({ form }: { readonly form: TextForm }) {
  const given = valueAt(form.values, path);
  const layers = (Array.isArray(given) ? given : []).map((value, at) => ({ ...givenLayer(value), at }));
  return (
    <div className="layers">
      <ol className="layers-list">
        {layers.map((layer) => (
          <LayerRow
            key={`${layer.at} ${layer.type}`}
            form={form}
            layer={layer}
            at={layer.at}
            last={layers.length - 1}
          />
        ))}
      </ol>
      <Button
        size="small"
        isDisabled={form.isDisabled}
        onPress={() =>
          form.edit('Add layer', (text) => withItem(text, path, layers.length, written(defaultLayer('dense'))))
        }
      >
        Add layer
      </Button>
    </div>
  );
}

interface LayerRowProps {
  readonly form: TextForm;
  readonly layer: GivenLayer;
  readonly at: number;
  readonly last: number;
}

function LayerRow({ form, layer, at, last }: LayerRowProps) {
  const name = `layer ${at + 1}, ${layer.type}`;
  const retype = (type: string) =>
    form.edit('Type of layer', (text) => {
      const known = layerOptionsOf(type);
      const kept = Object.entries(layer.options).filter(([key]) => known.some((option) => option.name === key));
      const { options } = defaultLayer(type);
      return withSetting(text, [...path, at], { [type]: { ...options, ...Object.fromEntries(kept) } });
    });
  return (
    <li className="layers-row" aria-label={name}>
      <div className="layers-head">
        <span className="layers-number numeral">{at + 1}</span>
        <SelectField
          label={`Type of layer ${at + 1}`}
          hideLabel
          value={layer.type}
          options={layerChoices(layer.type)}
          onChange={retype}
          isDisabled={form.isDisabled}
        />
        <IconButton
          icon="chevron-up"
          label={`Move ${name} up`}
          size="small"
          isDisabled={form.isDisabled || at === 0}
          onPress={() => form.edit('Move layer', (text) => withItemMoved(text, path, at, at - 1))}
        />
        <IconButton
          icon="chevron-down"
          label={`Move ${name} down`}
          size="small"
          isDisabled={form.isDisabled || at === last}
          onPress={() => form.edit('Move layer', (text) => withItemMoved(text, path, at, at + 1))}
        />
        <IconButton
          icon="trash"
          label={`Remove ${name}`}
          size="small"
          isDisabled={form.isDisabled || last === 0}
          onPress={() => form.edit('Remove layer', (text) => withSetting(text, [...path, at], undefined))}
        />
      </div>
      <LayerOptionFields form={form} layer={layer} at={at} />
    </li>
  );
}

function LayerOptionFields({ form, layer, at }: Pick<LayerRowProps, 'form' | 'layer' | 'at'>) {
  const { type, options } = layer;
  const set = (name: string, value: unknown) =>
    form.edit(name, (text) => withSetting(text, [...path, at, type, name], value));
  const all = layerOptionsOf(type);
  // A list of sizes, and numbers that tf.layers chooses, are told in YAML.
  const hasControl = (option: LayerOption) => option.common && !Array.isArray(options[option.name]);
  const shown = all.filter(hasControl);
  return (
    <div className="layers-options">
      {shown.map((option) => (
        <LayerOptionField
          key={option.name}
          option={option}
          value={options[option.name] ?? option.default}
          isDisabled={form.isDisabled}
          onChange={(value) => set(option.name, value)}
        />
      ))}
      <OtherOptions
        form={form}
        layer={layer}
        at={at}
        shown={shown.map(({ name }) => name)}
        others={all.filter((option) => !hasControl(option))}
      />
    </div>
  );
}

interface LayerOptionFieldProps {
  readonly option: LayerOption;
  readonly value: unknown;
  readonly isDisabled: boolean;
  readonly onChange: (value: unknown) => void;
}

function LayerOptionField({ option: { title, input, required }, value, isDisabled, onChange }: LayerOptionFieldProps) {
  const common = { label: title, isDisabled };
  if (input === null) return null;
  if (input.kind === 'choice')
    return (
      <SelectField
        {...common}
        value={String(value ?? '')}
        options={input.choices}
        onChange={onChange}
        error={required && value === undefined ? 'Choose one.' : null}
      />
    );
  if (input.kind === 'flag') return <SwitchField {...common} value={value === true} onChange={onChange} />;
  return (
    <NumberField
      {...common}
      value={typeof value === 'number' ? value : (input.least ?? 0)}
      minimum={input.least}
      maximum={input.most}
      above={input.above}
      below={input.below}
      whole={input.kind === 'wholeNumber'}
      step={input.kind === 'wholeNumber' ? 1 : undefined}
      onChange={onChange}
      error={value === undefined ? 'This is missing.' : null}
    />
  );
}
