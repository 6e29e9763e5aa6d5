import { valueAt, withKey, withSetting } from '../../../core/experiment/experiment-text.ts';
import type { FormSetting } from '../../../core/experiment/schema/form-setting.ts';
import {
  optimizerChoices,
  optimizerFormula,
  optimizerSettings,
  scheduleChoices,
  scheduleSettings,
} from '../../../core/experiment/schema.ts';
import { SelectField } from '../../widgets/fields.tsx';
import { Fold } from './fold.tsx';
import { SettingField } from './setting-field.tsx';

import type { TextForm } from './text-form.ts';

/** The optimiser's name in the text: `sgd`, or the only key of a group. */
export function givenOptimizer(values: unknown): string {
  const given = valueAt(values, ['optimizer']);
  if (typeof given === 'string') return given;
  return given !== null && typeof given === 'object' ? (Object.keys(given)[0] ?? '') : '';
}

/** Another optimiser with the settings that both take. */
export function withOptimizer(text: string, values: unknown, kind: string): string {
  const settings = valueAt(values, ['optimizer', givenOptimizer(values)]);
  const taken = optimizerSettings(kind).map(({ path }) => path[2]);
  const kept = Object.entries(settings !== null && typeof settings === 'object' ? settings : {}).filter(([name]) =>
    taken.includes(name),
  );
  return withKey(text, ['optimizer'], kind, Object.fromEntries(kept));
}

export function OptimizerFields({ form }: { readonly form: TextForm }) {
  const kind = givenOptimizer(form.values);
  const settings = optimizerSettings(kind);
  const [common, rare] = [settings.filter(({ advanced }) => !advanced), settings.filter(({ advanced }) => advanced)];
  const isKnown = settings.length > 0;
  return (
    <>
      <SelectField
        label="Optimiser"
        help={optimizerFormula(kind) ?? undefined}
        value={isKnown ? kind : ''}
        options={optimizerChoices}
        onChange={(chosen) => form.edit('Optimiser', (text, values) => withOptimizer(text, values, chosen))}
        isDisabled={form.isDisabled}
        error={isKnown || kind === '' ? null : `There is no optimiser ${kind}.`}
      />
      {common.map((setting) =>
        setting.input.kind === 'schedule' ? (
          <ScheduleFields key={setting.title} form={form} setting={setting} />
        ) : (
          <SettingField key={`${kind} ${setting.title}`} form={form} setting={setting} />
        ),
      )}
      {rare.length === 0 ? null : (
        <Fold key={kind} title={`More of ${optimizerChoices.find(({ id }) => id === kind)?.title}`}>
          {rare.map((setting) => (
            <SettingField key={`${kind} ${setting.title}`} form={form} setting={setting} />
          ))}
        </Fold>
      )}
    </>
  );
}

interface ScheduleFieldsProps {
  readonly form: TextForm;
  readonly setting: Pick<FormSetting, 'path' | 'title'>;
}

function givenSchedule(value: unknown): { kind: string; isStored: boolean } {
  if (typeof value === 'string') return { kind: value, isStored: false };
  const stored = valueAt(value, ['kind']);
  if (typeof stored === 'string') return { kind: stored, isStored: true };
  const [kind = 'constant'] = value !== null && typeof value === 'object' ? Object.keys(value) : [];
  return { kind, isStored: false };
}

/** Numbers that a schedule needs before anything is known of the run. */
const starts: Readonly<Record<string, unknown>> = {
  constant: undefined,
  step: { step: { every: 500 } },
  cosine: { cosine: { steps: 2000 } },
  warmUp: { warmUp: { steps: 100 } },
};

function ScheduleFields({ form, setting: { path, title } }: ScheduleFieldsProps) {
  const { kind, isStored } = givenSchedule(valueAt(form.values, path));
  const numbers = scheduleSettings(kind, path).map((number): FormSetting => {
    // `kind: cosine` as this program stores it has its numbers beside the kind.
    const name = number.path[number.path.length - 1] ?? '';
    return isStored ? { ...number, path: [...path, name] } : number;
  });
  return (
    <>
      <SelectField
        label={title}
        help={scheduleChoices.find(({ id }) => id === kind)?.help}
        value={kind}
        options={scheduleChoices}
        onChange={(chosen) => form.edit(title, (text) => withSetting(text, path, starts[chosen]))}
        isDisabled={form.isDisabled}
      />
      {numbers.map((number) => (
        <SettingField key={`${kind} ${number.title}`} form={form} setting={number} />
      ))}
      {kind === 'warmUp' ? (
        <ScheduleFields
          form={form}
          setting={{ path: [...path, ...(isStored ? [] : [kind]), 'after'], title: 'Then' }}
        />
      ) : null}
    </>
  );
}
