import { matrixShown, toggleMovie, usePlayer } from '../../panels/movie/player.ts';
import { askForFilm, saveMovieNumbers } from '../../panels/movie/save-movie.ts';
import type { Command } from '../command.ts';
import { dockControl } from '../dock/dock-state.ts';

const isFilmed = (): boolean | string =>
  matrixShown(usePlayer.getState().wanted) !== null || 'The run has measured no spectra while it trained.';

export const movieCommands: readonly Command[] = [
  {
    id: 'movie.play',
    title: 'Play or pause the Hessian movie',
    menu: 'View',
    section: 60,
    keys: null,
    available: isFilmed,
    run: () => {
      dockControl()?.show('movie');
      toggleMovie();
    },
  },
  {
    id: 'movie.film',
    title: 'Save the Hessian movie as a film…',
    menu: 'Figure',
    section: 31,
    keys: null,
    available: isFilmed,
    run: () => {
      dockControl()?.show('movie');
      askForFilm(true);
    },
  },
  {
    id: 'movie.numbers',
    title: 'Save the numbers of the Hessian movie as NPZ',
    menu: 'Figure',
    section: 31,
    keys: null,
    available: isFilmed,
    run: saveMovieNumbers,
  },
];
