import type { SettingText } from './setting-texts.ts';

/** What people read of the settings of closed forms, by the path in the file. */
export const closedFormTexts: Readonly<Record<string, SettingText>> = {
  'model.deepLinear.hidden': {
    title: 'Hidden widths',
    help: 'Units of the hidden layer; several numbers for several layers.',
    group: 'model',
  },
  'model.deepLinear.singularValues': {
    title: 'Singular values of S',
    help: 'How strong the modes are that the network learns.',
    group: 'model',
  },
  'model.deepLinear.inputs': {
    title: 'Inputs',
    help: 'Columns of S.',
    group: 'model',
    advanced: true,
    nullMeans: 'one a singular value',
  },
  'model.deepLinear.outputs': {
    title: 'Outputs',
    help: 'Rows of S.',
    group: 'model',
    advanced: true,
    nullMeans: 'one a singular value',
  },
  'model.deepLinear.rotate': {
    title: 'Rotated',
    help: 'Draws the singular vectors of S with the seed; otherwise they are the axes.',
    group: 'model',
    advanced: true,
  },
  'model.deepLinear.initial.kind': {
    title: 'First weights',
    help: 'Independent normal numbers, orthogonal matrices, or balanced weights along the modes.',
    group: 'model',
  },
  'model.deepLinear.initial.scale': {
    title: 'Scale of first weights',
    help: 'Standard deviation of normal numbers, singular value of the others; 0 starts at the origin.',
    group: 'model',
  },
  'model.surface': {
    title: 'Surface',
    help: 'A function of two variables with all its critical points.',
    group: 'model',
  },
  'model.start': { title: 'Start (x, y)', help: 'Where the run begins.', group: 'model' },
};
