import { InputError } from '@convlens/core';
import type { Chunks } from '@convlens/formats';

/** The most characters of a line: the pixels of an image in numbers. */
const MAX_LINE = 1 << 24;

/**
 * The lines of a CSV file with their numbers, as they are read. Lines without text are left out.
 *
 * @throws InputError if a line is longer than any image
 */
export async function* csvLines(
  chunks: Chunks,
  name: string,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  const decoder = new TextDecoder();
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    for (const text of lines) {
      line++;
      if (text.trim() !== '') yield { line, text: text.replace(/\r$/, '') };
    }
    if (rest.length > MAX_LINE)
      throw new InputError(
        `${name}: expected lines of at most ${MAX_LINE} characters, got a longer one, line ${line + 1}`,
      );
  }
  rest += decoder.decode();
  if (rest.trim() !== '') yield { line: line + 1, text: rest.replace(/\r$/, '') };
}

/** The fields of a line; quotes around one are taken away. Pixels and labels hold no commas. */
export const csvFields = (text: string): string[] =>
  text.split(',').map((field) => (field.includes('"') ? field.trim().replace(/^"(.*)"$/, '$1') : field));
