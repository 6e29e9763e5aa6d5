import type { NativeAttribute, NativeType } from '../binding.ts';

/** Attributes of TensorFlow's operations by their kind. */
export const int = (value: number): NativeAttribute => ({ kind: 'int', value });
export const ints = (value: readonly number[]): NativeAttribute => ({ kind: 'ints', value });
export const bool = (value: unknown): NativeAttribute => ({ kind: 'bool', value: value === true });
export const text = (value: string): NativeAttribute => ({ kind: 'string', value });
export const float = (value: number): NativeAttribute => ({ kind: 'float', value });
export const type = (value: NativeType): NativeAttribute => ({ kind: 'type', value });
