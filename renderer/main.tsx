import { createRoot } from 'react-dom/client';
import { startSession } from './actions/session-actions.ts';
import { App } from './app/app.tsx';
import { loadBundledExperiments } from './app/bundled-experiments.ts';
import { followTheme } from './app/theme.ts';
import { bridge } from './client/bridge.ts';
import { loadLessons } from './lessons/lesson-files.ts';
import { reportProblem } from './state/session.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';

/** The window is drawn at once; what it shows comes as it is ready. */
function start(task: () => Promise<void>, what: string): void {
  task().catch((thrown: unknown) => {
    const details = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    void bridge.log('error', `${what}: ${details}`);
    reportProblem({ kind: 'failed', found: `${what}.`, advice: 'Close the window and start again.', details });
  });
}

followTheme();
start(startSession, 'The session could not be started');
start(loadBundledExperiments, 'The experiments that come with the app could not be found');
start(loadLessons, 'The lessons that come with the app could not be found');
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
