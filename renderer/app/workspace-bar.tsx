import { type KeyboardEvent, useRef } from 'react';
import { redo, undo, useHistory } from '../state/history.ts';
import { useSettings } from '../state/settings.ts';
import { Button } from '../widgets/button.tsx';
import { resetLayout } from './commands/view-commands.ts';
import { goTo, workspaces } from './workspaces.ts';
import './workspace-bar.css';

/** The workspaces as tabs, and what acts on the whole window. */
export function WorkspaceBar() {
  const hasOwnLayout = useSettings(({ layouts, workspace }) => (layouts[workspace] ?? null) !== null);
  const undone = useHistory(({ past }) => past[past.length - 1]?.label ?? null);
  const redone = useHistory(({ future }) => future[0]?.label ?? null);
  return (
    <nav className="workspace-bar" aria-label="Workspaces">
      <WorkspaceTabs />
      <div className="workspace-bar-end">
        <Button
          variant="quiet"
          size="small"
          isDisabled={undone === null}
          onPress={undo}
          tooltip={named('Undo', undone)}
        >
          Undo
        </Button>
        <Button
          variant="quiet"
          size="small"
          isDisabled={redone === null}
          onPress={redo}
          tooltip={named('Redo', redone)}
        >
          Redo
        </Button>
        <Button variant="quiet" size="small" isDisabled={!hasOwnLayout} onPress={resetLayout}>
          Reset layout
        </Button>
      </div>
    </nav>
  );
}

const named = (verb: string, label: string | null): string | undefined =>
  label === null ? undefined : `${verb} ${label}`;

/** All of them show the one dock below: arrows move the focus, Enter or Space goes there. */
function WorkspaceTabs() {
  const workspace = useSettings((settings) => settings.workspace);
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent, i: number) => {
    const last = workspaces.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: i === last ? 0 : i + 1,
      ArrowLeft: i === 0 ? last : i - 1,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div ref={list} role="tablist" aria-label="Workspaces" className="workspace-bar-tabs">
      {workspaces.map(({ id, title }, i) => (
        <button
          key={id}
          type="button"
          role="tab"
          className="workspace-bar-tab"
          aria-selected={id === workspace}
          aria-controls="workspace"
          tabIndex={id === workspace ? 0 : -1}
          onClick={() => goTo(id)}
          onKeyDown={(event) => onKeyDown(event, i)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
