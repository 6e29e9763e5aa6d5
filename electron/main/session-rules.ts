import type { Session } from 'electron';
import type { Notice } from './log-file.ts';
import { isAllowedRequest } from './request-rules.ts';

/** Nothing that a page could ask a browser for is given: no permission, no device, no download, no network. */
export function restrictSession(session: Session, notice: Notice): void {
  session.setPermissionCheckHandler(() => false);
  session.setPermissionRequestHandler((_contents, permission, answer) => {
    notice('permission', `The page asked for ${permission}; it was denied.`);
    answer(false);
  });
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url, resourceType }, answer) => {
    const cancel = !isAllowedRequest(url, resourceType);
    if (cancel) notice('request', `A request for ${url.slice(0, 200)} was refused.`);
    answer({ cancel });
  });
  session.on('will-download', (event, item) => {
    event.preventDefault();
    notice('download', `A download of ${item.getURL().slice(0, 200)} was refused.`);
  });
  // Chromium would fetch dictionaries.
  session.setSpellCheckerEnabled(false);
}
