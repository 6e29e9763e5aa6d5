/** `½ ‖W₃ ⋯ W₁ − S‖²` for so many matrices. */
export function deepLinearFormula(matrices: number): string {
  return `½ ‖W${subscript(matrices)}${matrices > 2 ? ' ⋯ ' : ' '}W₁ − S‖²`;
}

const subscript = (n: number): string => String(n).replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]!);
