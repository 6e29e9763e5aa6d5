import {
  type Camera,
  type Scene,
  SRGBColorSpace,
  UnsignedByteType,
  Vector2,
  type WebGLRenderer,
  WebGLRenderTarget,
} from 'three';

/** Draws with several samples a pixel into a canvas that has one. */
export interface SmoothPicture {
  render(scene: Scene, camera: Camera): void;
  dispose(): void;
}

const samples = 4;

export function smoothPicture(renderer: WebGLRenderer): SmoothPicture {
  const size = new Vector2();
  const target = new WebGLRenderTarget(1, 1, { samples, type: UnsignedByteType, colorSpace: SRGBColorSpace });
  // Its colours are those of a canvas, by the programs that draw the canvas: there are no others for it.
  Object.assign(target, { isXRRenderTarget: true });
  target.texture.internalFormat = 'RGBA8';
  return {
    render(scene, camera) {
      const gl = renderer.getContext() as WebGL2RenderingContext;
      const { width, height } = renderer.getDrawingBufferSize(size);
      target.setSize(width, height);
      renderer.setRenderTarget(target);
      renderer.render(scene, camera);
      renderer.setRenderTarget(null);
      const { __webglFramebuffer: made } = renderer.properties.get(target) as {
        readonly __webglFramebuffer: WebGLFramebuffer;
      };
      renderer.state.bindFramebuffer(gl.READ_FRAMEBUFFER, made);
      gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
      renderer.state.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
    },
    dispose: () => target.dispose(),
  };
}
