export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** 0 where the denominator is 0, as scikit-learn has it. */
export const ratio = (numerator: number, denominator: number) =>
  denominator === 0 ? 0 : numerator / denominator;
