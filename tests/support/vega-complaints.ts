import { compile, type TopLevelSpec } from 'vega-lite';

/** What Vega-Lite has to say against a specification. */
export function vegaComplaints(specification: unknown): string[] {
  const said: string[] = [];
  const note = (...words: unknown[]) => {
    said.push(words.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  compile(specification as TopLevelSpec, { logger: logger as never });
  return said;
}
