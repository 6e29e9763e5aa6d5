import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import {
  Button as AriaButton,
  Slider as AriaSlider,
  Switch as AriaSwitch,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  SliderThumb,
  SliderTrack,
  Text,
  TextArea,
} from 'react-aria-components';
import { Icon } from './icon.tsx';
import type { Option } from './segmented.tsx';
import './fields.css';

interface FieldProps {
  readonly label: string;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean | undefined;
  readonly isDisabled?: boolean | undefined;
  /** A sentence under the field. */
  readonly help?: string | undefined;
  /** What is wrong with the value as it stands; null where nothing is. */
  readonly error?: string | null | undefined;
}

const named = ({ label, hideLabel }: FieldProps) => (hideLabel ? { 'aria-label': label } : {});
const className = (kind: string, { hideLabel }: FieldProps) => `field field-${kind}${hideLabel ? ' field-bare' : ''}`;

export interface NumberFieldProps extends FieldProps {
  readonly value: number;
  /** Called with finite numbers within the bounds: on Enter, on leaving the field, and by the arrow keys. */
  readonly onChange: (value: number) => void;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  /** Bounds that are not themselves allowed. */
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  /** Nothing but whole numbers. */
  readonly whole?: boolean | undefined;
  /** Of the arrow keys, ten times as much with Shift; none without it. */
  readonly step?: number | undefined;
  /** After the number, in the field. */
  readonly unit?: ReactNode;
}

// Keys are heard on the input itself: React Aria's field would keep Escape from the dialog around it.
/** Any number, also `2e-7`; not rounded. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onChange, minimum, maximum, step, unit, hideLabel, isDisabled, help, error } = props;
  const [text, setText] = useState(() => String(value));
  const shown = useRef(value);
  useEffect(() => {
    if (Object.is(shown.current, value)) return;
    shown.current = value;
    setText(String(value));
  }, [value]);
  const typed = parseNumber(text);
  const wrong = error ?? numberProblem(typed, props);

  const commit = (number: number | null) => {
    if (number === null || numberProblem(number, props) !== null) return;
    shown.current = number;
    setText(String(number));
    if (!Object.is(number, value)) onChange(number);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit(typed);
    else if (event.key === 'Escape' && text !== String(value)) {
      event.stopPropagation();
      setText(String(value));
    } else if (step !== undefined && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const by = (event.key === 'ArrowUp' ? step : -step) * (event.shiftKey ? 10 : 1);
      commit(within(cleanSum(typed ?? value, by), minimum, maximum));
    }
  };
  return (
    <AriaTextField
      className={className('number', props)}
      {...named(props)}
      value={text}
      onChange={setText}
      onBlur={() => (typed === null || wrong ? setText(String(value)) : commit(typed))}
      isDisabled={isDisabled ?? false}
      isInvalid={Boolean(wrong)}
    >
      {hideLabel ? null : <Label>{label}</Label>}
      <span className="field-control">
        <Input
          onKeyDown={onKeyDown}
          className="field-input field-numeral"
          role="spinbutton"
          inputMode="decimal"
          autoComplete="off"
          aria-valuenow={value}
          {...(minimum === undefined ? {} : { 'aria-valuemin': minimum })}
          {...(maximum === undefined ? {} : { 'aria-valuemax': maximum })}
        />
        {unit === undefined ? null : <span className="field-unit">{unit}</span>}
      </span>
      <FieldNotes help={help} error={wrong} />
    </AriaTextField>
  );
}

/** A decimal comma is a slip of the keyboard here, not a separator; null for what is no number. */
function parseNumber(text: string): number | null {
  const cleaned = text
    .trim()
    .replace(/[\s\u202f]/g, '')
    .replace('−', '-')
    .replace(/^(-?\d*),(\d+)$/, '$1.$2');
  const number = Number(cleaned);
  return cleaned !== '' && Number.isFinite(number) ? number : null;
}

type Bounds = Pick<NumberFieldProps, 'minimum' | 'maximum' | 'above' | 'below' | 'whole'>;

/** Why a number may not stand in a field; null where it may. */
function numberProblem(number: number | null, { minimum, maximum, above, below, whole }: Bounds): string | null {
  if (number === null) return 'This is not a number.';
  if (whole && !Number.isInteger(number)) return 'A whole number.';
  if (minimum !== undefined && number < minimum) return `At least ${minimum}.`;
  if (above !== undefined && number <= above) return `Above ${above}.`;
  if (maximum !== undefined && number > maximum) return `At most ${maximum}.`;
  return below !== undefined && number >= below ? `Below ${below}.` : null;
}

const within = (number: number, minimum = -Infinity, maximum = Infinity): number =>
  Math.min(maximum, Math.max(minimum, number));

