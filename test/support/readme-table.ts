/** The cells of the rows of the table with this header in a README, without backquotes. */
export function tableRows(readme: string, header: string): string[][] {
  const lines = readme.slice(readme.indexOf(header)).split('\n').slice(2);
  const cellsOf = (row: string) => row.split('|').slice(1, -1);
  return lines
    .slice(0, lines.indexOf(''))
    .map((row) => cellsOf(row).map((cell) => cell.trim().replaceAll('`', '')));
}

/** The names that do not occur in a README as whole words. */
export const missingNames = (readme: string, names: readonly string[]): string[] =>
  names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
