import { SelectField } from '../../widgets/fields.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { offeredCheckpoints } from './offered-checkpoints.ts';

export interface PointFieldProps {
  /** Ascending. */
  readonly checkpoints: readonly number[];
  /** The step that is looked at. */
  readonly cursor: number;
  readonly value: number | null;
  readonly onChange: (step: number) => void;
}

/** The point that is analysed: a checkpoint, of which those around the cursor, the first and the last are offered. */
export function PointField({ checkpoints, cursor, value, onChange }: PointFieldProps) {
  if (checkpoints.length === 0)
    return <p className="analysis-dialog-quiet">The run has no checkpoint yet; it writes the first one in a moment.</p>;
  const options = offeredCheckpoints(checkpoints, cursor).map((step) => ({
    id: String(step),
    title: `Step ${numeralText(step)}${step === checkpoints.at(-1) ? ', the last' : ''}`,
    help:
      step === cursor
        ? 'at the cursor'
        : `${numeralText(Math.abs(cursor - step))} ${step < cursor ? 'before' : 'after'} the cursor`,
  }));
  return (
    <SelectField
      label="Point"
      value={String(value)}
      options={options}
      onChange={(id) => onChange(Number(id))}
      help={value === cursor ? undefined : 'Only checkpoints can be analysed: nothing is interpolated between them.'}
    />
  );
}
