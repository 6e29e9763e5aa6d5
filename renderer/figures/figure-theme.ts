import type { Theme } from '../../core/figures/theme.ts';
import { useThemeColours } from '../widgets/theme-colours.ts';

/** The colours of figures that go with the theme of the window; high contrast is dark. */
export function useFigureTheme(): Theme {
  // Called for its news of the theme.
  useThemeColours();
  return document.documentElement.dataset.theme === 'light' ? 'light' : 'dark';
}
