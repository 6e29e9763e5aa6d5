/** 22 parameters in float64: thousands of updates a second, and every number exact. */
export const smallYaml = ({
  name = 'small',
  seed = 3,
  steps = 60,
  every = 10,
  rate = 0.01,
} = {}): string => `name: ${name}
seed: ${seed}
data: { train: two-moons, test: two-moons }
model: { layers: [ { dense: { units: 4, activation: tanh } }, { dense: { units: 2 } } ] }
loss: softmaxCrossEntropy
optimizer: { gradientDescent: { learningRate: ${rate} } }
steps: ${steps}
checkpoints: { every: ${every} }
probes: { budget: 0.5, every: { loss: 5, sharpness: 7 } }
precision: float64
`;

/** So long that it is under way for as long as a test needs it. */
export const endless = { steps: 10_000_000, every: 20_000 };
