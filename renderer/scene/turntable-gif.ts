import { recordedGif } from './recorded-gif.ts';
import { type TurntableRequest, type TurntableWish, turning } from './turntable.ts';

export { gifDelay } from './recorded-gif.ts';

export interface GifWish extends TurntableWish {
  /** Pictures a second. */
  readonly picturesPerSecond: number;
}

export interface GifRequest extends TurntableRequest, GifWish {}

/** The scene turning once around its upright axis, as an endless GIF. */
export const turntableGif = (request: GifRequest): Promise<Uint8Array> =>
  turning(request, (canvas, draw, lost) => recordedGif(canvas, request, draw, [request.signal, lost]));
