import { useSyncExternalStore } from 'react';

/** The custom properties of the theme in force, by their names without dashes in front. For canvases, which know no CSS. */
export type ThemeColours = (token: string) => string;

const made = new Map<string, ThemeColours>();

/** Colours as the element that carries the theme has them now; equal for equal themes. */
export function themeColours(): ThemeColours {
  const theme = document.documentElement.dataset.theme ?? 'dark';
  const known = made.get(theme);
  if (known) return known;
  const style = getComputedStyle(document.documentElement);
  const values = new Map<string, string>();
  const colours: ThemeColours = (token) => {
    const value = values.get(token) ?? style.getPropertyValue(`--${token}`).trim();
    values.set(token, value);
    return value;
  };
  made.set(theme, colours);
  return colours;
}

function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** For components that draw: a new function each time that the theme changes. */
export const useThemeColours = (): ThemeColours => useSyncExternalStore(onThemeChange, themeColours);
