import { useState } from 'react';
import { formsOfSlice, type SliceForm, saveSliceData } from '../actions/slice-data-actions.ts';
import { closeDialog } from '../state/session.ts';
import { Button } from '../widgets/button.tsx';
import { DialogFrame } from '../widgets/dialog.tsx';
import { SelectField } from '../widgets/fields.tsx';
import type { FigureSource } from './figure-source.ts';

/** Asks in which form the numbers of a slice are to be saved. */
export function SliceDataDialog({ source }: { readonly source: FigureSource }) {
  // That of the moment at which it was asked for: another one may be computed meanwhile.
  const [slice] = useState(() => source.slice?.() ?? null);
  const [form, setForm] = useState<SliceForm>('h5');
  const forms = slice === null ? [] : formsOfSlice(slice);
  const save = () => {
    closeDialog();
    if (slice) void saveSliceData(slice, form);
  };
  return (
    <DialogFrame
      title="Save the data of the slice"
      onClose={closeDialog}
      footer={
        <>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button variant="primary" isDisabled={slice === null} onPress={save}>
            Save…
          </Button>
        </>
      }
    >
      {slice === null ? (
        <p>The slice is still being computed.</p>
      ) : (
        <SelectField
          label="Form"
          value={form}
          options={forms}
          onChange={setForm}
          help={forms.find(({ id }) => id === form)?.help}
        />
      )}
    </DialogFrame>
  );
}
