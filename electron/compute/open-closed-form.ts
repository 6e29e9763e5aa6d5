import type { HostVector } from '../../core/linalg/vector-space.ts';
import type { ClosedFormSettings } from '../../core/models/closed-form/closed-form-settings.ts';
import { deepLinearObjective } from '../../core/models/closed-form/deep-linear/deep-linear.ts';
import { type DeepLinearModel, deepLinearModel } from '../../core/models/closed-form/deep-linear/deep-linear-model.ts';
import { initialDeepLinear } from '../../core/models/closed-form/deep-linear/initial-weights.ts';
import type { Surface } from '../../core/models/closed-form/surface.ts';
import { surfaceObjective, surfaces } from '../../core/models/closed-form/surfaces.ts';
import type { Objective } from '../../core/objective/objective.ts';
import type { Random } from '../../core/random/random.ts';
import type { OpenedModel } from './tensor-model.ts';

/** What is known of an opened closed form besides its values: for mode strengths and exact critical points. */
export type OpenedClosedForm =
  | { readonly kind: 'deepLinear'; readonly model: DeepLinearModel }
  | { readonly kind: 'surface'; readonly name: string; readonly surface: Surface };

/** The target comes from the stream of the data, so that other initial weights leave it as it is. */
export function openClosedForm(
  settings: ClosedFormSettings,
  rng: Random,
): { readonly model: OpenedModel; readonly closedForm: OpenedClosedForm } {
  if (settings.kind === 'surface') {
    const { surface: name, start } = settings;
    const model = opened(surfaceObjective(name), Float64Array.from(start));
    return { model, closedForm: { kind: 'surface', name, surface: surfaces[name]! } };
  }
  const deep = deepLinearModel(settings, settings.rotate ? rng.split('data').split('rotations') : null);
  const initial = initialDeepLinear(deep, settings.initial, rng.split('model'));
  return { model: opened(deepLinearObjective(deep), initial), closedForm: { kind: 'deepLinear', model: deep } };
}

const opened = (objective: Objective<Float64Array>, initialTheta: Float64Array): OpenedModel => ({
  objective: objective as Objective<HostVector>,
  initialTheta,
  tfjs: null,
  onTestSet: () => null,
  settle: async () => {},
  dispose: () => objective.dispose(),
});
