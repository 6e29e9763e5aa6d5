import { bridge } from '../client/bridge.ts';
import { useSession } from '../state/session.ts';
import { reporting } from './failures.ts';

/** The recent files, as main has them. */
export async function refreshRecent(): Promise<void> {
  const recent = await reporting(() => bridge.recentFiles());
  if (recent !== null) useSession.setState({ recent });
}

export async function clearRecent(): Promise<void> {
  await reporting(() => bridge.clearRecentFiles());
  await refreshRecent();
}
