import { useEffect, useRef, useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { NumberField } from '../../widgets/fields.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { framesNow, movieSeconds } from './player.ts';
import { askForFilm, saveFilm } from './save-movie.ts';

const sizes = {
  small: { title: '960 × 540', width: 960, height: 540 },
  hd: { title: '1280 × 720', width: 1280, height: 720 },
  fullHd: { title: '1920 × 1080', width: 1920, height: 1080 },
} as const;
type SizeId = keyof typeof sizes;

const close = (): void => askForFilm(false);

/** Asks for size and length of the film of the Hessian, records it and can be stopped. */
export function FilmDialog() {
  const [size, setSize] = useState<SizeId>('hd');
  const [seconds, setSeconds] = useState(() => movieSeconds(framesNow().length));
  const [share, setShare] = useState<number | null>(null);
  const recording = useRef<AbortController | null>(null);
  useEffect(() => () => recording.current?.abort(), []);
  const record = async () => {
    const controller = new AbortController();
    recording.current = controller;
    setShare(0);
    const onProgress = (done: number) => setShare(Math.floor(100 * done) / 100);
    const { width, height } = sizes[size];
    await saveFilm({ wanted: { width, height }, seconds, onProgress, signal: controller.signal });
    if (!controller.signal.aborted) close();
  };
  return (
    <DialogFrame
      title="Save the Hessian movie as a film"
      onClose={close}
      isQuestion={share !== null}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button variant="primary" isDisabled={share !== null} onPress={() => void record()}>
            Record WebM…
          </Button>
        </>
      }
    >
      <div className="movie-film">
        <Segmented
          label="Size"
          value={size}
          options={Object.entries(sizes).map(([id, { title }]) => ({ id, title }))}
          onChange={(id) => setSize(id as SizeId)}
        />
        <NumberField label="Length" value={seconds} minimum={1} maximum={120} step={1} unit="s" onChange={setSeconds} />
        {share === null ? (
          <p className="movie-film-note">
            All {framesNow().length} frames of the run so far, each for the same time, in the colours of the window. It
            is recorded as it is drawn: keep the window in sight meanwhile.
          </p>
        ) : (
          <p className="movie-film-note">
            <progress aria-label="Recorded" value={share} /> {Math.round(100 * share)} % recorded
          </p>
        )}
      </div>
    </DialogFrame>
  );
}
