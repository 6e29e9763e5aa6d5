import { type Settings, useSettings } from '../state/settings.ts';

const stored = 'saddlescope.theme';

const asks = (query: string): boolean => window.matchMedia(query).matches;

function themeOf({ theme }: Pick<Settings, 'theme'>): 'dark' | 'light' | 'contrast' {
  if (theme !== 'system') return theme;
  if (asks('(forced-colors: active)') || asks('(prefers-contrast: more)')) return 'contrast';
  return asks('(prefers-color-scheme: light)') ? 'light' : 'dark';
}

function apply(settings: Pick<Settings, 'theme' | 'motion'>): void {
  const { dataset } = document.documentElement;
  const { motion } = settings;
  const reduced = motion === 'reduced' || (motion === 'system' && asks('(prefers-reduced-motion: reduce)'));
  dataset.theme = themeOf(settings);
  dataset.motion = reduced ? 'reduced' : 'full';
}

/** The choice of the last time, so that the first picture has the right colours before the settings are read. */
function remembered(): Pick<Settings, 'theme' | 'motion'> {
  const { theme, motion } = useSettings.getState();
  try {
    const last = window.localStorage.getItem(stored);
    const known = last === 'dark' || last === 'light' || last === 'contrast' ? last : theme;
    return { theme: known, motion };
  } catch {
    return { theme, motion };
  }
}

function remember({ theme }: Settings): void {
  try {
    window.localStorage.setItem(stored, theme);
  } catch {
    // Without storage the first picture is the system's theme.
  }
}

/** Keeps the theme and the motion of the document as the settings and the system want them. */
export function followTheme(): void {
  apply(remembered());
  useSettings.subscribe((settings, before) => {
    if (settings.theme === before.theme && settings.motion === before.motion) return;
    apply(settings);
    remember(settings);
  });
  for (const query of [
    '(prefers-color-scheme: light)',
    '(prefers-contrast: more)',
    '(forced-colors: active)',
    '(prefers-reduced-motion: reduce)',
  ])
    window.matchMedia(query).addEventListener('change', () => apply(useSettings.getState()));
}
