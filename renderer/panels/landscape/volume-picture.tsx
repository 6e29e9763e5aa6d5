import { useMemo } from 'react';
import type { SliceDirection } from '../../../core/analyses/slices/slice.ts';
import type { ColourMap } from '../../../core/figures/colour-tables.ts';
import { axisTitle } from '../../scene/axis-labels.ts';
import type { VolumeContent } from '../../scene/volume/volume-content.ts';
import type { VolumeScene } from '../../scene/volume/volume-scene.ts';
import type { ShownLandscape } from '../../state/results.ts';
import { setCursor, useTime } from '../../state/time.ts';
import { VolumeView } from '../volume-view.tsx';
import { useShownScene } from './shown-scene.ts';

/** The third axis is called like the second, with its own letter and number. */
const thirdTitle = (direction: SliceDirection): string =>
  axisTitle('β', direction)
    .replace('β', 'γ')
    .replace('v₂', 'v₃')
    .replace('PC 2', 'PC 3')
    .replace(/ 2(?= |$)/, ' 3');

export function volumeContent({ slice, newer, complete }: ShownLandscape): VolumeContent {
  const [a, b, c] = slice.directions as readonly [SliceDirection, SliceDirection, SliceDirection];
  const paths = [slice.trajectory, newer].filter((path) => path !== null);
  const column = (name: 'distance' | 'length' | 'trueLoss') => paths.flatMap((path) => Array.from(path[name]));
  const along = (k: number) => paths.flatMap((path) => Array.from(path.coordinates[k]!));
  const [first, second, third] = slice.cosines;
  return {
    axes: slice.axes,
    fields: slice.fields,
    norms: [a.norm, b.norm, c.norm],
    cosines: [first ?? 0, second ?? 0, third ?? 0],
    titles: [axisTitle('α', a), axisTitle('β', b), thirdTitle(c)],
    path:
      paths.length === 0
        ? null
        : {
            steps: paths.flatMap(({ steps }) => steps),
            coordinates: [along(0), along(1), along(2)],
            distance: column('distance'),
            length: column('length'),
            loss: column('trueLoss'),
          },
    marks: [],
    complete,
  };
}

export interface VolumePictureProps {
  readonly shown: ShownLandscape;
  readonly name: string;
  readonly colours: ColourMap;
  readonly onPick: (index: number) => void;
}

const onScene = (volume: VolumeScene | null): void => useShownScene.setState({ volume });

/** A volume of a run. */
export function VolumePicture({ shown, name, colours, onPick }: VolumePictureProps) {
  const content = useMemo(() => volumeContent(shown), [shown]);
  const cursor = useTime((time) => time.cursor);
  const [columns, rows] = [shown.slice.axes[0]!.length, shown.slice.axes[1]!.length];
  return (
    <VolumeView
      content={content}
      name={name}
      colours={colours}
      cursor={cursor}
      onStep={setCursor}
      onScene={onScene}
      onGo={({ cell: [i, j, k] }) => onPick(i + columns * (j + rows * k))}
    />
  );
}
