import { RecordDialog } from '../../widgets/record-dialog.tsx';
import { saveTurntable } from './save-landscape.ts';
import { askHow } from './shown-scene.ts';

const sizes = [
  { width: 960, height: 600 },
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** Asks how the turning scene is to be filmed. */
export function TurntableDialog() {
  return (
    <RecordDialog
      title="Save the landscape as a film"
      sizes={sizes}
      lengthLabel="One turn"
      seconds={8}
      longest={60}
      note="One turn at the height from which the scene is seen now."
      onClose={() => askHow(null)}
      record={saveTurntable}
    />
  );
}
