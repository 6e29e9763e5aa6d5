import { useMemo } from 'react';
import type { Run } from '../../state/runs.ts';
import { useSettledRuns } from '../../state/shown-run.ts';
import { SelectField } from '../../widgets/fields.tsx';
import { numeralText } from '../../widgets/numeral-text.ts';
import { offeredCheckpoints } from './offered-checkpoints.ts';

export interface OtherPointFieldProps {
  readonly label: string;
  readonly run: Run;
  /** `@50`: a step of this run; `a1@50`: of another one; null: none yet. */
  readonly value: string | null;
  readonly onChange: (value: string) => void;
}

/** Another point of the same space: a checkpoint of this run, or of another one that is open and has as many parameters. */
export function OtherPointField({ label, run, value, onChange }: OtherPointFieldProps) {
  const runs = useSettledRuns();
  const same = useMemo(
    () =>
      runs.filter(
        (one) =>
          one.checkpoints.length > 0 &&
          (one.id === run.id || one.description?.parameters === run.description?.parameters),
      ),
    [runs, run],
  );
  const [, id = '', step = ''] = /^(.*)@(\d+)$/.exec(value ?? '') ?? [];
  const of = value === null ? '' : id === '' ? run.id : id;
  const chosen = same.find((one) => one.id === of) ?? null;
  const point = (other: Run, at: number) => `${other.id === run.id ? '' : other.id}@${at}`;
  return (
    <div className="slice-form-point">
      <SelectField
        label={label}
        value={of}
        options={[
          ...(value === null ? [{ id: '', title: 'Choose a run' }] : []),
          ...same.map((one) => ({ id: one.id, title: one.id === run.id ? `${one.title} (this run)` : one.title })),
        ]}
        onChange={(next) => {
          const other = same.find((one) => one.id === next);
          if (other) onChange(point(other, other.id === run.id ? other.checkpoints[0]! : other.checkpoints.at(-1)!));
        }}
      />
      {chosen === null ? null : (
        <SelectField
          label="Its step"
          hideLabel
          value={step}
          options={offeredCheckpoints(chosen.checkpoints, Number(step)).map((at) => ({
            id: String(at),
            title: `Step ${numeralText(at)}${at === chosen.checkpoints.at(-1) ? ', the last' : ''}`,
          }))}
          onChange={(at) => onChange(point(chosen, Number(at)))}
        />
      )}
    </div>
  );
}
