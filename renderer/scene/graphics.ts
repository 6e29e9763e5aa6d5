import { WebGLRenderer } from 'three';

export interface Graphics {
  readonly renderer: WebGLRenderer;
  /** Drawn by the processor: one pixel of the picture a pixel of the page, fewer while it moves. */
  readonly software: boolean;
  /** What draws, in its own words. */
  readonly name: string;
}

const softwareNames = /swiftshader|llvmpipe|software|basic render/i;

/** Null where the page gets no WebGL 2: then there is no three-dimensional picture. */
export function openGraphics(canvas: HTMLCanvasElement): Graphics | null {
  // Transparent until something is drawn: the page shows through, where it would be black.
  const attributes = { antialias: true, alpha: true, powerPreference: 'high-performance' } as const;
  const context = canvas.getContext('webgl2', attributes) as WebGL2RenderingContext | null;
  if (context === null) return null;
  const information = context.getExtension('WEBGL_debug_renderer_info');
  const name = String(context.getParameter(information ? information.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  const renderer = new WebGLRenderer({ canvas, context, ...attributes });
  // Asking each shader for its errors makes the page wait for it.
  renderer.debug.checkShaderErrors = false;
  return { renderer, software: softwareNames.test(name), name };
}
