import * as v from 'valibot';

const line = (most: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(most));
const prose = v.pipe(v.string(), v.minLength(1), v.maxLength(6000));
const number = v.pipe(v.number(), v.finite());
const between = (low: number, high: number) => v.pipe(number, v.minValue(low), v.maxValue(high));
const whole = (low: number, high: number) => v.pipe(number, v.integer(), v.minValue(low), v.maxValue(high));
const rate = v.pipe(number, v.gtValue(0), v.maxValue(100));
const seed = v.optional(whole(0, 2 ** 32 - 1), 0);

const runner = v.strictObject({
  optimizer: v.picklist(['gradientDescent', 'momentum', 'nesterov', 'adam', 'newton', 'saddleFreeNewton']),
  settings: v.optional(v.record(line(40), number), {}),
});

/** What of a scene costs time is bounded: a lesson answers at once, whoever wrote it. */
export const sceneSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('race'),
    surface: line(60),
    start: v.strictTuple([between(-1e6, 1e6), between(-1e6, 1e6)]),
    runners: v.pipe(v.array(runner), v.minLength(1), v.maxLength(6)),
    learningRate: rate,
    steps: whole(1, 5000),
    leavesBelow: v.optional(v.nullable(number), null),
  }),
  v.strictObject({
    kind: v.literal('randomLandscape'),
    dimension: whole(2, 400),
    points: whole(1, 1000),
    seed,
  }),
  v.strictObject({
    kind: v.literal('search'),
    experiment: v.pipe(line(80), v.regex(/^[a-z0-9-]+\.yaml$/)),
    finder: line(40),
    starts: whole(1, 500),
    from: v.picklist(['trajectory', 'random']),
    showUncertified: v.optional(v.boolean(), true),
  }),
  v.strictObject({
    kind: v.literal('modes'),
    singularValues: v.pipe(v.array(v.pipe(number, v.gtValue(0), v.maxValue(100))), v.minLength(1), v.maxLength(6)),
    u0: v.pipe(number, v.gtValue(0), v.maxValue(10)),
    matrices: v.optional(whole(2, 100), 2),
    imbalance: v.optional(between(0, 10), 0),
    learningRate: rate,
    steps: whole(1, 20_000),
  }),
  v.strictObject({
    kind: v.literal('depths'),
    matrices: v.pipe(v.array(whole(2, 60)), v.minLength(2), v.maxLength(8)),
    width: whole(2, 64),
    outputs: whole(1, 64),
    seed,
  }),
  v.strictObject({
    kind: v.literal('hierarchy'),
    levels: whole(1, 4),
    flip: between(0, 0.5),
    features: whole(10, 20_000),
    learningRate: rate,
    u0: v.pipe(number, v.gtValue(0), v.maxValue(1)),
    steps: whole(1, 20_000),
    seed,
  }),
  v.strictObject({ kind: v.literal('edge'), learningRate: rate, seed, every: v.optional(whole(1, 1000), 5) }),
  v.strictObject({
    kind: v.literal('escapeTimes'),
    dimension: whole(1, 400),
    negative: whole(1, 400),
    curvature: v.pipe(number, v.gtValue(0), v.maxValue(100)),
    noise: between(0, 10),
    distance: between(0, 10),
    learningRate: rate,
    repeats: whole(1, 500),
    seed,
  }),
]);

const name = line(60);
const condition = v.strictObject({
  quantity: name,
  above: v.optional(number),
  below: v.optional(number),
  aboveQuantity: v.optional(name),
  belowQuantity: v.optional(name),
  times: v.optional(number),
});
const conditions = v.pipe(v.array(condition), v.maxLength(8));
const some = v.pipe(v.array(condition), v.minLength(1), v.maxLength(8));
const hint = v.optional(v.nullable(prose), null);

const questionSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('reach'), text: prose, hint, goals: some, reply: prose }),
  v.strictObject({
    kind: v.literal('number'),
    text: prose,
    hint,
    quantity: name,
    tolerance: between(0, 1),
    after: v.optional(conditions, []),
    reply: prose,
  }),
  v.strictObject({
    kind: v.literal('choice'),
    text: prose,
    hint,
    choices: v.pipe(
      v.array(v.strictObject({ text: prose, holds: some, reply: prose })),
      v.minLength(2),
      v.maxLength(6),
    ),
    after: v.optional(conditions, []),
  }),
]);

export const lessonSchema = v.strictObject({
  format: v.literal(1),
  id: v.pipe(line(60), v.regex(/^[a-z0-9-]+$/)),
  title: line(100),
  summary: line(300),
  minutes: whole(1, 240),
  pages: v.pipe(
    v.array(
      v.strictObject({
        title: line(120),
        text: prose,
        scene: sceneSchema,
        controls: v.optional(v.pipe(v.array(name), v.maxLength(12)), []),
        question: questionSchema,
      }),
    ),
    v.minLength(1),
    v.maxLength(20),
  ),
});
