import { useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { DialogFrame } from './dialog.tsx';
import { NumberField } from './fields.tsx';
import { Segmented } from './segmented.tsx';
import './record-dialog.css';

export type FilmForm = 'webm' | 'gif';

export interface FilmRequest {
  readonly wanted: { readonly width: number; readonly height: number };
  readonly seconds: number;
  readonly form: FilmForm;
  /** Share of the film that is recorded. */
  onProgress(share: number): void;
  readonly signal: AbortSignal;
}

export interface RecordDialogProps {
  readonly title: string;
  /** Of a film without a choice, the smallest first; a GIF is offered up to the second. */
  readonly sizes: readonly { readonly width: number; readonly height: number }[];
  /** `One turn`, `Length` */
  readonly lengthLabel: string;
  readonly seconds: number;
  readonly longest: number;
  /** What the film will show. */
  readonly note: string;
  readonly onClose: () => void;
  /** Resolves once it is saved, given up or reported. */
  readonly record: (request: FilmRequest) => Promise<void>;
}

const forms = [
  { id: 'webm', title: 'WebM' },
  { id: 'gif', title: 'GIF' },
] as const;

const waysOfRecording: Readonly<Record<FilmForm, string>> = {
  webm: 'It is recorded as it is drawn: keep the window in sight meanwhile.',
  gif: 'Every picture is drawn, however long that takes. A GIF has 256 colours and is many times as large as a WebM film.',
};

/** Asks for size, length and form of a film, records it and can be stopped. */
export function RecordDialog({
  title,
  sizes,
  lengthLabel,
  longest,
  note,
  onClose,
  record,
  ...props
}: RecordDialogProps) {
  const [form, setForm] = useState<FilmForm>('webm');
  const [place, setPlace] = useState(1);
  const [seconds, setSeconds] = useState(props.seconds);
  const [share, setShare] = useState<number | null>(null);
  const recording = useRef<AbortController | null>(null);
  useEffect(() => () => recording.current?.abort(), []);
  const offered = form === 'gif' ? sizes.slice(0, 2) : sizes;
  const wanted = offered[Math.min(place, offered.length - 1)]!;
  const begin = async () => {
    const controller = new AbortController();
    recording.current = controller;
    setShare(0);
    const onProgress = (done: number) => setShare(Math.floor(100 * done) / 100);
    await record({ wanted, seconds, form, onProgress, signal: controller.signal });
    if (!controller.signal.aborted) onClose();
  };
  return (
    <DialogFrame
      title={title}
      onClose={onClose}
      isQuestion={share !== null}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isDisabled={share !== null} onPress={() => void begin()}>
            Record {form === 'gif' ? 'GIF' : 'WebM'}…
          </Button>
        </>
      }
    >
      <div className="record-dialog">
        <Segmented label="Form" value={form} options={forms} onChange={setForm} isDisabled={share !== null} />
        <Segmented
          label="Size"
          value={String(offered.indexOf(wanted))}
          options={offered.map(({ width, height }, i) => ({ id: String(i), title: `${width} × ${height}` }))}
          onChange={(id) => setPlace(Number(id))}
          isDisabled={share !== null}
        />
        <NumberField
          label={lengthLabel}
          value={seconds}
          minimum={1}
          maximum={longest}
          step={1}
          unit="s"
          onChange={setSeconds}
          isDisabled={share !== null}
        />
        {share === null ? (
          <p className="record-dialog-note">
            {note} {waysOfRecording[form]}
          </p>
        ) : (
          <p className="record-dialog-note">
            <progress aria-label="Recorded" value={share} /> {Math.round(100 * share)} % recorded
          </p>
        )}
      </div>
    </DialogFrame>
  );
}
