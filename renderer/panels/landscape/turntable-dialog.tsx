import { useEffect, useRef, useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { NumberField } from '../../widgets/fields.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { saveTurntable } from './save-landscape.ts';
import { askHow } from './shown-scene.ts';

const sizes = {
  small: { title: '960 × 600', width: 960, height: 600 },
  hd: { title: '1280 × 720', width: 1280, height: 720 },
  fullHd: { title: '1920 × 1080', width: 1920, height: 1080 },
} as const;
type SizeId = keyof typeof sizes;

const close = (): void => askHow(null);

/** Asks for size and length of a film of the turning scene, records it and can be stopped. */
export function TurntableDialog() {
  const [size, setSize] = useState<SizeId>('hd');
  const [seconds, setSeconds] = useState(8);
  const [share, setShare] = useState<number | null>(null);
  const recording = useRef<AbortController | null>(null);
  useEffect(() => () => recording.current?.abort(), []);
  const record = async () => {
    const controller = new AbortController();
    recording.current = controller;
    setShare(0);
    const onProgress = (done: number) => setShare(Math.floor(100 * done) / 100);
    await saveTurntable({ wanted: sizes[size], seconds, onProgress, signal: controller.signal });
    if (!controller.signal.aborted) close();
  };
  return (
    <DialogFrame
      title="Save the landscape as a film"
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
      <div className="landscape-picture">
        <Segmented
          label="Size"
          value={size}
          options={Object.entries(sizes).map(([id, { title }]) => ({ id, title }))}
          onChange={(id) => setSize(id as SizeId)}
        />
        <div className="landscape-picture-size">
          <NumberField
            label="One turn"
            value={seconds}
            minimum={1}
            maximum={60}
            step={1}
            unit="s"
            onChange={setSeconds}
          />
        </div>
        {share === null ? (
          <p className="landscape-picture-note">
            One turn at the height from which the scene is seen now. It is recorded as it is drawn: keep the window in
            sight meanwhile.
          </p>
        ) : (
          <p className="landscape-picture-note">
            <progress aria-label="Recorded" value={share} /> {Math.round(100 * share)} % recorded
          </p>
        )}
      </div>
    </DialogFrame>
  );
}
