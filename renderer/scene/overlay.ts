import { labelLayer } from './label-layer.ts';
import type { PlacedLabel } from './label-placement.ts';
import type { Mark } from './marks.ts';

/** What lies over the picture as elements: labels and marks. */
export interface Overlay {
  show(labels: readonly PlacedLabel[], marks: readonly Mark[]): void;
  dispose(): void;
}

export function overlay(parent: HTMLElement): Overlay {
  const labels = labelLayer(parent);
  const elements = new Map<Mark['id'], HTMLElement>();
  for (const id of ['start', 'current', 'probe'] as const) {
    const element = document.createElement('span');
    element.setAttribute('aria-hidden', 'true');
    element.hidden = true;
    parent.append(element);
    elements.set(id, element);
  }
  return {
    show(placed, marks) {
      labels.show(placed);
      for (const [id, element] of elements) {
        const mark = marks.find((one) => one.id === id);
        element.hidden = mark === undefined;
        if (mark === undefined) continue;
        element.className = `landscape-mark landscape-mark-${id}${mark.covered ? ' landscape-mark-covered' : ''}`;
        element.style.transform = `translate(${mark.x.toFixed(1)}px, ${mark.y.toFixed(1)}px)`;
      }
    },
    dispose() {
      labels.dispose();
      for (const element of elements.values()) element.remove();
    },
  };
}
