import '../browser-gaps.ts';
import { act, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const roots: Root[] = [];

/** Draws into the document and answers the element that holds it. */
export async function mount(node: ReactNode): Promise<HTMLElement> {
  const element = document.createElement('main');
  document.body.append(element);
  const root = createRoot(element);
  roots.push(root);
  await act(async () => root.render(node));
  return element;
}

export async function unmountAll(): Promise<void> {
  await act(async () => {
    for (const root of roots.splice(0)) root.unmount();
  });
  document.body.innerHTML = '';
}

/** A key pressed and released where the focus is. */
export async function press(key: string, init: KeyboardEventInit = {}): Promise<void> {
  await act(async () => {
    const target = document.activeElement ?? document.body;
    for (const type of ['keydown', 'keyup'])
      target.dispatchEvent(new KeyboardEvent(type, { key, code: key, bubbles: true, cancelable: true, ...init }));
    // Menus move the focus a moment later.
    await new Promise((resolve) => setTimeout(resolve, 30));
  });
}

/** Types into a field as a keyboard does: React hears the input event. */
export async function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  await act(async () => {
    field.focus();
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, text);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
