import type { ColourMap } from '../../core/figures/colour-tables.ts';
import type { CameraPose, PictureSize } from './camera-pose.ts';
import type { SceneModel } from './scene-model.ts';

/** Colours as CSS writes them, and widths in pixels of the page. */
export interface SceneStyle {
  readonly colourMap: ColourMap;
  /** `transparent` in files only. */
  readonly background: string;
  readonly axis: string;
  readonly wall: string;
  readonly floor: string;
  readonly stalk: string;
  readonly path: string;
  readonly pathCase: string;
  readonly pathWidth: number;
  readonly text: string;
  readonly quietText: string;
  readonly accent: string;
  /** Of marks with and without a certificate; the colour of the path unless said. */
  readonly certified?: string;
  readonly uncertified?: string;
  readonly tickFont: string;
  readonly titleFont: string;
}

export interface Memory {
  readonly geometries: number;
  readonly textures: number;
  readonly programs: number;
  /** Draw calls of the last picture. */
  readonly calls: number;
}

/** What turns a model into pixels of one canvas. */
export interface Painter {
  readonly canvas: HTMLCanvasElement;
  /** Which hardware or software draws. */
  readonly name: string;
  readonly software: boolean;
  style(style: SceneStyle): void;
  show(model: SceneModel | null): void;
  /** Pixels of the page, and pixels of the picture for each of them. */
  resize(size: PictureSize, pixelRatio: number): void;
  /**
   * Does the next part of what must be done before the first picture, a few milliseconds of it; true once it draws
   * without holding up the page.
   */
  prepare(): boolean;
  /** `isMoving`: the next picture comes at once, so that software may leave out detail. */
  draw(pose: CameraPose, isMoving?: boolean): void;
  memory(): Memory;
  dispose(): void;
}

/** Lines on the surface: light where it is dark, dark where it is light. */
export const contourInk = {
  dark: { colour: '#ffffff', opacity: 0.42 },
  light: { colour: '#0d1014', opacity: 0.36 },
} as const;

/** Of the lower contours: the colours under them are dark where they follow the height, and light in the middle of a diverging scale. */
export const darkInk = ({ colours }: Pick<SceneModel, 'colours'>) => contourInk[colours.diverging ? 'light' : 'dark'];

/** The key light stands over the viewer's left shoulder: azimuth and elevation from the camera, radians. */
export const keyLight = { azimuth: -0.85, elevation: 0.8 } as const;

/** A path this little behind the surface is drawn in front of it: about as much as the line is thick. */
export const pathLift = 0.035;
