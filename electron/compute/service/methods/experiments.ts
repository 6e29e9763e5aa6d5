import { readBoundedFile } from '../../../host/read-dataset.ts';
import { isRunFolder } from '../../../host/run-folder.ts';
import { describeExperiment } from '../../describe-experiment.ts';
import { measureCosts } from '../../measure-product.ts';
import { experimentTextOfRun } from '../../run-experiment-text.ts';
import { type Method, outcomeOf } from '../method.ts';
import { atPoint, readSource } from '../sources.ts';

const experimentBytes = 2 ** 22;

export const readExperimentFile: Method<'readExperiment'> = ({ file }, { path }) =>
  outcomeOf(async () => {
    const place = path(file);
    if (await isRunFolder(place)) return { yaml: await experimentTextOfRun(place) };
    return { yaml: new TextDecoder().decode(await readBoundedFile(place, experimentBytes)) };
  });

export const describe: Method<'describe'> = ({ source }, context) =>
  outcomeOf(async () => {
    const { experiment, baseFolder } = await readSource(source, context);
    return context.experiments.use(experiment, baseFolder ?? '/', async (opened) => describeExperiment(opened));
  });

export const measure: Method<'measure'> = ({ source }, context) =>
  outcomeOf(() => atPoint(source, context, (point) => measureCosts(point.opened.objective, point.theta)));

/** Loss and gradient: two evaluations. */
export const readPoint: Method<'readPoint'> = ({ source }, context) =>
  atPoint(source, context, async ({ opened: { objective }, theta }) => {
    const began = performance.now();
    const { space } = objective;
    const here = space.copy(theta);
    try {
      const { loss, standardError, error } = await objective.evaluate(here);
      const { gradient } = await objective.gradient(here);
      const gradientNorm = Math.sqrt((await space.dots([gradient], gradient))[0]!);
      space.release(gradient);
      const { examples, engine } = objective;
      const value = { loss, standardError, examples, error, gradientNorm, precision: space.precision, engine };
      const seconds = (performance.now() - began) / 1000;
      return { value, status: 'converged', stats: { products: 0, gradients: 1, losses: 1, seconds } };
    } finally {
      space.release(here);
    }
  });
