import { RUN_FILES } from '@convlens/pipeline';
import { readText, type BlobReader } from '@convlens/storage';

const svgFile = (name: string) => `${RUN_FILES.figures}/${name}.svg`;

/** The SVG of a figure in the figures folder of a run; undefined if there is none. */
export const readFigure = (run: BlobReader, name: string): Promise<string | undefined> =>
  readText(run, svgFile(name));

/** The names that are figures in the figures folder of a run. */
export async function savedFigureNames(run: BlobReader, names: readonly string[]): Promise<string[]> {
  const files = await run.list(`${RUN_FILES.figures}/`);
  return names.filter((name) => files.includes(svgFile(name)));
}

/** Whether all figures of a step are saved. */
export async function hasAllFigures(
  run: BlobReader,
  { figures }: { figures: readonly { readonly name: string }[] },
): Promise<boolean> {
  const names = figures.map(({ name }) => name);
  return (await savedFigureNames(run, names)).length === names.length;
}
