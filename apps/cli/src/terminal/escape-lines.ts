import { escapeControls } from '@convlens/core';

/**
 * Text as it is printed: the control characters of each line are escaped, so that a name from a file cannot move the cursor,
 * clear the screen or reverse the text. The escapes are those of JSON, so JSON remains the same value.
 */
export const escapeLines = (text: string): string => text.split('\n').map(escapeControls).join('\n');

/**
 * A message of an error as it is printed. Lines after the first are indented, so that a name with a line feed cannot look like
 * a line of the program.
 */
export const escapeMessage = (message: string): string => escapeLines(message).replaceAll('\n', '\n  ');
