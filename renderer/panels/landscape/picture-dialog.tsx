import { useState } from 'react';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { NumberField } from '../../widgets/fields.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { mostPicturePixels, savePicture } from './save-landscape.ts';
import { askHow } from './shown-scene.ts';

const sizes = {
  screen: { title: '1600 × 1000', width: 1600, height: 1000 },
  slide: { title: '1920 × 1080', width: 1920, height: 1080 },
  print: { title: '183 mm at 300 dpi', width: 2161, height: 1441 },
  large: { title: '3840 × 2160', width: 3840, height: 2160 },
} as const;
type SizeId = keyof typeof sizes;

/** Asks for the size of a picture of the scene. */
export function PictureDialog() {
  const [{ width, height }, setSize] = useState<{ readonly width: number; readonly height: number }>(sizes.screen);
  const known = (Object.keys(sizes) as SizeId[]).find((id) => sizes[id].width === width && sizes[id].height === height);
  const close = () => askHow(null);
  const save = () => {
    close();
    void savePicture({ width, height });
  };
  return (
    <DialogFrame
      title="Save the landscape as a picture"
      onClose={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button variant="primary" onPress={save}>
            Save PNG…
          </Button>
        </>
      }
    >
      <div className="landscape-picture">
        <Segmented
          label="Common sizes"
          value={known ?? 'own'}
          options={Object.entries(sizes).map(([id, { title }]) => ({ id, title }))}
          onChange={(id) => setSize(sizes[id as SizeId])}
        />
        <div className="landscape-picture-size">
          <NumberField
            label="Width"
            value={width}
            minimum={64}
            maximum={mostPicturePixels}
            step={10}
            unit="px"
            onChange={(value) => setSize({ width: Math.round(value), height })}
          />
          <NumberField
            label="Height"
            value={height}
            minimum={64}
            maximum={mostPicturePixels}
            step={10}
            unit="px"
            onChange={(value) => setSize({ width, height: Math.round(value) })}
          />
        </div>
        <p className="landscape-picture-note">
          As seen now, with its axes, colour bar and provenance. Text grows with the height.
        </p>
      </div>
    </DialogFrame>
  );
}
