import { type RunState, useRuns } from '../state/runs.ts';
import { openDialog } from '../state/session.ts';
import { keyText } from './keys.ts';
import { Logo } from './logo.tsx';
import { MenuBar } from './menu/menu-bar.tsx';
import './title-bar.css';

/** Logo and menus, the search for commands, and which run is looked at. */
export function TitleBar() {
  return (
    <header className="title-bar">
      <div className="title-bar-start">
        <span className="title-bar-name">
          <Logo />
          Saddlescope
        </span>
        <MenuBar />
      </div>
      <button type="button" className="title-bar-search" onClick={() => openDialog('palette')}>
        <span>Search commands and settings</span>
        <kbd>{keyText('$mod+k')}</kbd>
      </button>
      <CurrentRun />
    </header>
  );
}

const words: Readonly<Record<RunState, string>> = {
  opening: 'opening',
  running: 'running',
  paused: 'paused',
  stopping: 'stopping',
  interrupted: 'interrupted, goes on',
  stopped: 'stopped',
  finished: 'finished',
  diverged: 'diverged',
  failed: 'failed',
  killed: 'killed, can go on',
  elsewhere: 'trained by another process',
};

/** Name and state: selected one by one, so that the records of a run do not draw it anew. */
function CurrentRun() {
  const title = useRuns(({ runs, current }) => runs.find(({ id }) => id === current)?.title ?? null);
  const state = useRuns(({ runs, current }) => runs.find(({ id }) => id === current)?.state ?? null);
  const shown = useRuns(({ runs, current }) => runs.find(({ id }) => id === current)?.file.shown);
  return (
    <div className="title-bar-run" title={shown}>
      {title === null || state === null ? null : (
        <>
          {title} <span className="title-bar-state">· {words[state]}</span>
        </>
      )}
    </div>
  );
}
