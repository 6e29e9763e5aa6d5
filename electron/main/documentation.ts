import type { documentationPages } from '../../core/protocol/bridge.ts';

/** Pages that the app may open in the browser, by the names that the page uses. All of them are https. */
const pages: Readonly<Record<(typeof documentationPages)[number], string>> = {
  'edge-of-stability': 'https://arxiv.org/abs/2103.00065',
  'adaptive-edge-of-stability': 'https://arxiv.org/abs/2207.14484',
  'visualizing-loss-landscapes': 'https://arxiv.org/abs/1712.09913',
  'spectral-density': 'https://arxiv.org/abs/1901.10159',
  'hessian-products': 'https://doi.org/10.1162/neco.1994.6.1.147',
  numpy: 'https://numpy.org/doc/stable/reference/generated/numpy.load.html',
  'vega-lite': 'https://vega.github.io/vega-lite/docs/',
  electron: 'https://www.electronjs.org/docs/latest/tutorial/electron-timelines',
};

const hosts = new Set(Object.values(pages).map((address) => new URL(address).host));

/** Whether an address may be given to the system: https, a host of the table, nothing hidden in it. */
export function isDocumentation(address: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(address);
    return protocol === 'https:' && hosts.has(host) && username === '' && password === '';
  } catch {
    return false;
  }
}

/** The address of a page, or null for a name that is not in the table. */
export const documentationPage = (name: string): string | null =>
  Object.hasOwn(pages, name) ? pages[name as keyof typeof pages] : null;
