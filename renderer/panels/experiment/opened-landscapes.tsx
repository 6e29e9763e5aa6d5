import { extentText, shapeName } from '../../../core/formats/landscape-checks.ts';
import { closeLandscape } from '../../actions/landscape-file-actions.ts';
import { type OpenedLandscape, useLandscapeFiles } from '../../state/landscape-files.ts';
import { chooseRun, useRuns } from '../../state/runs.ts';
import { Button, IconButton } from '../../widgets/button.tsx';

/** The landscapes that were read from files, below the runs. */
export function OpenedLandscapes() {
  const files = useLandscapeFiles((state) => state.files);
  const current = useRuns((state) => state.current);
  if (files.length === 0) return null;
  return (
    <section aria-label="Landscape files">
      <p className="runs-panel-group">Landscape files</p>
      <ul className="runs-panel-list">
        {files.map((opened) => (
          <Row key={opened.id} opened={opened} isCurrent={opened.id === current} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly opened: OpenedLandscape;
  readonly isCurrent: boolean;
}

function Row({ opened: { id, file, shown, projection }, isCurrent }: RowProps) {
  const landscape = shown.file;
  const more = [
    landscape.form,
    `${shapeName(landscape)}, ${extentText(landscape)}`,
    ...(projection && landscape.path ? ['with path'] : []),
  ];
  return (
    <li className={`runs-panel-row runs-panel-file${isCurrent ? ' runs-panel-current' : ''}`}>
      <Button
        variant="quiet"
        className="runs-panel-name"
        isPressed={isCurrent}
        onPress={() => chooseRun(id)}
        tooltip={file.shown}
      >
        <span className="runs-panel-title">{file.name}</span>
        <span className="runs-panel-difference">{more.join(', ')}</span>
      </Button>
      <IconButton icon="close" label={`Close ${file.name}`} size="small" onPress={() => closeLandscape(id)} />
    </li>
  );
}
