/**
 * An argument of a command line as a person types it: in quotes if it has a character that a shell takes for something else. A
 * name may come from somebody else's file.
 */
export const quoteArgument = (argument: string): string =>
  /^[\w./:@%+=,-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
