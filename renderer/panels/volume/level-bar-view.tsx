import { useEffect, useRef } from 'react';
import { numberText } from '../../../core/figures/number-text.ts';
import { type HeightScale, lossAt } from '../../scene/height-scale.ts';
import { barStyle } from '../../scene/scene-picture.ts';
import { drawLevelBar, levelBarSize } from '../../scene/volume/level-bar.ts';
import type { VolumeStyle } from '../../scene/volume/volume-painter.ts';

export interface LevelBarViewProps {
  readonly scale: HeightScale;
  readonly title: string;
  /** Heights of the isosurfaces. */
  readonly levels: readonly number[];
  readonly style: VolumeStyle;
}

/** The colours with their values, and a sign at each isosurface. */
export function LevelBarView({ scale, title, levels, style }: LevelBarViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = Math.max(1, devicePixelRatio);
    canvas.current.width = levelBarSize.width * ratio;
    canvas.current.height = levelBarSize.height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, levelBarSize.width, levelBarSize.height);
    drawLevelBar(context, scale, title, levels, barStyle(style));
  }, [scale, title, levels, style]);
  const [low, high] = [scale.low, scale.high].map((end) => numberText(lossAt(end, scale), 3));
  return (
    <canvas
      ref={canvas}
      className="landscape-bar volume-bar"
      style={levelBarSize}
      role="img"
      aria-label={`Colours of ${title} from ${low} to ${high}`}
    />
  );
}
