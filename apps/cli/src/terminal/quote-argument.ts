/**
 * An argument of a command line as a person types it: in quotes if it has a character that a shell takes for something else. A
 * name may come from somebody else's file.
 */
export const quoteArgument = (argument: string, platform: NodeJS.Platform = process.platform): string =>
  platform === 'win32' ? quoteForWindows(argument) : quoteForPosix(argument);

const quoteForPosix = (argument: string) =>
  /^[\w./:@%+=,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

/**
 * For cmd and PowerShell, which share double quotes alone. What one of the two replaces inside them, and control characters, become "?":
 * the command then names no file, but runs nothing either.
 */
const quoteForWindows = (argument: string) =>
  /^[\w.\\/:+=-]+$/.test(argument) ? argument : `"${argument.replace(/["%$`\p{Cc}\u201c-\u201e]/gu, '?')}"`;
