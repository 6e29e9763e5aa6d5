export { hutchinsonTrace } from './trace/hutchinson.ts';
export type { TraceEstimate, TraceOptions } from './trace/trace-estimate.ts';
