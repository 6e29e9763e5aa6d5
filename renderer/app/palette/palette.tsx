import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { closeDialog, openDialog } from '../../state/session.ts';
import { useSettings } from '../../state/settings.ts';
import { Icon } from '../../widgets/icon.tsx';
import { whyNot } from '../command.ts';
import { allCommands } from '../commands/index.ts';
import { keyText } from '../keys.ts';
import { runCommand } from '../run-command.ts';
import { settingList } from '../setting-list.ts';
import { type Findable, search } from './search.ts';
import './palette.css';

interface Entry extends Findable {
  readonly keys: string | null;
  /** Why it cannot be chosen now; null where it can. */
  readonly reason: string | null;
  readonly isChecked: boolean;
  choose(): void;
}

const placeOf = (menu: string | null, submenu?: string): string =>
  [menu, submenu].filter((name) => name !== null && name !== undefined).join(' › ');

/** All commands and settings as they stand now. */
function entries(): readonly Entry[] {
  const commands = allCommands()
    .filter(({ id }) => id !== 'view.palette')
    .map(
      (command): Entry => ({
        id: command.id,
        title: command.title,
        place: placeOf(command.menu, command.submenu),
        keys: command.keys === null ? null : keyText(command.keys),
        reason: whyNot(command),
        isChecked: command.checked?.() ?? false,
        choose: () => void runCommand(command),
      }),
    );
  const settings = settingList.map(
    (setting): Entry => ({
      id: `setting.${setting.id}`,
      title: setting.title,
      place: `Settings › ${setting.group}`,
      keys: null,
      reason: null,
      isChecked: false,
      choose: () => openDialog('settings', setting.id),
    }),
  );
  return [...commands, ...settings];
}

/** Finds a command or a setting by a few letters, and does it. */
export function Palette() {
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const all = useMemo(entries, []);
  const recent = useSettings(({ recentCommands }) => recentCommands);
  const found = useMemo(() => search(wanted, all, recent), [wanted, all, recent]);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const optionId = (i: number) => `${listId}-${i}`;

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (entry: Entry | undefined) => {
    if (entry === undefined || entry.reason !== null) return;
    // The focus is back where it was before the command looks at it.
    closeDialog();
    window.requestAnimationFrame(() => entry.choose());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = found.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at === 0 ? last : at - 1,
      PageDown: Math.min(last, at + 10),
      PageUp: Math.max(0, at - 10),
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, to));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(found[at]);
    }
  };
  return (
    <ModalOverlay
      className="palette-veil"
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) closeDialog();
      }}
    >
      <Modal className="palette">
        <Dialog className="palette-dialog" aria-label="Search commands and settings">
          <div className="palette-field">
            <Icon name="search" />
            <input
              autoFocus
              className="palette-input"
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-autocomplete="list"
              aria-label="Search commands and settings"
              {...(found.length > 0 ? { 'aria-activedescendant': optionId(at) } : {})}
              placeholder="Search commands and settings"
              autoComplete="off"
              spellCheck={false}
              value={wanted}
              onChange={(event) => {
                setWanted(event.target.value);
                setAt(0);
              }}
              onKeyDown={onKeyDown}
            />
          </div>
          <div ref={list} id={listId} role="listbox" aria-label="Commands and settings" className="palette-list">
            {found.map((entry, i) => (
              <Row key={entry.id} id={optionId(i)} entry={entry} isAt={i === at} onChoose={() => choose(entry)} />
            ))}
          </div>
          {found.length === 0 ? <p className="palette-none">Nothing has this name.</p> : null}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface RowProps {
  readonly id: string;
  readonly entry: Entry;
  readonly isAt: boolean;
  readonly onChoose: () => void;
}

function Row({ id, entry, isAt, onChoose }: RowProps) {
  return (
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isAt}
      aria-disabled={entry.reason !== null}
      className="palette-row"
      onPointerDown={(event) => event.preventDefault()}
      onPointerUp={onChoose}
    >
      <span className="palette-title">
        {entry.title}
        {entry.isChecked ? <Icon name="check" size={12} /> : null}
      </span>
      <span className="palette-place">{entry.reason ?? entry.place}</span>
      {entry.keys === null ? null : <kbd>{entry.keys}</kbd>}
    </div>
  );
}
