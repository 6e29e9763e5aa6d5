import { parseDocument, stringify } from 'yaml';

/** `kernelInitializer: heNormal, name: first` for a group of values; empty for none. */
export function flowText(values: Readonly<Record<string, unknown>>): string {
  if (Object.keys(values).length === 0) return '';
  const text = stringify(values, { version: '1.2', collectionStyle: 'flow', lineWidth: 0 }).trim();
  return text.replace(/^\{\s*|\s*\}$/g, '');
}

/** Back again; null for what is no such text. */
export function valuesOfFlowText(text: string): Readonly<Record<string, unknown>> | null {
  const document = parseDocument(`{ ${text} }`, { version: '1.2', schema: 'core', logLevel: 'error' });
  if (document.errors.length > 0) return null;
  try {
    const values: unknown = document.toJS({ maxAliasCount: 0 });
    const isGroup = values !== null && typeof values === 'object' && !Array.isArray(values);
    return isGroup && !Object.hasOwn(values, '__proto__') ? (values as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
