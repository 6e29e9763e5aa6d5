import { useSession } from '../state/session.ts';

/** Says politely what changed, for those who do not see it. */
export function Announcer() {
  const announcement = useSession((session) => session.announcement);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {announcement}
    </div>
  );
}
