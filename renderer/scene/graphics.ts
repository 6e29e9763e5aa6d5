import { WebGLRenderer } from 'three';
import { type SmoothPicture, smoothPicture } from './smooth-picture.ts';

export interface Graphics {
  readonly renderer: WebGLRenderer;
  /** Drawn by the processor: one pixel of the picture a pixel of the page, fewer while it moves. */
  readonly software: boolean;
  /** What draws, in its own words. */
  readonly name: string;
  /**
   * Draws still pictures without steps along edges where the canvas itself has them: the processor takes two to three
   * times as long for a smooth picture, and one that moves is not looked at so closely. Null on a graphics card.
   */
  readonly smooth: SmoothPicture | null;
}

const softwareNames = /swiftshader|llvmpipe|software|basic render/i;

/** Null where the page gets no WebGL 2: then there is no three-dimensional picture. */
export function openGraphics(canvas: HTMLCanvasElement): Graphics | null {
  const name = nameOfGraphics();
  if (name === null) return null;
  const software = softwareNames.test(name);
  // Transparent until something is drawn: the page shows through, where it would be black.
  const attributes = { antialias: !software, alpha: true, powerPreference: 'high-performance' } as const;
  const context = canvas.getContext('webgl2', attributes) as WebGL2RenderingContext | null;
  if (context === null) return null;
  const renderer = new WebGLRenderer({ canvas, context, ...attributes });
  // Asking each shader for its errors makes the page wait for it.
  renderer.debug.checkShaderErrors = false;
  return { renderer, software, name, smooth: software ? smoothPicture(renderer) : null };
}

let known: string | null = null;

/** A context must say when it is made whether it smooths edges: a small one is asked first, once for the page. */
function nameOfGraphics(): string | null {
  if (known !== null) return known;
  const context = document.createElement('canvas').getContext('webgl2');
  if (context === null) return null;
  const information = context.getExtension('WEBGL_debug_renderer_info');
  known = String(context.getParameter(information ? information.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return known;
}
