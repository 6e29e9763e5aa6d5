import type { LinearizedPrograms } from './linearized-programs.ts';

interface Entry {
  readonly programs: LinearizedPrograms;
  users: number;
  evicted: boolean;
}

/** Programs in use; `release` when they are no longer needed. */
export interface HeldPrograms {
  readonly programs: LinearizedPrograms;
  release(): void;
}

/**
 * The programs of the shapes that were asked for last. One that is in use outlives its place here, so that memory is
 * bounded by `most` and by what is in use.
 */
export interface ProgramCache {
  has(key: string): boolean;
  hold(key: string, make: () => LinearizedPrograms): HeldPrograms;
  dispose(): void;
}

export function programCache(most = 6): ProgramCache {
  const entries = new Map<string, Entry>();
  const evict = (key: string, entry: Entry) => {
    entries.delete(key);
    entry.evicted = true;
    if (entry.users === 0) entry.programs.dispose();
  };
  return {
    has: (key) => entries.has(key),
    hold(key, make) {
      const entry = entries.get(key) ?? { programs: make(), users: 0, evicted: false };
      // Taken out and put back, so that the first key is the one unused for longest.
      entries.delete(key);
      entries.set(key, entry);
      entry.users++;
      for (const [oldest, other] of entries) {
        if (entries.size <= most) break;
        evict(oldest, other);
      }
      let held = true;
      return {
        programs: entry.programs,
        release() {
          if (!held) return;
          held = false;
          entry.users--;
          if (entry.evicted && entry.users === 0) entry.programs.dispose();
        },
      };
    },
    dispose() {
      for (const [key, entry] of entries) evict(key, entry);
    },
  };
}
