import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import './segmented.css';

export interface Option<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly help?: string | undefined;
}

export interface SegmentedProps<Id extends string> {
  /** For screen readers: what is chosen. */
  readonly label: string;
  readonly value: Id;
  readonly options: readonly Option<Id>[];
  readonly onChange: (value: Id) => void;
  readonly isDisabled?: boolean | undefined;
}

/** One of a few, all of them seen. */
export function Segmented<Id extends string>({ label, value, options, onChange, isDisabled }: SegmentedProps<Id>) {
  return (
    <ToggleButtonGroup
      className="segmented"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={isDisabled ?? false}
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [chosen] = keys;
        if (chosen !== undefined && chosen !== value) onChange(chosen as Id);
      }}
    >
      {options.map(({ id, title, help }) => (
        <ToggleButton
          key={id}
          id={id}
          className="segmented-option"
          {...(help === undefined ? {} : { 'aria-label': `${title}: ${help}` })}
        >
          {title}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
