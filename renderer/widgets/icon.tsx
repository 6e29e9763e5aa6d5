/** Drawn on a field of 16 × 16; strokes unless the name is in `filled`. */
const shapes = {
  approx: 'M2.5 6.5c2-2.4 3.6-2.4 5.5-1s3.5 1.4 5.5-1M2.5 11.5c2-2.4 3.6-2.4 5.5-1s3.5 1.4 5.5-1',
  branch: 'M4.5 2v12M4.5 9.5c5 0 7-1.6 7-6M9.3 5.2l2.2-2.2 2.2 2.2',
  camera: 'M1.5 4.5h3l1.2-2h4.6l1.2 2h3v9h-13zM8 11.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z',
  check: 'M2.5 8.5l3.6 3.6L13.5 4.4',
  'chevron-down': 'M4 6l4 4 4-4',
  'chevron-right': 'M6 4l4 4-4 4',
  'chevron-up': 'M4 10l4-4 4 4',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  cross: 'M4 4l8 8M12 4l-8 8',
  download: 'M8 2v8M4.5 7L8 10.5 11.5 7M2.5 13.5h11',
  edit: 'M3 13l.6-3L11 2.6 13.4 5 6 12.4z',
  eye: 'M1.5 8C4 3.8 12 3.8 14.5 8 12 12.2 4 12.2 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  'eye-off': 'M1.5 8C4 3.8 12 3.8 14.5 8 12 12.2 4 12.2 1.5 8zM2.5 13.5l11-11',
  file: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3',
  folder: 'M1.5 3.5h5l1.5 2h6.5v8h-13z',
  info: 'M8 14a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM8 7.2v3.9M8 4.7v.9',
  maximise: 'M2.5 6v-3.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  minus: 'M3 8h10',
  more: 'M3.6 8h.01M8 8h.01M12.4 8h.01',
  open: 'M8 2.2a5.8 5.8 0 0 1 3.3 1M13.4 6a5.8 5.8 0 0 1 0 4M11.3 12.8a5.8 5.8 0 0 1-6.6 0M2.6 10a5.8 5.8 0 0 1 0-4M4.7 3.2A5.8 5.8 0 0 1 8 2.2',
  pause: 'M4 3h2.8v10H4zM9.2 3H12v10H9.2z',
  play: 'M4 2.5v11L13 8z',
  plus: 'M8 3v10M3 8h10',
  redo: 'M13 3v4H9M12.6 6.6A5.4 5.4 0 1 0 13.2 10',
  reset: 'M3 3v4h4M3.4 6.6A5.4 5.4 0 1 1 2.8 10',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3L14 14',
  settings:
    'M2 4.5h6M11.5 4.5H14M2 11.5h2.5M8 11.5h6M9.8 6.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM6.2 13.3a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z',
  step: 'M3 2.8v10.4L10 8zM11.2 2.8h1.9v10.4h-1.9z',
  stop: 'M3.5 3.5h9v9h-9z',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9',
  undo: 'M3 3v4h4M3.4 6.6A5.4 5.4 0 1 1 2.8 10',
  warn: 'M8 2L15 14H1zM8 6.5v3.6M8 11.6v.9',
} as const;

export type IconName = keyof typeof shapes;

const filled: ReadonlySet<IconName> = new Set(['pause', 'play', 'step', 'stop']);
const bold: ReadonlySet<IconName> = new Set(['check', 'cross', 'more', 'open', 'approx']);

/** A sign beside a word or in a named button; by itself it says nothing to a screen reader. */
export function Icon({ name, size = 14 }: { readonly name: IconName; readonly size?: number }) {
  const solid = filled.has(name);
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill={solid ? 'currentColor' : 'none'}
      stroke={solid ? 'none' : 'currentColor'}
      strokeWidth={bold.has(name) ? 2 : 1.4}
      strokeLinecap={name === 'more' ? 'round' : 'butt'}
    >
      <path d={shapes[name]} />
    </svg>
  );
}
