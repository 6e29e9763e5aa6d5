import {
  openExperimentFile,
  openGranted,
  openLandscapeFiles,
  openRecent,
  openRunFolder,
} from '../actions/file-actions.ts';
import type { Session } from '../state/session.ts';
import { useSession } from '../state/session.ts';
import { Button } from '../widgets/button.tsx';
import { useBundledExperiments } from './bundled-experiments.ts';
import { goTo } from './workspaces.ts';
import './start-screen.css';

const mostRecent = 5;

/** What is happening, or what to do. */
function sentenceOf({ compute, information }: Session): string {
  if (compute.state === 'starting' || information === null) return 'The process that computes is starting.';
  if (compute.state === 'restarting') return 'The process that computes is starting again.';
  if (compute.state === 'stopped') return 'The process that computes has stopped; the message above says why.';
  return information.firstLight
    ? 'The digits experiment is being loaded; its training shows here in a moment.'
    : 'Nothing is open yet.';
}

/** Before there is anything to show: where things will be, what is happening, and what one can do now. */
export function StartScreen() {
  const sentence = useSession(sentenceOf);
  const recent = useSession((session) => session.recent);
  const bundled = useBundledExperiments();
  return (
    <div className="start-screen">
      <div className="start-screen-skeleton" aria-hidden="true">
        {['Experiment', 'Landscape', 'Map', 'Inspector', 'Time'].map((title) => (
          <div key={title}>{title}</div>
        ))}
      </div>
      <section className="start-screen-middle" aria-label="Start">
        <p className="start-screen-sentence" role="status">
          {sentence}
        </p>
        <div className="start-screen-actions">
          <Button onPress={() => void openRunFolder()}>Open a run…</Button>
          <Button onPress={() => void openExperimentFile()}>Open an experiment…</Button>
          <Button onPress={() => void openLandscapeFiles()}>Open a landscape…</Button>
          <Button onPress={() => goTo('lessons')}>Start a lesson</Button>
        </div>
        {bundled.length === 0 ? null : (
          <>
            <h2>Start with</h2>
            <div className="start-screen-list">
              {bundled.map((file) => (
                <Button key={file.reference} variant="quiet" onPress={() => void openGranted(file)}>
                  {file.name.replace(/\.ya?ml$/, '')}
                </Button>
              ))}
            </div>
          </>
        )}
        {recent.length === 0 ? null : (
          <>
            <h2>Opened last</h2>
            <div className="start-screen-list">
              {recent.slice(0, mostRecent).map((file) => (
                <Button
                  key={file.reference}
                  variant="quiet"
                  tooltip={file.shown}
                  onPress={() => void openRecent(file.reference)}
                >
                  {file.name}
                </Button>
              ))}
            </div>
          </>
        )}
        <p className="start-screen-hint">
          Or drop a run folder, an experiment file or a landscape (.h5, .npz) anywhere.
        </p>
      </section>
    </div>
  );
}
