import { useState } from 'react';
import { RecordDialog } from '../../widgets/record-dialog.tsx';
import { framesNow, movieSeconds } from './player.ts';
import { askForFilm, saveFilm } from './save-movie.ts';

const sizes = [
  { width: 960, height: 540 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** Asks how the Hessian is to be filmed. */
export function FilmDialog() {
  const [frames] = useState(() => framesNow().length);
  return (
    <RecordDialog
      title="Save the Hessian movie as a film"
      sizes={sizes}
      lengthLabel="Length"
      seconds={movieSeconds(frames)}
      longest={120}
      note={`All ${frames} frames of the run so far, each for the same time, in the colours of the window.`}
      onClose={() => askForFilm(false)}
      record={saveFilm}
    />
  );
}
