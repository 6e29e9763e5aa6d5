import { useEffect, useRef } from 'react';
import type { ColourMap } from '../../../core/figures/colour-tables.ts';
import { numberText } from '../../../core/figures/number-text.ts';
import { colourBarSize, drawColourBar } from '../../scene/colour-bar.ts';
import { lossAt } from '../../scene/height-scale.ts';
import { barStyle } from '../../scene/scene-picture.ts';
import type { ColourScale } from '../../scene/surface-colours.ts';
import { useThemeColours } from '../../widgets/theme-colours.ts';
import { sceneStyle } from './scene-style.ts';

/** The colours of the surface with their values. */
export function ColourBarView({ scale, map }: { readonly scale: ColourScale; readonly map: ColourMap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useThemeColours();
  const { title, low, high, logarithmic, diverging } = scale;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = Math.max(1, devicePixelRatio);
    canvas.current.width = colourBarSize.width * ratio;
    canvas.current.height = colourBarSize.height * ratio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, colourBarSize.width, colourBarSize.height);
    drawColourBar(context, { title, low, high, logarithmic, diverging }, barStyle(sceneStyle(colours, map)));
  }, [title, low, high, logarithmic, diverging, colours, map]);
  const [from, to] = [low, high].map((end) => numberText(lossAt(end, scale), 3));
  const label = `Colours: ${title} from ${from} to ${to}`;
  return <canvas ref={canvas} className="landscape-bar" style={colourBarSize} role="img" aria-label={label} />;
}
