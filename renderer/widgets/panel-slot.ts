import { createContext } from 'react';

/** Where the dock wants the title and the controls of a panel: in its tab and beside it. Null outside the dock. */
export interface PanelSlot {
  readonly title: HTMLElement;
  readonly controls: HTMLElement;
}

export const PanelSlotContext = createContext<PanelSlot | null>(null);
