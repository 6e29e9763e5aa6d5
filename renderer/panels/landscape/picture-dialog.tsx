import { useState } from 'react';
import { pixelWidth } from '../../../core/figures/journal-sizes.ts';
import type { PictureBackground } from '../../scene/scene-picture.ts';
import { Button } from '../../widgets/button.tsx';
import { DialogFrame } from '../../widgets/dialog.tsx';
import { NumberField } from '../../widgets/fields.tsx';
import { Segmented } from '../../widgets/segmented.tsx';
import { mostPicturePixels, savePicture } from './save-landscape.ts';
import { askHow } from './shown-scene.ts';

interface Sides {
  readonly width: number;
  readonly height: number;
}

const screens = [
  { width: 1600, height: 1000 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;
/** Millimetres. Narrower ones have no room for the words of a scene. */
const papers = [
  { width: 114, height: 76 },
  { width: 174, height: 116 },
  { width: 297, height: 210 },
] as const;
const units = [
  { id: 'screen', title: 'Pixels' },
  { id: 'paper', title: 'Millimetres' },
] as const;
const resolutions = [
  { id: '300', title: '300 dpi' },
  { id: '600', title: '600 dpi' },
] as const;
const backgrounds = [
  { id: 'scene', title: 'As on the screen' },
  { id: 'print', title: 'White, for print' },
  { id: 'transparent', title: 'Transparent' },
] as const;

/** Pixels of the page in an inch. */
const pagePixels = 96;

const named = (sizes: readonly Sides[]) =>
  sizes.map(({ width, height }, i) => ({ id: String(i), title: `${width} × ${height}` }));
const placeOf = (sizes: readonly Sides[], { width, height }: Sides): string =>
  String(sizes.findIndex((size) => size.width === width && size.height === height));

/** Asks for the size of a picture of the scene, on the screen or on paper, and for its background. */
export function PictureDialog() {
  const [unit, setUnit] = useState<'screen' | 'paper'>('screen');
  const [screen, setScreen] = useState<Sides>(screens[0]);
  const [paper, setPaper] = useState<Sides>(papers[1]);
  const [dotsPerInch, setDots] = useState<'300' | '600'>('300');
  const [background, setBackground] = useState<PictureBackground>('scene');
  const isPaper = unit === 'paper';
  const [size, setSize, sizes] = isPaper ? [paper, setPaper, papers] : [screen, setScreen, screens];
  const page: Sides = { width: pixelWidth(size.width, pagePixels), height: pixelWidth(size.height, pagePixels) };
  const scale = Number(dotsPerInch) / pagePixels;
  const pixels = isPaper ? { width: Math.round(scale * page.width), height: Math.round(scale * page.height) } : size;
  const isTooLarge = Math.max(pixels.width, pixels.height) > mostPicturePixels;
  const close = () => askHow(null);
  const save = () => {
    close();
    void savePicture(isPaper ? page : size, { background, ...(isPaper ? { scale } : {}) });
  };
  const side = (label: string, name: keyof Sides) => (
    <NumberField
      label={label}
      value={size[name]}
      minimum={isPaper ? 40 : 64}
      maximum={isPaper ? 1000 : mostPicturePixels}
      step={isPaper ? 1 : 10}
      unit={isPaper ? 'mm' : 'px'}
      onChange={(value) => setSize({ ...size, [name]: isPaper ? value : Math.round(value) })}
    />
  );
  return (
    <DialogFrame
      title="Save the landscape as a picture"
      onClose={close}
      footer={
        <>
          <Button onPress={close}>Cancel</Button>
          <Button variant="primary" isDisabled={isTooLarge} onPress={save}>
            Save PNG…
          </Button>
        </>
      }
    >
      <div className="landscape-picture">
        <Segmented label="Measured in" value={unit} options={units} onChange={setUnit} />
        <Segmented
          label="Common sizes"
          value={placeOf(sizes, size)}
          options={named(sizes)}
          onChange={(id) => setSize(sizes[Number(id)]!)}
        />
        <div className="landscape-picture-size">
          {side('Width', 'width')}
          {side('Height', 'height')}
        </div>
        {isPaper ? <Segmented label="Resolution" value={dotsPerInch} options={resolutions} onChange={setDots} /> : null}
        <Segmented label="Background" value={background} options={backgrounds} onChange={setBackground} />
        <p className="landscape-picture-note">
          {isTooLarge
            ? `${pixels.width} × ${pixels.height} pixels are more than this window draws: up to ${mostPicturePixels} a side.`
            : isPaper
              ? `${pixels.width} × ${pixels.height} pixels, that know how large they are. Text has its size on paper.`
              : 'As seen now, with its axes, colour bar and provenance. Text grows with the height.'}
        </p>
      </div>
    </DialogFrame>
  );
}
