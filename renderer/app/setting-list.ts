import { changeSettings } from '../state/history.ts';
import type { Settings } from '../state/settings.ts';

/** A setting as the form, and the search for settings, show it. */
export type SettingDescription = {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly help?: string;
} & (
  | {
      readonly kind: 'choice';
      readonly options: readonly { readonly id: string; readonly title: string; readonly help?: string }[];
      readonly get: (settings: Settings) => string;
      readonly set: (settings: Settings, value: string) => Partial<Settings>;
    }
  | {
      readonly kind: 'switch';
      readonly get: (settings: Settings) => boolean;
      readonly set: (settings: Settings, value: boolean) => Partial<Settings>;
    }
  | {
      readonly kind: 'number';
      readonly minimum: number;
      readonly maximum: number;
      readonly step: number;
      readonly get: (settings: Settings) => number;
      readonly set: (settings: Settings, value: number) => Partial<Settings>;
    }
);

const landscape = <Key extends keyof Settings['landscape']>(key: Key) => ({
  get: (settings: Settings) => settings.landscape[key],
  set: (settings: Settings, value: unknown): Partial<Settings> => ({
    landscape: { ...settings.landscape, [key]: value as Settings['landscape'][Key] },
  }),
});

const charts: readonly (readonly [Settings['charts'][number], string])[] = [
  ['loss', 'Loss'],
  ['accuracy', 'Accuracy'],
  ['sharpness', 'Sharpness with its threshold'],
  ['topEigenvalues', 'Top eigenvalues'],
  ['subspaceOverlap', 'Overlap of top subspaces'],
  ['gradientShare', 'Gradient in the top subspace'],
  ['density', 'Spectral density'],
  ['gradientNorm', 'Gradient norm'],
  ['lowestEigenvalue', 'Lowest eigenvalue'],
  ['learningRate', 'Step size'],
];

export const settingList: readonly SettingDescription[] = [
  {
    id: 'theme',
    group: 'Appearance',
    title: 'Theme',
    kind: 'choice',
    options: [
      { id: 'system', title: 'As the system' },
      { id: 'dark', title: 'Dark' },
      { id: 'light', title: 'Light' },
      { id: 'contrast', title: 'High contrast' },
    ],
    get: ({ theme }) => theme,
    set: (_, value) => ({ theme: value as Settings['theme'] }),
  },
  {
    id: 'motion',
    group: 'Appearance',
    title: 'Motion',
    help: 'Reduced: the camera and the menus jump instead of moving.',
    kind: 'choice',
    options: [
      { id: 'system', title: 'As the system' },
      { id: 'reduced', title: 'Reduced' },
      { id: 'full', title: 'Full' },
    ],
    get: ({ motion }) => motion,
    set: (_, value) => ({ motion: value as Settings['motion'] }),
  },
  {
    id: 'landscape.plane',
    group: 'Landscape',
    title: 'Plane',
    kind: 'choice',
    options: [
      { id: 'pca', title: 'Trajectory plane' },
      { id: 'eigen', title: 'Eigenvectors' },
      { id: 'random', title: 'Random' },
    ],
    ...landscape('plane'),
  },
  {
    id: 'landscape.view',
    group: 'Landscape',
    title: 'Shown as',
    kind: 'choice',
    options: [
      { id: 'surface', title: 'Surface' },
      { id: 'contours', title: 'Contours' },
    ],
    ...landscape('view'),
  },
  {
    id: 'landscape.height',
    group: 'Landscape',
    title: 'Height',
    kind: 'choice',
    options: [
      { id: 'log', title: 'Logarithmic' },
      { id: 'linear', title: 'Linear' },
    ],
    ...landscape('height'),
  },
  {
    id: 'landscape.colours',
    group: 'Landscape',
    title: 'Colour map',
    help: 'Both are read alike by colour-blind eyes.',
    kind: 'choice',
    options: [
      { id: 'viridis', title: 'Viridis' },
      { id: 'cividis', title: 'Cividis' },
    ],
    ...landscape('colours'),
  },
  {
    id: 'landscape.follow',
    group: 'Landscape',
    title: 'Compute the plane anew while the run goes on',
    kind: 'switch',
    ...landscape('follow'),
  },
  {
    id: 'landscape.grid',
    group: 'Landscape',
    title: 'Points along a side',
    help: 'The cost grows with its square.',
    kind: 'number',
    minimum: 9,
    maximum: 401,
    step: 8,
    ...landscape('grid'),
  },
  ...charts.map(
    ([chart, title]): SettingDescription => ({
      id: `chart.${chart}`,
      group: 'Charts over time',
      title,
      kind: 'switch',
      get: (settings) => settings.charts.includes(chart),
      set: (settings, on) => ({
        charts: charts.map(([id]) => id).filter((id) => (id === chart ? on : settings.charts.includes(id))),
      }),
    }),
  ),
];

/** Changes a setting so that it can be undone. */
export const changeSetting = (title: string, change: Partial<Settings>): void =>
  changeSettings(title.toLowerCase(), change);
