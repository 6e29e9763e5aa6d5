/**
 * Names for tensors that a file only numbers, in the order of PyTorch's `parameters()` or `state_dict()`: `k.weight` and
 * `k.bias` of the k-th layer, so that they can be told apart by layers. A tensor of two axes or more begins a layer. Of the
 * vectors behind it the first is its bias where their number is odd; the others are pairs, weight and bias of a
 * normalisation. Tensors without axes count the batches of a batch normalisation, whose (weight, bias,) running mean and
 * running variance come before. Where a network does otherwise, these names fit no layer and are refused there.
 */
export function namesOfTensors(shapes: readonly (readonly number[])[]): string[] {
  const leaves = new Map<number, string>();
  shapes.forEach((shape, i) => {
    if (shape.length > 0) return;
    for (const [at, leaf] of normalisationBefore(shapes, i)) leaves.set(at, leaf);
  });
  nameVectors(shapes, leaves);
  let layer = -1;
  let seen = new Set<string>();
  return shapes.map((_, i) => {
    const leaf = leaves.get(i) ?? 'weight';
    // A layer ends where a name comes again, or where a weight begins the next.
    if (layer < 0 || leaf === 'weight' || seen.has(leaf)) {
      layer++;
      seen = new Set();
    }
    seen.add(leaf);
    return `${layer}.${leaf}`;
  });
}

const statistics = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/** Which tensors before a count of batches belong to the same normalisation. */
function normalisationBefore(shapes: readonly (readonly number[])[], count: number): Map<number, string> {
  const width = shapes[count - 1]?.[0];
  const same = (at: number) => shapes[at]?.length === 1 && shapes[at][0] === width;
  if (!same(count - 1) || !same(count - 2)) return new Map([[count, 'num_batches_tracked']]);
  const first = same(count - 3) && same(count - 4) ? count - 4 : count - 2;
  return new Map(statistics.slice(first - count - 1).map((leaf, i) => [first + i, leaf]));
}

function nameVectors(shapes: readonly (readonly number[])[], leaves: Map<number, string>): void {
  const isFree = (i: number) => i < shapes.length && shapes[i]!.length === 1 && !leaves.has(i);
  for (let start = 0; start < shapes.length; start++) {
    if (!isFree(start)) continue;
    let end = start;
    while (isFree(end)) end++;
    const hasBias = (end - start) % 2 === 1;
    if (hasBias) leaves.set(start, 'bias');
    for (let i = start + (hasBias ? 1 : 0); i < end; i += 2) {
      leaves.set(i, 'weight');
      leaves.set(i + 1, 'bias');
    }
    start = end - 1;
  }
}
