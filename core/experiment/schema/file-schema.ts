import * as v from 'valibot';
import { surfaces } from '../../models/closed-form/named-surfaces.ts';
import { namedInitializers } from '../../models/weight-initialization.ts';
import { lossHelp } from '../experiment.ts';

const wholeNumber = (least: number) => v.pipe(v.number(), v.finite(), v.integer(), v.minValue(least));
const cadence = v.optional(wholeNumber(0), 0);

const lossNames = Object.keys(lossHelp) as (keyof typeof lossHelp)[];

/** What every experiment has. */
const whoseAndHow = {
  name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200)), 'experiment'),
  seed: v.optional(v.pipe(wholeNumber(0), v.maxValue(Number.MAX_SAFE_INTEGER)), 0),
};
/** `budget`: the share of the time that probes may take by themselves. */
const courseWithin = (budget: number) => ({
  checkpoints: v.optional(v.strictObject({ every: v.optional(wholeNumber(1), 50) }), {}),
  probes: v.optional(
    v.strictObject({
      budget: v.optional(v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1)), budget),
      examples: v.optional(v.nullable(wholeNumber(1)), null),
      residualTol: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0), v.maxValue(1)), 1e-3),
      eigenvalueCount: v.optional(v.pipe(wholeNumber(1), v.maxValue(100)), 10),
      densityStarts: v.optional(wholeNumber(1), 4),
      densitySteps: v.optional(wholeNumber(2), 60),
      every: v.optional(
        v.strictObject({
          loss: v.optional(wholeNumber(0), 10),
          sharpness: v.optional(wholeNumber(0), 5),
          lowestEigenvalue: cadence,
          preconditionedSharpness: cadence,
          eigenvalues: cadence,
          density: cadence,
          gradientNorm: cadence,
          noiseScale: cadence,
        }),
        {},
      ),
    }),
    {},
  ),
  stopWhen: v.optional(
    v.array(
      v.strictObject({
        quantity: v.string(),
        above: v.optional(v.union([v.pipe(v.number(), v.finite()), v.literal('threshold')])),
        below: v.optional(v.union([v.pipe(v.number(), v.finite()), v.literal('threshold')])),
      }),
    ),
    [],
  ),
});

/** Everything whose form does not depend on its own content; layers, data sources and optimiser are read by hand. */
export const experimentSchema = v.strictObject({
  ...whoseAndHow,
  data: v.strictObject({
    train: v.unknown(),
    test: v.optional(v.unknown()),
    subset: v.optional(
      v.nullable(v.strictObject({ first: v.optional(wholeNumber(1)), random: v.optional(wholeNumber(1)) })),
      null,
    ),
  }),
  model: v.strictObject({
    layers: v.pipe(v.array(v.unknown()), v.minLength(1)),
    weights: v.optional(v.nullable(v.string()), null),
    layout: v.optional(v.picklist(['tensorflow', 'pytorch']), 'tensorflow'),
    initializer: v.optional(v.picklist(namedInitializers), 'glorotUniform'),
    mode: v.optional(v.picklist(['training', 'inference'])),
  }),
  loss: v.picklist(lossNames),
  reduction: v.optional(v.picklist(['mean', 'sum']), 'mean'),
  optimizer: v.unknown(),
  steps: wholeNumber(0),
  ...courseWithin(0.1),
  engine: v.optional(v.picklist(['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu']), 'auto'),
  precision: v.optional(v.picklist(['float32', 'float64']), 'float32'),
});

const width = v.pipe(wholeNumber(1), v.maxValue(512));
const finite = v.pipe(v.number(), v.finite());

/** What an experiment on a closed form has in the place of data, layers and loss. */
const ofClosedForms = <const T extends v.ObjectEntries>(model: T) =>
  v.strictObject({
    ...whoseAndHow,
    model: v.strictObject(model),
    optimizer: v.optional(v.unknown(), { gradientDescent: { learningRate: 0.01 } }),
    steps: v.optional(wholeNumber(0), 1000),
    // A step takes microseconds: probes within a share of that would hardly be made.
    ...courseWithin(1),
    engine: v.optional(v.picklist(['auto']), 'auto'),
    precision: v.optional(v.picklist(['float64']), 'float64'),
  });

/** `model: { deepLinear: … }` */
export const deepLinearSchema = ofClosedForms({
  deepLinear: v.strictObject({
    hidden: v.union([width, v.pipe(v.array(width), v.minLength(1), v.maxLength(200))]),
    singularValues: v.pipe(v.array(v.pipe(finite, v.minValue(0))), v.minLength(1), v.maxLength(512)),
    inputs: v.optional(v.nullable(width), null),
    outputs: v.optional(v.nullable(width), null),
    rotate: v.optional(v.boolean(), false),
    initial: v.optional(
      v.strictObject({
        kind: v.optional(v.picklist(['gaussian', 'orthogonal', 'balanced']), 'gaussian'),
        scale: v.optional(v.pipe(finite, v.minValue(0)), 0.1),
      }),
      {},
    ),
  }),
});

/** `model: { surface: …, start: [x, y] }` */
export const surfaceSchema = ofClosedForms({
  surface: v.picklist(Object.keys(surfaces)),
  start: v.optional(v.strictTuple([finite, finite]), [1, 1]),
});

/** The options of a data file. */
export const fileSchema = v.strictObject({
  labels: v.optional(v.nullable(v.string()), null),
  labelColumn: v.optional(v.nullable(v.string()), null),
  delimiter: v.optional(v.nullable(v.picklist([',', ';', 'tab'])), null),
  cifar: v.optional(v.nullable(v.picklist(['cifar-10', 'cifar-100'])), null),
  targets: v.optional(v.nullable(v.picklist(['classes', 'values'])), null),
  classes: v.optional(v.nullable(wholeNumber(2)), null),
});
