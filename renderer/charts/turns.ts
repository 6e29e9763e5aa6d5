/** Charts that wait for their turn, in the order in which they asked. */
const waiting = new Set<() => void>();
/** Charts are drawn in a frame until they have taken this long together: one at least. */
const mostMsInFrame = 4;
let frame = 0;

/** Has it drawn in one of the next frames: new records concern all charts, and no frame has to draw them all. */
export function takeTurn(draw: () => void): void {
  waiting.add(draw);
  if (frame === 0) frame = requestAnimationFrame(next);
}

export function leaveTurns(draw: () => void): void {
  waiting.delete(draw);
  if (waiting.size > 0 || frame === 0) return;
  cancelAnimationFrame(frame);
  frame = 0;
}

function next(): void {
  frame = 0;
  const began = performance.now();
  for (const draw of waiting) {
    waiting.delete(draw);
    draw();
    if (performance.now() - began > mostMsInFrame) break;
  }
  if (waiting.size > 0) frame = requestAnimationFrame(next);
}
