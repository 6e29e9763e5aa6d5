import { create } from 'zustand';
import { reporting } from '../../actions/failures.ts';
import { bridge } from '../../client/bridge.ts';
import { compute } from '../../client/compute.ts';
import { recordedFilm } from '../../scene/recorded-film.ts';
import { recordedGif } from '../../scene/recorded-gif.ts';
import { currentRun } from '../../state/runs.ts';
import { announce } from '../../state/session.ts';
import type { FilmRequest } from '../../widgets/record-dialog.tsx';
import { themeColours } from '../../widgets/theme-colours.ts';
import { movieArrays } from './movie-arrays.ts';
import { movieAxes } from './movie-axes.ts';
import { frameAt, frameSteps } from './movie-frame.ts';
import { paintFrame } from './movie-painting.ts';
import { frameNumbers } from './movie-sentence.ts';
import { matrixShown, usePlayer } from './player.ts';

/** Whether the dialog that asks for size and length is open. */
export const useFilmDialog = create<{ readonly isOpen: boolean }>(() => ({ isOpen: false }));
export const askForFilm = (isOpen: boolean): void => useFilmDialog.setState({ isOpen });

/** More would make a GIF larger without being seen. */
const gifPicturesPerSecond = 20;

/** Every frame of the run as it is known now, as a film in the colours of the theme. Asks where to. */
export async function saveFilm({ wanted, seconds, form, onProgress, signal }: FilmRequest): Promise<void> {
  await reporting(async () => {
    const [run, matrix] = [currentRun(), matrixShown(usePlayer.getState().wanted)];
    const axes = run && matrix && movieAxes(run, matrix);
    const canvas = Object.assign(document.createElement('canvas'), wanted);
    const context = canvas.getContext('2d');
    if (!run || !matrix || !axes || !context) return;
    const steps = frameSteps(run.series, matrix);
    const colours = themeColours();
    const ratio = wanted.height / 600;
    let drawn = -1;
    const draw = (share: number) => {
      const index = Math.min(steps.length - 1, Math.floor(share * steps.length));
      if (index !== drawn) {
        const frame = frameAt(run, matrix, steps[index] ?? 0);
        const numbers = frameNumbers(frame).map(([name, text]) => (name === 'threshold' ? text : `${name} ${text}`));
        const caption = [`${run.title} · Hessian movie`, numbers.join('   ')];
        paintFrame({ context, ...wanted, ratio, colours, caption }, frame, axes);
      }
      drawn = index;
      onProgress(share);
    };
    draw(0);
    const length = { seconds, picturesPerSecond: gifPicturesPerSecond, onProgress };
    const recorded =
      form === 'gif'
        ? recordedGif(canvas, length, draw, [signal])
        : recordedFilm(canvas, 1000 * seconds, draw, [signal]);
    const film = await recorded.catch((problem) => {
      if (signal.aborted) return null;
      throw problem;
    });
    if (film === null) return;
    const saved = await bridge.saveFile(`${run.file.name}-hessian-movie.${form}`, form, film);
    if (saved !== null) announce(`Saved ${saved}.`);
  });
}

/** Every number of the movie, measurement by measurement, as NumPy arrays. Asks where to. */
export async function saveMovieNumbers(): Promise<void> {
  const run = currentRun();
  if (run === null) return;
  await reporting(async () => {
    const { value } = await compute.call('packNpz', { arrays: movieArrays(run) }).outcome;
    const saved = await bridge.saveFile(`${run.file.name}-hessian-movie.npz`, 'npz', value.bytes);
    if (saved !== null) announce(`Saved ${saved}.`);
  });
}
