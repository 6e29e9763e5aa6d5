import { memo } from 'react';
import { valueAt } from '../../../core/experiment/experiment-text.ts';
import { type FormSetting, type GroupId, groups } from '../../../core/experiment/schema/form-setting.ts';
import { closedFormOfValues, formSettingsOf } from '../../../core/experiment/schema.ts';
import { Section } from '../../widgets/section.tsx';
import { DataSourceFields, SubsetFields } from './data-fields.tsx';
import { EngineField, precisionOf } from './engine-field.tsx';
import { Fold } from './fold.tsx';
import { LayersField } from './layers-field.tsx';
import { OptimizerFields } from './optimizer-fields.tsx';
import { SettingField } from './setting-field.tsx';
import { StopConditionsField } from './stop-conditions-field.tsx';
import type { TextForm } from './text-form.ts';
import './experiment-form.css';

interface ControlProps {
  readonly form: TextForm;
  readonly setting: FormSetting;
}

const isEngine = ({ path }: FormSetting): boolean => path.length === 1 && path[0] === 'engine';

/** Whether a control would be drawn as it is: a change of one setting draws one control. */
function sameControl(a: ControlProps, b: ControlProps): boolean {
  const value = ({ form, setting }: ControlProps) =>
    JSON.stringify([valueAt(form.values, setting.path), isEngine(setting) ? precisionOf(form) : null]);
  return (
    a.setting === b.setting &&
    a.form.edit === b.form.edit &&
    a.form.isDisabled === b.form.isDisabled &&
    value(a) === value(b)
  );
}

const Control = memo(function Control({ form, setting }: ControlProps) {
  switch (setting.input.kind) {
    case 'dataSource':
      return <DataSourceFields form={form} split={setting.path[1] === 'test' ? 'test' : 'train'} />;
    case 'subset':
      return <SubsetFields form={form} />;
    case 'layers':
      return <LayersField form={form} />;
    case 'optimizer':
      return <OptimizerFields form={form} />;
    case 'stopConditions':
      return <StopConditionsField form={form} />;
    default:
      return isEngine(setting) ? (
        <EngineField form={form} setting={setting} />
      ) : (
        <SettingField form={form} setting={setting} />
      );
  }
}, sameControl);

export interface ExperimentFormProps {
  readonly form: TextForm;
  /** Which parts; all of them without it. */
  readonly parts?: readonly GroupId[];
}

/** Every setting of an experiment by the control of its type, made from the schema that its reader enforces. */
export function ExperimentForm({ form, parts }: ExperimentFormProps) {
  const settings = formSettingsOf(closedFormOfValues(form.values));
  const of = (id: GroupId) => settings.filter(({ group }) => group === id);
  const shown = groups.filter(({ id }) => (parts === undefined || parts.includes(id)) && of(id).length > 0);
  return (
    <div className="experiment-form">
      {shown.map(({ id, title }) => (
        <FormGroup key={id} form={form} title={title} settings={of(id)} />
      ))}
    </div>
  );
}

interface FormGroupProps {
  readonly form: TextForm;
  readonly title: string;
  readonly settings: readonly FormSetting[];
}

function FormGroup({ form, title, settings }: FormGroupProps) {
  const [common, rare] = [settings.filter(({ advanced }) => !advanced), settings.filter(({ advanced }) => advanced)];
  return (
    <Section title={title} className="experiment-form-group">
      {common.map((setting) => (
        <Control key={setting.path.join('.')} form={form} setting={setting} />
      ))}
      {rare.length === 0 ? null : (
        <Fold title={`More of ${title.toLowerCase()}`}>
          {rare.map((setting) => (
            <Control key={setting.path.join('.')} form={form} setting={setting} />
          ))}
        </Fold>
      )}
    </Section>
  );
}
