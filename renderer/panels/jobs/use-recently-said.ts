import { useEffect, useState } from 'react';
import { useSession } from '../../state/session.ts';

const shownForMs = 6000;

/** What was announced a moment ago, for those who see; empty after a while. */
export function useRecentlySaid(): string {
  const [said, setSaid] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = useSession.subscribe(({ announcement }, before) => {
      if (announcement === before.announcement) return;
      clearTimeout(timer);
      setSaid(announcement);
      timer = setTimeout(() => setSaid(''), shownForMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
  return said;
}
