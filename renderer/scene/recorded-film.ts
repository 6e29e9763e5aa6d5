const picturesPerSecond = 30;
const bitsPerPixel = 6;
/** The fastest first: a film is recorded as it is drawn. */
const filmTypes = ['video/webm;codecs=vp8', 'video/webm;codecs=vp9', 'video/webm'];

/**
 * A WebM film of a canvas, recorded in real time while `draw` is told the share of it that has passed; a slow machine
 * leaves pictures out and keeps the pace. Rejects with the reason of the first signal that is aborted.
 */
export async function recordedFilm(
  canvas: HTMLCanvasElement,
  ms: number,
  draw: (share: number) => void,
  signals: readonly AbortSignal[],
): Promise<Uint8Array> {
  const mimeType = filmTypes.find((type) => MediaRecorder.isTypeSupported(type));
  if (mimeType === undefined) throw new Error('This window cannot record films.');
  const stream = canvas.captureStream(picturesPerSecond);
  const recorder = new MediaRecorder(stream, {
    mimeType,
    videoBitsPerSecond: bitsPerPixel * canvas.width * canvas.height,
  });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
  try {
    recorder.start();
    const began = performance.now();
    for (let share = 0; share < 1; ) {
      await nextFrame();
      for (const signal of signals) signal.throwIfAborted();
      share = Math.min(1, (performance.now() - began) / ms);
      draw(share);
    }
  } finally {
    recorder.stop();
    await stopped;
    for (const track of stream.getTracks()) track.stop();
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

export const nextFrame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
