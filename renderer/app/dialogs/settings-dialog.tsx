import { useState } from 'react';
import { closeDialog } from '../../state/session.ts';
import { type Settings, useSettings } from '../../state/settings.ts';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { NumberField, SelectField, SwitchField, TextField } from '../../widgets/fields.tsx';
import { search } from '../palette/search.ts';
import { changeSetting, type SettingDescription, settingList } from '../setting-list.ts';
import './settings-dialog.css';

const findable = settingList.map((setting) => ({ ...setting, place: setting.group }));

/** All settings as a form; each change holds at once and can be undone. `first`: the one that was searched for. */
export function SettingsDialog({ first }: { readonly first: string | null }) {
  const [wanted, setWanted] = useState(() => settingList.find(({ id }) => id === first)?.title ?? '');
  const settings = useSettings();
  const found = new Set(search(wanted, findable, []).map(({ id }) => id));
  const shown = settingList.filter(({ id }) => found.has(id));
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <DialogFrame title="Settings" onClose={closeDialog} width={560}>
      <div className="settings-dialog-search">
        <TextField
          label="Search settings"
          hideLabel
          placeholder="Search settings"
          value={wanted}
          onChange={setWanted}
          autoFocus
        />
      </div>
      {groups.map((group) => (
        <section key={group} className="settings-dialog-group">
          <h3>{group}</h3>
          {shown
            .filter((setting) => setting.group === group)
            .map((setting) => (
              <SettingField key={setting.id} setting={setting} settings={settings} />
            ))}
        </section>
      ))}
      {groups.length === 0 ? <p>No setting has this name.</p> : null}
    </DialogFrame>
  );
}

interface SettingFieldProps {
  readonly setting: SettingDescription;
  readonly settings: Settings;
}

function SettingField({ setting, settings }: SettingFieldProps) {
  const { title: label, help } = setting;
  switch (setting.kind) {
    case 'choice':
      return (
        <SelectField
          label={label}
          help={help}
          value={setting.get(settings)}
          options={setting.options}
          onChange={(value) => changeSetting(label, setting.set(settings, value))}
        />
      );
    case 'switch':
      return (
        <SwitchField
          label={label}
          help={help}
          value={setting.get(settings)}
          onChange={(value) => changeSetting(label, setting.set(settings, value))}
        />
      );
    case 'number':
      return (
        <NumberField
          label={label}
          help={help}
          value={setting.get(settings)}
          minimum={setting.minimum}
          maximum={setting.maximum}
          step={setting.step}
          onChange={(value) => changeSetting(label, setting.set(settings, Math.round(value)))}
        />
      );
  }
}
