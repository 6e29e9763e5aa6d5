import { withSetting } from '../../core/experiment/experiment-text.ts';
import { report } from '../actions/failures.ts';
import { editExperiment } from '../actions/file-actions.ts';
import { type Run, useRuns } from '../state/runs.ts';
import { wantPanel } from '../state/session.ts';
import { useStudiedRun } from '../state/shown-run.ts';
import { IconButton } from '../widgets/button.tsx';
import { MenuButton } from '../widgets/menu-button.tsx';
import { EmptyState, PanelHead } from '../widgets/section.tsx';
import { Segmented } from '../widgets/segmented.tsx';
import { FilmDialog } from './movie/film-dialog.tsx';
import { filmedMatrices } from './movie/movie-frame.ts';
import { MovieStage } from './movie/movie-stage.tsx';
import { matrixShown, toggleMovie, usePlayer } from './movie/player.ts';
import { askForFilm, saveMovieNumbers, useFilmDialog } from './movie/save-movie.ts';
import './movie-panel.css';

const titles = { hessian: 'Hessian', preconditioned: 'Preconditioned' } as const;

/** The spectrum of the Hessian through training, at the time cursor of the app. */
export function MoviePanel() {
  const run = useStudiedRun();
  const { isPlaying, wanted } = usePlayer();
  const { isOpen } = useFilmDialog();
  // Texts, so that new records do not draw the component anew.
  const filmed = useRuns(({ runs, current }) => {
    const studied = runs.find(({ id }) => id === current);
    return studied ? filmedMatrices(studied.series).join(' ') : '';
  });
  const matrix = useRuns(() => matrixShown(wanted));
  const both = filmed.includes(' ');
  const isEmpty = run === null || matrix === null;
  return (
    <section className="movie-panel" aria-label="Hessian movie">
      <PanelHead
        title="Hessian movie"
        start={
          both && matrix ? (
            <Segmented
              label="Matrix"
              value={matrix}
              options={(['hessian', 'preconditioned'] as const).map((id) => ({ id, title: titles[id] }))}
              onChange={(id) => usePlayer.setState({ wanted: id })}
            />
          ) : undefined
        }
      >
        <IconButton
          icon={isPlaying ? 'pause' : 'play'}
          label={isPlaying ? 'Pause the movie' : 'Play the movie'}
          size="small"
          isDisabled={isEmpty}
          onPress={toggleMovie}
        />
        <MenuButton
          label="More of the movie"
          items={[
            {
              id: 'film',
              title: 'Save as a film…',
              section: 'save',
              isDisabled: isEmpty,
              onAction: () => askForFilm(true),
            },
            {
              id: 'npz',
              title: 'Save its numbers as NPZ',
              section: 'save',
              isDisabled: isEmpty,
              onAction: () => void saveMovieNumbers(),
            },
          ]}
        />
      </PanelHead>
      {isEmpty ? <Nothing run={run} /> : <MovieStage key={matrix} matrix={matrix} />}
      {isOpen && !isEmpty ? <FilmDialog /> : null}
    </section>
  );
}

function Nothing({ run }: { readonly run: Run | null }) {
  if (run === null)
    return <EmptyState sentence="Start an experiment or open a run: its Hessian is filmed while it trains." />;
  const every = run.description?.experiment.probes.every;
  if (every && (every.density > 0 || every.eigenvalues > 0 || every.preconditionedSharpness > 0))
    return (
      <EmptyState sentence="The first frame appears with the first spectral density or top eigenvalues of the run." />
    );
  return (
    <EmptyState
      sentence="This run measures no spectra while it trains, so there is nothing to film."
      action={{ title: 'Edit its experiment with such probes', onPress: () => editWithProbes(run) }}
    />
  );
}

/** So many frames of each kind in the run as it is planned. */
const wantedFrames = 40;

function editWithProbes({ yaml, file, steps }: Run): void {
  try {
    const every = Math.max(1, Math.round(steps / wantedFrames));
    const withDensity = withSetting(yaml, ['probes', 'every', 'density'], every);
    editExperiment(withSetting(withDensity, ['probes', 'every', 'eigenvalues'], every), file);
    wantPanel('editor');
  } catch (problem) {
    report(problem);
  }
}
