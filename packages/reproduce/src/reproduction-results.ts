import { runHistory, savedSettings } from '@convlens/pipeline';
import type { ReportTable } from '@convlens/render-d3/report';
import { dictionary, finiteNumber, integer, list, metric, openObject } from '@convlens/storage';
import * as v from 'valibot';

/** A table of the report, which may be in a file. */
export const reportTable: v.GenericSchema<unknown, ReportTable> = openObject({
  title: v.optional(v.string()),
  columns: list(v.string()),
  rows: list(list(v.union([v.string(), metric()], 'a text or a number'))),
});

const isFileName = (name: string) => !/^\.{0,2}$|[\\/]/.test(name);

/** The name of a folder or of a file without its ending. */
const fileName = v.pipe(v.string(), v.check(isFileName, 'the name of a file'));

export const reproductionResults = openObject({
  /** The id of the recipe. */
  recipe: fileName,
  /** The title of the project. */
  title: v.string(),
  /** The command that repeats it. */
  command: v.string(),
  /** 1 if all images and epochs were used. */
  scale: finiteNumber({ min: 0, max: 1 }),
  settings: savedSettings,
  images: openObject({ train: integer(), validation: integer(), test: integer() }),
  /** Why the results are not comparable with the project. */
  caveat: v.optional(v.string()),
  backend: v.string(),
  /** Versions of the software, by name. */
  versions: dictionary(v.string()),
  /** The duration of training and validation. */
  hours: finiteNumber({ min: 0 }),
  history: runHistory,
  comparison: reportTable,
  differences: list(v.string()),
  /** A remark on the run. */
  note: v.optional(v.string()),
  /** The captions of the figures of the results page, by figure name. */
  figures: v.pipe(
    dictionary(v.string()),
    v.check((captions) => Object.keys(captions).every(isFileName), 'captions by the names of files'),
  ),
});

/**
 * The results of a reproduced model: the content of results.json. It holds no dates and no paths of a
 * machine.
 */
export type ReproductionResults = Readonly<v.InferOutput<typeof reproductionResults>>;
