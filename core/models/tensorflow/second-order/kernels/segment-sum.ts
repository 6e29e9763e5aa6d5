import { hostKernel } from './kernel.ts';

/** out[s, …] = Σ over rows i with segmentIds[i] = s of x[i, …]; rows with other ids are dropped. Missing on wasm. */
export const unsortedSegmentSum = hostKernel<{ numSegments: number }>(
  'UnsortedSegmentSum',
  ({ x, segmentIds }, { numSegments }, host) => {
    const out = host.allocate([numSegments, ...x!.shape.slice(1)], 'float32');
    const [to, from, ids] = [host.floats(out), host.floats(x!), host.ints(segmentIds!)];
    const inner = numSegments === 0 ? 0 : to.length / numSegments;
    to.fill(0);
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id < 0 || id >= numSegments) continue;
      for (let j = 0; j < inner; j++) to[id * inner + j]! += from[i * inner + j]!;
    }
    return out;
  },
);
