import { writeReport } from '../../actions/analysis-actions.ts';
import {
  openExperimentFile,
  openGranted,
  openLandscapeFiles,
  openRecent,
  openRunFolder,
  saveExperiment,
  saveExperimentAs,
} from '../../actions/file-actions.ts';
import { closeLandscape } from '../../actions/landscape-file-actions.ts';
import { clearRecent } from '../../actions/recent.ts';
import { closeRun } from '../../actions/run-actions.ts';
import { askToClose } from '../../actions/session-actions.ts';
import { bridge } from '../../client/bridge.ts';
import { openOwnLesson } from '../../lessons/lesson-files.ts';
import { useEditor } from '../../state/editor.ts';
import { shownFile } from '../../state/landscape-files.ts';
import { currentRun, isAlive } from '../../state/runs.ts';
import { useSession } from '../../state/session.ts';
import { bundledExperiments } from '../bundled-experiments.ts';
import type { Command } from '../command.ts';

const needsRun = (): boolean | string =>
  currentRun() !== null ||
  (shownFile() ? 'A landscape file is shown, which has no run.' : 'Open or start a run first.');
const needsText = (): boolean | string => useEditor.getState().yaml !== '' || 'The editor is empty.';

const fixed: readonly Command[] = [
  {
    id: 'file.openRun',
    title: 'Open run…',
    menu: 'File',
    section: 1,
    keys: '$mod+o',
    run: openRunFolder,
  },
  {
    id: 'file.openExperiment',
    title: 'Open experiment…',
    menu: 'File',
    section: 1,
    keys: '$mod+Shift+o',
    run: openExperimentFile,
  },
  {
    id: 'file.openLandscape',
    title: 'Open landscape…',
    menu: 'File',
    section: 1,
    keys: null,
    run: openLandscapeFiles,
  },
  {
    id: 'file.openLesson',
    title: 'Open lesson…',
    menu: 'File',
    section: 1,
    keys: null,
    run: openOwnLesson,
  },
  {
    id: 'file.save',
    title: 'Save experiment',
    menu: 'File',
    section: 2,
    keys: '$mod+s',
    available: needsText,
    run: saveExperiment,
  },
  {
    id: 'file.saveAs',
    title: 'Save experiment as…',
    menu: 'File',
    section: 2,
    keys: '$mod+Shift+s',
    available: needsText,
    run: saveExperimentAs,
  },
  {
    id: 'file.reveal',
    title: 'Reveal run folder',
    menu: 'File',
    section: 3,
    keys: null,
    available: needsRun,
    run: () => bridge.revealFile(currentRun()?.file.reference ?? ''),
  },
  {
    id: 'file.report',
    title: 'Write report',
    menu: 'File',
    section: 3,
    keys: null,
    available: needsRun,
    run: () => writeReport(currentRun()?.id ?? ''),
  },
  {
    id: 'file.closeRun',
    title: 'Close run',
    menu: 'File',
    section: 3,
    keys: '$mod+w',
    available: () => {
      const run = currentRun();
      if (run === null) return shownFile() ? 'A landscape file is shown, and no run.' : 'No run is open.';
      return !isAlive(run.state) || 'Stop the run first.';
    },
    run: () => closeRun(currentRun()?.id ?? ''),
  },
  {
    id: 'file.closeLandscape',
    title: 'Close landscape file',
    menu: 'File',
    section: 3,
    keys: null,
    available: () => shownFile() !== null || 'No landscape file is shown.',
    run: () => closeLandscape(shownFile()?.id ?? ''),
  },
  {
    id: 'file.quit',
    title: 'Quit',
    menu: 'File',
    section: 4,
    keys: '$mod+q',
    run: askToClose,
  },
];

const clearing: Command = {
  id: 'file.clearRecent',
  title: 'Clear recent files',
  menu: 'File',
  section: 1,
  submenu: 'Open recent',
  keys: null,
  run: clearRecent,
};

/** With the files and the bundled experiments that there are now. */
export function fileCommands(): readonly Command[] {
  const recent = useSession.getState().recent.map(
    (file): Command => ({
      id: `file.recent.${file.reference}`,
      title: file.kind === 'run' ? file.name : `${file.name} (${file.kind})`,
      menu: 'File',
      section: 1,
      submenu: 'Open recent',
      keys: null,
      run: () => openRecent(file.reference),
    }),
  );
  const bundled = bundledExperiments().map(
    (file): Command => ({
      id: `file.new.${file.name}`,
      title: file.name.replace(/\.ya?ml$/, ''),
      menu: 'File',
      section: 1,
      submenu: 'New experiment from',
      keys: null,
      run: () => openGranted(file),
    }),
  );
  return [...fixed.slice(0, 4), ...recent, ...(recent.length > 0 ? [clearing] : []), ...bundled, ...fixed.slice(4)];
}