/** 0.1 + 0.2 → 0.3: a step must not write round-off into an experiment. */
const cleanSum = (a: number, b: number): number => Number((a + b).toPrecision(12));

export interface TextFieldProps extends FieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onSubmit?: (() => void) | undefined;
  readonly placeholder?: string | undefined;
  /** Several lines. */
  readonly rows?: number | undefined;
  readonly isReadOnly?: boolean | undefined;
  readonly autoFocus?: boolean | undefined;
}

export function TextField(props: TextFieldProps) {
  const { label, value, onChange, onSubmit, placeholder, rows, hideLabel, isDisabled, help, error } = props;
  const given = { className: 'field-input', ...(placeholder === undefined ? {} : { placeholder }) };
  return (
    <AriaTextField
      className={className('text', props)}
      {...named(props)}
      value={value}
      onChange={onChange}
      isDisabled={isDisabled ?? false}
      isReadOnly={props.isReadOnly ?? false}
      isInvalid={Boolean(error)}
      autoFocus={props.autoFocus ?? false}
    >
      {hideLabel ? null : <Label>{label}</Label>}
      <span className="field-control">
        {rows === undefined ? (
          <Input
            {...given}
            autoComplete="off"
            spellCheck={false}
            onKeyDown={({ key }) => {
              if (key === 'Enter') onSubmit?.();
            }}
          />
        ) : (
          <TextArea {...given} rows={rows} spellCheck={false} />
        )}
      </span>
      <FieldNotes help={help} error={error} />
    </AriaTextField>
  );
}

export interface SelectFieldProps<Id extends string> extends FieldProps {
  readonly value: Id;
  readonly options: readonly Option<Id>[];
  readonly onChange: (value: Id) => void;
}

export function SelectField<Id extends string>(props: SelectFieldProps<Id>) {
  const { label, value, options, onChange, hideLabel, isDisabled, help, error } = props;
  return (
    <Select
      className={className('select', props)}
      {...named(props)}
      value={value}
      onChange={(chosen) => {
        if (chosen !== null && chosen !== value) onChange(chosen as Id);
      }}
      isDisabled={isDisabled ?? false}
      isInvalid={Boolean(error)}
    >
      {hideLabel ? null : <Label>{label}</Label>}
      <AriaButton className="field-control field-select-button">
        <SelectValue className="field-select-value">
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <Icon name="chevron-down" size={12} />
      </AriaButton>
      <FieldNotes help={help} error={error} />
      <Popover className="field-popover" offset={4}>
        <ListBox className="field-list">
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.title} className="field-option">
              <Text slot="label">{option.title}</Text>
              {option.help === undefined ? null : <Text slot="description">{option.help}</Text>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

export interface SwitchFieldProps extends FieldProps {
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

export function SwitchField(props: SwitchFieldProps) {
  return (
    <div className={className('toggle', props)}>
      <AriaSwitch
        className="field-switch"
        {...named(props)}
        isSelected={props.value}
        onChange={props.onChange}
        isDisabled={props.isDisabled ?? false}
      >
        {props.hideLabel ? null : <span className="field-switch-label">{props.label}</span>}
        <span className="field-switch-track" aria-hidden="true" />
      </AriaSwitch>
      {props.help ? <p className="field-help">{props.help}</p> : null}
      {props.error ? <p className="field-error">{props.error}</p> : null}
    </div>
  );
}

export interface SliderFieldProps extends FieldProps {
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
  /** The number as it stands beside the label and as it is read out. */
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}

export function SliderField(props: SliderFieldProps) {
  const { label, value, minimum, maximum, step, format, onChange, hideLabel, isDisabled } = props;
  return (
    <AriaSlider
      className={className('slider', props)}
      {...named(props)}
      value={value}
      minValue={minimum}
      maxValue={maximum}
      step={step}
      onChange={(changed) => onChange(changed as number)}
      isDisabled={isDisabled ?? false}
    >
      {hideLabel ? null : (
        <div className="field-slider-head">
          <Label>{label}</Label>
          <span className="numeral">{format(value)}</span>
        </div>
      )}
      <SliderTrack className="field-slider-track">
        {({ state }) => (
          <>
            <span className="field-slider-fill" style={{ width: `${100 * state.getThumbPercent(0)}%` }} />
            <SliderThumb className="field-slider-thumb" aria-valuetext={format(value)} />
          </>
        )}
      </SliderTrack>
    </AriaSlider>
  );
}

function FieldNotes({
  help,
  error,
}: {
  readonly help?: string | undefined;
  readonly error?: string | null | undefined;
}) {
  return (
    <>
      {help === undefined || error ? null : (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      {error ? <FieldError className="field-error">{error}</FieldError> : null}
    </>
  );
}
