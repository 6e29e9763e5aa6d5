import { useMemo, useState } from 'react';
import { closeDialog } from '../../state/session.ts';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { TextField } from '../../widgets/fields.tsx';
import { type Command, menuNames } from '../command.ts';
import { allCommands } from '../commands/index.ts';
import { keyText } from '../keys.ts';
import { search } from '../palette/search.ts';
import './keys-dialog.css';

/** Keys that belong to no command: they are the same everywhere in the window. */
const everywhere: readonly (readonly [keys: string, what: string])[] = [
  ['Alt or F10', 'The menu bar; then arrows, Enter, Escape'],
  ['Tab, Shift Tab', 'The next control, the one before'],
  ['Shift F10, Menu', 'The menu of what has the focus'],
  ['Delete', 'Close the panel whose tab has the focus'],
  ['Esc', 'Close a dialog or a menu'],
];

const withKeys = (commands: readonly Command[]) =>
  commands.flatMap((command) =>
    command.keys === null
      ? []
      : [{ id: command.id, title: command.title, place: command.menu ?? 'Elsewhere', keys: keyText(command.keys) }],
  );

/** Every key there is, by menus. */
export function KeysDialog() {
  const [wanted, setWanted] = useState('');
  const all = useMemo(() => withKeys(allCommands()), []);
  const found = new Set(search(wanted, all, []));
  return (
    <DialogFrame title="Keyboard" onClose={closeDialog} width={720}>
      <div className="keys-dialog-search">
        <TextField
          label="Search keys"
          hideLabel
          placeholder="Search keys"
          value={wanted}
          onChange={setWanted}
          autoFocus
        />
      </div>
      <div className="keys-dialog-columns">
        {[...menuNames, 'Elsewhere'].map((menu) => (
          <KeyGroup key={menu} title={menu} rows={all.filter((row) => row.place === menu && found.has(row))} />
        ))}
        {wanted === '' ? (
          <KeyGroup title="Everywhere" rows={everywhere.map(([keys, title]) => ({ id: keys, title, keys }))} />
        ) : null}
      </div>
    </DialogFrame>
  );
}

interface KeyGroupProps {
  readonly title: string;
  readonly rows: readonly { readonly id: string; readonly title: string; readonly keys: string }[];
}

function KeyGroup({ title, rows }: KeyGroupProps) {
  if (rows.length === 0) return null;
  return (
    <section className="keys-dialog-group">
      <h3>{title}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.id} data-command={row.id}>
            <dt>{row.title}</dt>
            <dd>
              <kbd>{row.keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
