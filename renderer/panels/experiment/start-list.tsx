import { openExperimentFile, openGranted, openRecent, openRunFolder } from '../../actions/file-actions.ts';
import { useBundledExperiments } from '../../app/bundled-experiments.ts';
import { useSession } from '../../state/session.ts';
import { Button } from '../../widgets/button.tsx';
import { startBundled } from './editor-actions.ts';
import './start-list.css';

export interface StartListProps {
  /** Whether a press on a bundled experiment trains it at once or puts it into the editor. */
  readonly purpose: 'start' | 'edit';
}

/** The one place to begin: a bundled experiment, a file, a run, what was open before. */
export function StartList({ purpose }: StartListProps) {
  const bundled = useBundledExperiments();
  const recent = useSession((session) => session.recent);
  return (
    <div className="start-list">
      <h3>{purpose === 'start' ? 'Start an experiment' : 'Begin with'}</h3>
      <ul>
        {bundled.map((file) => (
          <li key={file.reference}>
            <Button variant="quiet" onPress={() => void (purpose === 'start' ? startBundled(file) : openGranted(file))}>
              {file.name.replace(/\.ya?ml$/, '')}
            </Button>
          </li>
        ))}
      </ul>
      <div className="start-list-open">
        <Button onPress={() => void openExperimentFile()}>Open experiment…</Button>
        <Button onPress={() => void openRunFolder()}>Open run…</Button>
      </div>
      {recent.length === 0 ? null : (
        <>
          <h3>Open again</h3>
          <ul>
            {recent.slice(0, 8).map(({ reference, name, shown }) => (
              <li key={reference}>
                <Button variant="quiet" onPress={() => void openRecent(reference)} tooltip={shown}>
                  {name}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
