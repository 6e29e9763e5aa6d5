import { Tab, TabList, Tabs } from 'react-aria-components';
import { redo, undo, useHistory } from '../state/history.ts';
import { useSettings, type WorkspaceId } from '../state/settings.ts';
import { Button } from '../widgets/button.tsx';
import { resetLayout } from './commands/view-commands.ts';
import { goTo, workspaces } from './workspaces.ts';
import './workspace-bar.css';

/** The workspaces as tabs, and what acts on the whole window. */
export function WorkspaceBar() {
  const workspace = useSettings((settings) => settings.workspace);
  const hasOwnLayout = useSettings(({ layouts }) => (layouts[workspace] ?? null) !== null);
  const undone = useHistory(({ past }) => past[past.length - 1]?.label ?? null);
  const redone = useHistory(({ future }) => future[0]?.label ?? null);
  return (
    <nav className="workspace-bar" aria-label="Workspaces">
      <Tabs selectedKey={workspace} onSelectionChange={(id) => goTo(id as WorkspaceId)} keyboardActivation="manual">
        <TabList aria-label="Workspaces" className="workspace-bar-tabs">
          {workspaces.map(({ id, title }) => (
            <Tab key={id} id={id} className="workspace-bar-tab" aria-controls="workspace">
              {title}
            </Tab>
          ))}
        </TabList>
      </Tabs>
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
