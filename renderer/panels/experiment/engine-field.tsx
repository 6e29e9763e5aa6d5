import { valueAt, withSetting } from '../../../core/experiment/experiment-text.ts';
import type { FormSetting } from '../../../core/experiment/schema/form-setting.ts';
import { useEngines } from '../../state/engines.ts';
import { openDialog } from '../../state/session.ts';
import { Button } from '../../widgets/button.tsx';
import { SelectField } from '../../widgets/fields.tsx';
import { automaticEngine, engineChoices, engineProblem } from '../engine/engine-words.ts';
import type { TextForm } from './text-form.ts';

/** What the engine's control shows of the text beside its own value. */
export const precisionOf = ({ values }: Pick<TextForm, 'values'>): string =>
  String(valueAt(values, ['precision']) ?? 'float32');

/** What computes: each choice with what it comes to on this machine, and why one cannot be had. */
export function EngineField({ form, setting }: { readonly form: TextForm; readonly setting: FormSetting }) {
  const { path, title } = setting;
  const { report, automatic } = useEngines();
  const known = report && { report, automatic };
  const precision = precisionOf(form);
  const value = String(valueAt(form.values, path) ?? setting.default);
  return (
    <>
      <SelectField
        label={title}
        value={value}
        options={engineChoices(known, precision)}
        help={
          value === 'auto' && known && precision === 'float32' ? `New runs take ${automaticEngine(known)}.` : undefined
        }
        error={engineProblem(value, precision, report)}
        isDisabled={form.isDisabled}
        onChange={(engine) =>
          form.edit(title, (text) => withSetting(text, path, engine === setting.default ? undefined : engine))
        }
      />
      <div className="experiment-form-engine">
        <Button size="small" variant="quiet" onPress={() => openDialog('engine')}>
          Engines of this machine…
        </Button>
      </div>
    </>
  );
}
