import { isOurPage } from './page-origin.ts';

/**
 * Of addresses only the page's own, the developer tools, and pictures that the page made itself. WebSockets, files and
 * the network are refused before anything is looked up.
 */
export function isAllowedRequest(url: string, resourceType: string): boolean {
  if (isOurPage(url)) return true;
  const scheme = /^[a-z]+:/i.exec(url)?.[0].toLowerCase();
  if (scheme === 'devtools:') return true;
  return (scheme === 'blob:' || scheme === 'data:') && resourceType === 'image';
}
