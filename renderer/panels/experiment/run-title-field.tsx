import { useEffect, useRef, useState } from 'react';
import { perform } from '../../state/history.ts';
import type { Run } from '../../state/runs.ts';
import { IconButton } from '../../widgets/button.tsx';
import { TextField } from '../../widgets/fields.tsx';
import { useRenaming } from './renaming.ts';

/** The title of a run while it is written: Enter keeps it, the cross leaves it as it was. */
export function RunTitleField({ run }: { readonly run: Run }) {
  const [title, setTitle] = useState(run.title);
  const place = useRef<HTMLSpanElement>(null);
  // What is typed takes the place of the old title.
  useEffect(() => place.current?.querySelector('input')?.select(), []);
  const close = () => useRenaming.setState({ run: null });
  const keep = () => {
    const written = title.trim();
    if (written !== '' && written !== run.title) perform('Rename run', { edit: 'title', run: run.id, title: written });
    close();
  };
  return (
    <span ref={place} className="runs-panel-rename">
      <TextField label="Title of the run" hideLabel autoFocus value={title} onChange={setTitle} onSubmit={keep} />
      <IconButton icon="check" label="Keep this title" size="small" onPress={keep} />
      <IconButton icon="close" label="Leave the title as it was" size="small" onPress={close} />
    </span>
  );
}
