/** How long silence is believed: of a process at work, of an idle one (which may have begun something just now), and of one that starts. */
const silenceMs = { busy: 15_000, idle: 60_000, starting: 60_000 } as const;
/** A look at the clock that comes so late means that this process slept too. */
const lateMs = 5_000;

/** What is known of a process that beats once a second; times in milliseconds. */
export interface Pulse {
  readonly state: keyof typeof silenceMs;
  readonly heard: number;
  readonly looked: number;
}

export const firstPulse = (now: number): Pulse => ({ state: 'starting', heard: now, looked: now });

export const beat = (busy: boolean, now: number): Pulse => ({ state: busy ? 'busy' : 'idle', heard: now, looked: now });

/** Seconds of a silence that is too long, or null. The machine's sleep is nobody's silence. */
export function look(pulse: Pulse, now: number): { readonly pulse: Pulse; readonly hungSeconds: number | null } {
  const slept = now - pulse.looked > lateMs;
  const heard = slept ? now : pulse.heard;
  const silent = now - heard;
  const hungSeconds = silent > silenceMs[pulse.state] ? Math.round(silent / 1000) : null;
  return { pulse: { ...pulse, heard, looked: now }, hungSeconds };
}
