import type { ColourMap } from '../../../core/figures/colour-tables.ts';
import type { SceneStyle } from '../../scene/painter.ts';
import type { ThemeColours } from '../../widgets/theme-colours.ts';

/** The tokens of the theme, as the scene wants them. */
export function sceneStyle(colour: ThemeColours, colourMap: ColourMap): SceneStyle {
  return {
    colourMap,
    background: colour('bg-scene'),
    axis: colour('axis'),
    wall: colour('line-2'),
    floor: colour('contour'),
    stalk: colour('fg-2'),
    path: colour('path'),
    pathCase: colour('path-case'),
    pathWidth: Number.parseFloat(colour('lw-path')) || 3.5,
    text: colour('fg-1'),
    quietText: colour('fg-2'),
    accent: colour('accent'),
    certified: colour('ok'),
    uncertified: colour('warn'),
    tickFont: `${colour('text-xs')} ${colour('font-num')}`,
    titleFont: `${colour('text-xs')} ${colour('font-ui')}`,
  };
}
