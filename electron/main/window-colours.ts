/** What the window shows until the page has painted: the page's own ground, so that nothing flashes. */
const grounds = { dark: '#0d1014', light: '#e9ecf0', contrast: '#000000' } as const;

/** @param theme as the page stores it; anything unknown follows the system */
export function groundColour(theme: unknown, systemIsDark: boolean): string {
  if (theme === 'dark' || theme === 'light' || theme === 'contrast') return grounds[theme];
  return systemIsDark ? grounds.dark : grounds.light;
}
