import { useEffect } from 'react';
import { JobsStrip } from '../panels/jobs-strip.tsx';
import { useEditor } from '../state/editor.ts';
import { useLandscapeFiles } from '../state/landscape-files.ts';
import { useRuns } from '../state/runs.ts';
import { useSession } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import { Announcer } from './announcer.tsx';
import { Dialogs } from './dialogs/dialogs.tsx';
import { Dock } from './dock/dock.tsx';
import { PanelMenu } from './dock/panel-menu.tsx';
import { DropTarget } from './drop-target.tsx';
import { Problems } from './problems.tsx';
import { installShortcuts } from './shortcuts.ts';
import { StartScreen } from './start-screen.tsx';
import { TitleBar } from './title-bar.tsx';
import { WorkspaceBar } from './workspace-bar.tsx';
import './app.css';

/** The window. */
export function App() {
  useEffect(installShortcuts, []);
  return (
    <>
      <div className="app">
        <TitleBar />
        <WorkspaceBar />
        <Problems />
        <main id="workspace" className="app-main" tabIndex={-1}>
          <Workspace />
        </main>
        <div className="app-footer">
          <JobsStrip />
        </div>
      </div>
      <Announcer />
      <Dialogs />
      <DropTarget />
    </>
  );
}

function Workspace() {
  const hasRuns = useRuns(({ runs }) => runs.length > 0);
  const hasFiles = useLandscapeFiles(({ files }) => files.length > 0);
  const isEdited = useEditor(({ yaml }) => yaml !== '');
  const isReady = useSession(({ information }) => information !== null);
  // A lesson brings all that it shows.
  const isLesson = useSettings(({ workspace }) => workspace === 'lessons');
  if (!hasRuns && !hasFiles && !isLesson && !(isEdited && isReady)) return <StartScreen />;
  return (
    <PanelMenu>
      <Dock />
    </PanelMenu>
  );
}
