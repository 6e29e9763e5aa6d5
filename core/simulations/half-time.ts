/** When a quantity that is looked at step by step first rises to a height, read linearly between two steps. */
export function halfTime(height: number): { see(step: number, value: number): void; readonly time: number | null } {
  let before: { step: number; value: number } | null = null;
  let time: number | null = null;
  return {
    see(step, value) {
      if (time === null && value >= height)
        time =
          before === null || before.value >= height
            ? step
            : before.step + ((step - before.step) * (height - before.value)) / (value - before.value);
      before = { step, value };
    },
    get time() {
      return time;
    },
  };
}
