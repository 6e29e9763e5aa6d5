import { type ComputeState, computePortMessage } from '../../core/protocol/bridge.ts';
import { bridge } from '../client/bridge.ts';
import { compute } from '../client/compute.ts';
import { useEditor } from '../state/editor.ts';
import { useJobs } from '../state/jobs.ts';
import { isAlive, useRuns } from '../state/runs.ts';
import { announce, openDialog, useSession } from '../state/session.ts';
import { type Settings, settingsFrom, useSettings } from '../state/settings.ts';
import { measureCosts } from './analysis-actions.ts';
import { isBackupDue, keepBackups, onBackup, restoreBackup, writeBackup } from './editor-backup.ts';
import { refreshEngines } from './engine-actions.ts';
import { report, reporting } from './failures.ts';
import { checkEditor, editExperiment, openGranted } from './file-actions.ts';
import { followLandscape } from './live-landscape.ts';
import { watchPageErrors } from './page-errors.ts';
import { refreshRecent } from './recent.ts';
import { startRun } from './run-actions.ts';
import { failAllInterrupted, resumeInterrupted } from './training.ts';

/** After the last change. */
const saveSettingsAfterMs = 300;
/** A run has settled then, and what is measured is what its analyses will cost. */
const measureAfterMs = 3000;

/** A look at the engines starts a process: it is not to take time from the first picture. */
const enginesAfterMs = 1500;

/** Once, before the first picture: settings, compute process, recent files, files given by the system, first light. */
export async function startSession(): Promise<void> {
  watchPageErrors();
  listenToCompute();
  const information = await reporting(() => bridge.information());
  useSession.setState({ information });
  const stored = await reporting(() => bridge.readSettings());
  useSettings.setState(settingsFrom(stored ?? {}));
  // Settings that could not be read must not be written over.
  if (stored) saveSettings();
  listenToClosing();
  watchEditor();
  measureNewRuns();
  followLandscape();
  await reporting(() => bridge.connectCompute());
  if (information?.recovered) announce(information.recovered);
  // The picture comes first: the rest fills in while it is there.
  void fillIn(information?.firstLight ?? false);
}

async function fillIn(firstLight: boolean): Promise<void> {
  await refreshRecent();
  const restored = await restoreBackup();
  keepBackups();
  bridge.onOpened((file) => void openGranted(file));
  setTimeout(() => void refreshEngines(), enginesAfterMs);
  if (firstLight) await reporting(() => startFirstLight(!restored));
}

/** The bundled experiment that shows at once what the instrument does. */
async function startFirstLight(intoEditor: boolean): Promise<void> {
  const file = (await bridge.bundledExperiments()).find(({ name }) => name.startsWith('first-light'));
  if (!file) return;
  const { value } = await compute.call('readExperiment', { file: file.reference }).outcome;
  if (intoEditor) editExperiment(value.yaml, null);
  await startRun({ yaml: value.yaml, file: file.reference }, 'First light', 'start-up');
}

function listenToCompute(): void {
  window.addEventListener('message', (event: MessageEvent) => {
    const [port] = event.ports;
    // Only this window's own preload script can post to it.
    if (event.data !== computePortMessage || port === undefined) return;
    compute.connect(port);
    resumeInterrupted();
  });
  bridge.onComputeState((state: ComputeState) => {
    useSession.setState({ compute: state });
    if (state.state === 'restarting' || state.state === 'stopped') compute.disconnect(state.reason);
    if (state.state === 'stopped') {
      failAllInterrupted(state.reason);
      report(new Stopped(state.reason));
    }
  });
}

/** The process that computes is not started again by itself. */
class Stopped extends Error {
  constructor(reason: string) {
    super(JSON.stringify({ found: reason, advice: 'Continue a run to start it again, or look into the log.' }));
  }
}

let settingsTimer: ReturnType<typeof setTimeout> | null = null;
let settingsSaved = false;
let settingsWritten = 0;

function saveSettings(): void {
  settingsSaved = true;
  useSettings.subscribe((settings) => {
    if (settingsTimer !== null) clearTimeout(settingsTimer);
    settingsTimer = setTimeout(() => void writeSettings(settings), saveSettingsAfterMs);
    tellBusy();
  });
}

async function writeSettings(settings: Settings): Promise<void> {
  // Before they are written: what is changed meanwhile becomes due anew.
  if (settingsTimer !== null) clearTimeout(settingsTimer);
  settingsTimer = null;
  if (!settingsSaved) return;
  settingsWritten++;
  await reporting(() => bridge.writeSettings({ ...settings }));
  settingsWritten--;
  tellBusy();
}

/** Whether closing would end something that is under way. */
export const isBusy = (): boolean =>
  useRuns.getState().runs.some(({ state }) => isAlive(state)) ||
  useJobs.getState().jobs.some(({ state }) => state === 'waiting' || state === 'running' || state === 'cancelling');

let toldBusy = false;

/** The window also waits for what is about to be written. */
function tellBusy(): void {
  const busy = isBusy() || settingsTimer !== null || settingsWritten > 0 || isBackupDue();
  if (busy !== toldBusy) bridge.setBusy(busy).catch(report);
  toldBusy = busy;
}

function listenToClosing(): void {
  useRuns.subscribe(tellBusy);
  useJobs.subscribe(tellBusy);
  onBackup(tellBusy);
  tellBusy();
  bridge.onCloseRequested(() => void askToClose());
}

/** The one road out, whether the window or a command was asked: first the question where something would end. */
export async function askToClose(): Promise<void> {
  if (isBusy()) openDialog('close');
  else await closeWindow();
}

/** Nothing is lost: settings and unsaved texts are written first. */
export async function closeWindow(): Promise<void> {
  await Promise.all([writeSettings(useSettings.getState()), writeBackup()]);
  await reporting(() => bridge.close());
}

/** The text is checked whoever changes it: the form, the text field, undo. */
function watchEditor(): void {
  useEditor.subscribe((now, before) => {
    if (now.yaml !== before.yaml && now.yaml !== '') checkEditor();
  });
}

function measureNewRuns(): void {
  const seen = new Set<string>();
  useRuns.subscribe(({ runs }) => {
    for (const { id, checkpoints, state } of runs) {
      if (seen.has(id) || checkpoints.length === 0 || state === 'opening') continue;
      seen.add(id);
      setTimeout(() => void measureCosts(id), measureAfterMs);
    }
  });
}
