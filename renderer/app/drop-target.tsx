import { useEffect, useState } from 'react';
import { openDropped } from '../actions/file-actions.ts';
import { reportProblem } from '../state/session.ts';
import './drop-target.css';

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Files dragged over the window can be dropped anywhere in it; panels that are dragged are left to the dock. */
export function DropTarget() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Each element that is crossed enters and leaves: only the balance says whether the pointer is still inside.
    let depth = 0;
    const onEnter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth++;
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      setOver(depth > 0);
    };
    const onOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      openDropped([...(event.dataTransfer?.files ?? [])]).catch(() =>
        reportProblem({
          kind: 'badInput',
          found: 'What was dropped could not be opened.',
          advice: 'Drop a run folder, an experiment file (.yaml) or a landscape (.h5, .npz).',
        }),
      );
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-target">
      <p>
        Drop to open: a run folder is shown beside the other runs, an experiment file goes into the editor, a lesson is
        opened, a landscape (.h5, .npz), ours or another tool’s, is drawn.
      </p>
    </div>
  );
}
