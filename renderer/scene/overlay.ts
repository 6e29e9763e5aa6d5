import { labelLayer } from './label-layer.ts';
import type { PlacedLabel } from './label-placement.ts';
import { type Mark, signs } from './marks.ts';

/** What lies over the picture as elements: labels and marks. */
export interface Overlay {
  show(labels: readonly PlacedLabel[], marks: readonly Mark[]): void;
  dispose(): void;
}

const svg = 'http://www.w3.org/2000/svg';

/** Elements are kept and moved. */
export function overlay(parent: HTMLElement): Overlay {
  const labels = labelLayer(parent);
  const elements = new Map<string, HTMLElement>();
  const added = (id: string): HTMLElement => {
    const element = document.createElement('span');
    element.setAttribute('aria-hidden', 'true');
    parent.append(element);
    elements.set(id, element);
    return element;
  };
  return {
    show(placed, marks) {
      labels.show(placed);
      const shown = new Set(marks.map(({ id }) => id));
      for (const [id, element] of elements) element.hidden = !shown.has(id);
      for (const mark of marks) {
        const element = elements.get(mark.id) ?? added(mark.id);
        const covered = mark.covered ? ' landscape-mark-covered' : '';
        const certified = mark.certified ? '' : ' landscape-mark-open';
        element.className = `landscape-mark landscape-mark-${mark.kind}${certified}${covered}`;
        if (mark.kind in signs) sign(element, mark.kind as keyof typeof signs);
        element.style.transform = `translate(${mark.x.toFixed(1)}px, ${mark.y.toFixed(1)}px)`;
      }
    },
    dispose() {
      labels.dispose();
      for (const element of elements.values()) element.remove();
    },
  };
}

function sign(element: HTMLElement, kind: keyof typeof signs): void {
  if (element.dataset.sign === kind) return;
  element.dataset.sign = kind;
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', '-9 -9 18 18');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', signs[kind]);
  picture.append(path);
  element.replaceChildren(picture);
}
