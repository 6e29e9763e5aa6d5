import type { PlacedLabel } from './label-placement.ts';

/** Fonts of labels, as canvases and style sheets both write them. */
export interface LabelFonts {
  readonly tick: string;
  readonly title: string;
  readonly mark: string;
}

/** Widths of texts by one hidden canvas, each measured once. */
export function textMeasure(fonts: LabelFonts): (kind: keyof LabelFonts, text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  const known = new Map<string, number>();
  return (kind, text) => {
    const key = `${kind} ${text}`;
    const measured = known.get(key);
    if (measured !== undefined) return measured;
    if (context) context.font = fonts[kind];
    const width = context?.measureText(text).width ?? 7 * text.length;
    if (known.size > 500) known.clear();
    known.set(key, width);
    return width;
  };
}

/** Labels as elements over the picture: sharp at every resolution. Elements are kept and moved. */
export interface LabelLayer {
  show(labels: readonly PlacedLabel[]): void;
  dispose(): void;
}

export function labelLayer(parent: HTMLElement): LabelLayer {
  const layer = document.createElement('div');
  layer.className = 'landscape-labels';
  layer.setAttribute('aria-hidden', 'true');
  parent.append(layer);
  const elements = new Map<string, HTMLSpanElement>();
  return {
    show(labels) {
      const ids = new Set(labels.map(({ id }) => id));
      for (const [id, element] of elements) element.hidden = !ids.has(id);
      for (const { id, text, kind, centreX, centreY, angle } of labels) {
        const element = elements.get(id) ?? added(layer, elements, id);
        if (element.textContent !== text) element.textContent = text;
        element.className = `landscape-label landscape-label-${kind}`;
        const turn = angle === 0 ? '' : ` rotate(${angle.toFixed(4)}rad)`;
        element.style.transform = `translate(${centreX.toFixed(1)}px, ${centreY.toFixed(1)}px) translate(-50%, -50%)${turn}`;
      }
    },
    dispose: () => layer.remove(),
  };
}

function added(layer: HTMLElement, elements: Map<string, HTMLSpanElement>, id: string): HTMLSpanElement {
  const element = document.createElement('span');
  layer.append(element);
  elements.set(id, element);
  return element;
}
