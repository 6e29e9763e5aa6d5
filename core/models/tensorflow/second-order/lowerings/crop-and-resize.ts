import {
  add,
  cast,
  ceil,
  clipByValue,
  expandDims,
  floor,
  gather,
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  range,
  reshape,
  scalar,
  slice,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';

export interface CropAttributes {
  cropSize: [number, number];
  method: 'bilinear' | 'nearest';
  extrapolationValue: number;
}

/** Places along one axis, [boxes, new size], and 1 where they lie inside the image, 0 elsewhere. */
interface Places {
  readonly at: Tensor;
  readonly inside: Tensor;
}

/**
 * Boxes cut out of images and resized, as gathering of pixels: linear in the image. The places follow from the boxes by
 * tensor operations, so that nothing is read back; the boxes themselves get no derivative.
 */
export function cropByGathering(image: Tensor, boxes: Tensor, owner: Tensor, attributes: CropAttributes): Tensor {
  const { cropSize, method, extrapolationValue } = attributes;
  const [images = 0, height = 0, width = 0, channels = 0] = image.shape;
  const count = boxes.shape[0]!;
  const side = (k: number) => slice(boxes, [0, k], [count, 1]);
  const rows = places(side(0), side(2), height, cropSize[0]);
  const columns = places(side(1), side(3), width, cropSize[1]);
  const pixels = reshape(image, [images * height * width, channels]);
  const firstPixel = reshape(mul(owner, whole(height * width)), [count, 1, 1]);
  const pixelsAt = (r: Tensor, c: Tensor) => {
    const starts = add(firstPixel, mul(expandDims(within(r, height), 2), whole(width)));
    const places = add(starts, expandDims(within(c, width), 1));
    return reshape(gather(pixels, reshape(places, [places.size])), [count, ...cropSize, channels]);
  };

  const found =
    method === 'nearest'
      ? pixelsAt(nearest(rows.at), nearest(columns.at))
      : interpolated(rows.at, columns.at, pixelsAt);
  const inside = expandDims(mul(expandDims(rows.inside, 2), expandDims(columns.inside, 1)), 3);
  return add(mul(found, inside), mul(sub(1, inside), extrapolationValue));
}

/** In the arithmetic of the forward kernels. */
function places(first: Tensor, last: Tensor, size: number, newSize: number): Places {
  const at =
    newSize > 1
      ? add(
          mul(first, size - 1),
          mul(range(0, newSize, 1, 'float32'), mul(sub(last, first), (size - 1) / (newSize - 1))),
        )
      : mul(add(first, last), 0.5 * (size - 1));
  return { at, inside: cast(logicalAnd(greaterEqual(at, 0), lessEqual(at, size - 1)), 'float32') };
}

const nearest = (at: Tensor): Tensor => floor(add(at, 0.5));
const whole = (n: number): Tensor => scalar(n, 'int32');
const within = (at: Tensor, size: number): Tensor => cast(clipByValue(at, 0, size - 1), 'int32');

function interpolated(rows: Tensor, columns: Tensor, pixelsAt: (r: Tensor, c: Tensor) => Tensor): Tensor {
  const [top, bottom, left, right] = [floor(rows), ceil(rows), floor(columns), ceil(columns)];
  const down = expandDims(expandDims(sub(rows, top), 2), 3);
  const along = expandDims(expandDims(sub(columns, left), 1), 3);
  const between = (a: Tensor, b: Tensor, share: Tensor) => add(a, mul(sub(b, a), share));
  return between(
    between(pixelsAt(top, left), pixelsAt(top, right), along),
    between(pixelsAt(bottom, left), pixelsAt(bottom, right), along),
    down,
  );
}
