import { bridge } from '../../client/bridge.ts';
import { openDialog } from '../../state/session.ts';
import type { Command } from '../command.ts';

/** Pages on the web that main knows by name: what the quantities mean. */
const pages: readonly (readonly [page: string, title: string])[] = [
  ['edge-of-stability', 'Edge of stability (Cohen and others 2021)'],
  ['adaptive-edge-of-stability', 'Edge of stability of Adam (Cohen and others 2022)'],
  ['visualizing-loss-landscapes', 'Pictures of loss landscapes (Li and others 2018)'],
  ['spectral-density', 'Spectral density of the Hessian (Ghorbani and others 2019)'],
  ['hessian-products', 'Products with the Hessian (Pearlmutter 1994)'],
  ['numpy', 'NumPy files'],
  ['vega-lite', 'Figures as Vega-Lite'],
];

export const helpCommands: readonly Command[] = [
  {
    id: 'help.keys',
    title: 'Keyboard',
    menu: 'Help',
    section: 1,
    keys: 'F1',
    run: () => openDialog('keys'),
  },
  ...pages.map(
    ([page, title]): Command => ({
      id: `help.page.${page}`,
      title,
      menu: 'Help',
      section: 1,
      submenu: 'Documentation',
      keys: null,
      run: () => bridge.openDocumentation(page),
    }),
  ),
  {
    id: 'help.log',
    title: 'Show log',
    menu: 'Help',
    section: 2,
    keys: null,
    run: () => bridge.showLog(),
  },
  {
    id: 'help.about',
    title: 'About Saddlescope',
    menu: 'Help',
    section: 3,
    keys: null,
    run: () => openDialog('about'),
  },
];
