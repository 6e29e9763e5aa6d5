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
