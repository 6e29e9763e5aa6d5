export const testEngines: string;
export const noEngines: string;
export const enginesForTests: Record<'SADDLESCOPE_ENGINES' | 'SADDLESCOPE_TEST_ENGINES', string>;
