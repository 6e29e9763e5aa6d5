import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { GrantedFile } from '../../../../core/protocol/bridge.ts';

/** Before any module of the page is loaded: the bridge is found on the window. */
export function installBridge(calls: Readonly<Record<string, (...given: never[]) => unknown>> = {}): void {
  const bridge = new Proxy(calls, {
    get: (known, name) => (typeof name === 'string' && name in known ? known[name] : async () => null),
  });
  Object.assign(window, { saddlescope: bridge, CSS: { escape: (text: string) => text } });
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
}

export const grantedRun = (name: string): GrantedFile => ({
  reference: name,
  kind: 'run',
  name,
  shown: `/runs/${name}`,
});

export function show(content: ReactNode) {
  const host = document.createElement('div');
  document.body.append(host);
  const root = createRoot(host);
  act(() => root.render(content));
  return {
    host,
    close() {
      act(() => root.unmount());
      host.remove();
    },
  };
}

/** What lets waiting messages, timers and frames come to pass. */
export const settle = (ms = 30): Promise<void> =>
  act(async () => {
    await new Promise((resolve) => setTimeout(resolve, ms));
  });

const nameOf = (element: Element): string => {
  const labelled = (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id))
    .map((label) => label?.getAttribute('aria-label') ?? label?.textContent ?? '');
  return [element.getAttribute('aria-label') ?? '', ...labelled, element.textContent ?? ''].join(' ');
};

function found<T extends Element>(selector: string, name: string | RegExp, within: ParentNode): T {
  const all = [...within.querySelectorAll<T>(selector)];
  const fits = (element: T) => {
    const text = nameOf(element).trim();
    return typeof name === 'string'
      ? text.split(/\s{2,}|$/)[0]?.startsWith(name) || text.includes(name)
      : name.test(text);
  };
  const exact = all.find((element) => nameOf(element).trim() === name) ?? all.find(fits);
  if (exact) return exact;
  throw new Error(`There is no ${selector} ${name}; there are ${all.map((one) => nameOf(one).trim()).join(' | ')}.`);
}

export const button = (name: string | RegExp, within: ParentNode = document): HTMLButtonElement =>
  found('button', name, within);

export const field = (name: string | RegExp, within: ParentNode = document): HTMLInputElement =>
  found('input[role=spinbutton], input[type=text], input[type=range]', name, within);

/** As a screen reader or the Enter key presses it. */
export const press = (element: HTMLElement): Promise<void> =>
  act(async () => {
    element.focus();
    element.click();
  });

/** Puts a text where one would type it. */
export async function write(element: HTMLInputElement | HTMLTextAreaElement, text: string): Promise<void> {
  const prototype = element instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  await act(async () => {
    element.focus();
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, text);
    element.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

export const key = (element: HTMLElement, name: string, more: KeyboardEventInit = {}): Promise<void> =>
  act(async () => {
    element.focus();
    element.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }));
    element.dispatchEvent(new KeyboardEvent('keyup', { key: name, bubbles: true, ...more }));
  });

/** Types a number and confirms it. */
export async function enter(element: HTMLInputElement, text: string): Promise<void> {
  await write(element, text);
  await key(element, 'Enter');
}

/** Opens a list of choices and takes one. */
export async function choose(select: HTMLButtonElement, option: string): Promise<void> {
  await press(select);
  const options = [...document.querySelectorAll<HTMLElement>('[role=option]')];
  const wanted = options.find((one) => one.textContent?.startsWith(option));
  if (!wanted)
    throw new Error(`There is no ${option}; there are ${options.map((one) => one.textContent).join(' | ')}.`);
  await press(wanted);
}
