import { InputError } from '@convlens/core';

/** What a template can name: whole numbers are marked by `integers`, all other numbers print as Python's floats do. */
export type Field = number | string;

/** One `{name:spec}` of a template. */
interface Placeholder {
  readonly name: string;
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>^=]))?([-+ ])?(0)?(\d+)?(?:\.(\d+))?([deEfFgGs%])?$/u;

/** A number as Python's repr prints a float: 1.0, 1e-05, nan, inf. */
export function reprFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const sign = isNegative(value) ? '-' : '';
  // The shortest digits that give the number back: JavaScript and Python agree on them, and differ in the layout.
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e');
  const [digits, exponent] = [mantissa.replace('.', ''), Number(exponentText)];
  if (exponent < -4 || exponent >= 16) return sign + pointAfter(digits, 1, '') + exponentPart(exponent);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + pointAfter(digits.padEnd(exponent + 1, '0'), exponent + 1, '.0');
}

/**
 * Reads a template of Python's str.format, such as "{epoch:02d}-{val_loss:.2f}", and returns what fills it. Knows d, e,
 * f, g, s and %, with fill, alignment, sign, zeros, width and precision. Throws an InputError for what it cannot read;
 * filling throws one for a name that is not among the fields, and lists those that are.
 */
export function parseTemplate(
  option: string,
  template: string,
): (fields: Readonly<Record<string, Field>>, integers: readonly string[]) => string {
  if (typeof template !== 'string' || template === '')
    throw new InputError(`Expected ${option} to be a template, got ${JSON.stringify(template)}`);
  const parts = template.match(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g) ?? [];
  const pieces = parts.map((part) => {
    if (part === '{{' || part === '}}') return part[0];
    if (part === '{' || part === '}')
      throw new InputError(`Expected ${option} to have its braces in pairs, got ${JSON.stringify(template)}`);
    return part.startsWith('{') ? parsePlaceholder(option, part) : part;
  });
  return (fields, integers) =>
    pieces
      .map((piece) => (typeof piece === 'string' ? piece : fill(option, piece, { fields, integers })))
      .join('');
}

function parsePlaceholder(option: string, part: string): Placeholder {
  const [, name, spec] = /^\{([^:]*):?(.*)\}$/s.exec(part)!;
  const match = SPEC.exec(spec);
  if (!match || !name)
    throw new InputError(
      `Expected ${option} to hold placeholders such as {epoch:02d} or {val_loss:.2f}, got ${JSON.stringify(part)}`,
    );
  const [, fillWith, align, sign = '-', zero, width = '0', precision, type = ''] = match;
  return {
    name,
    fill: fillWith ?? (zero ? '0' : ' '),
    align: align ?? (zero ? '=' : ''),
    sign,
    width: Number(width),
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function fill(
  option: string,
  { name, fill, align, sign, width, precision, type }: Placeholder,
  { fields, integers }: { fields: Readonly<Record<string, Field>>; integers: readonly string[] },
): string {
  const value = fields[name];
  if (value === undefined)
    throw new InputError(
      `Expected ${option} to name logged metrics (${Object.keys(fields).join(', ')}), got ${JSON.stringify(name)}`,
    );
  const isText = typeof value === 'string';
  const isInteger = !isText && integers.includes(name);
  if (isText ? !['', 's'].includes(type) : type === 's' || (type === 'd' && !isInteger))
    throw new InputError(
      `Expected ${option} to print ${name} as ${isText ? 's' : isInteger ? 'd, e, f, g' : 'e, f, g or %'}, got ${type}`,
    );
  if (isText) {
    const text = precision === undefined ? value : value.slice(0, precision);
    return pad(text, { fill, align: align || '<', width });
  }
  const kind = type || (isInteger ? 'd' : '');
  if (kind === 'd' && precision !== undefined)
    throw new InputError(`Expected ${option} to print ${name}, a whole number, without .${precision}`);
  const magnitude = formatMagnitude(Math.abs(value), kind.toLowerCase(), precision);
  const body = /[EFG]/.test(kind) ? magnitude.toUpperCase() : magnitude;
  const prefix = isNegative(value) ? '-' : sign === '-' ? '' : sign;
  if (align === '=') return prefix + body.padStart(width - prefix.length, fill);
  return pad(prefix + body, { fill, align: align || '>', width });
}

function pad(text: string, { fill, align, width }: { fill: string; align: string; width: number }): string {
  if (align === '<') return text.padEnd(width, fill);
  if (align === '^')
    return text.padStart(text.length + Math.floor((width - text.length) / 2), fill).padEnd(width, fill);
  return text.padStart(width, fill);
}

function formatMagnitude(value: number, type: string, given: number | undefined): string {
  const precision = given ?? 6;
  if (type === 'd') return String(value);
  if (!Number.isFinite(value)) return reprFloat(value).concat(type === '%' ? '%' : '');
  if (type === 'e') return exponential(value, precision);
  if (type === 'g') return general(value, precision || 1);
  if (type === '%') return `${fixed(value * 100, precision)}%`;
  if (type === 'f') return fixed(value, precision);
  return given === undefined ? reprFloat(value) : general(value, precision || 1, '.0');
}

/** So many digits in all. `whole` stands behind a number that has no point, and takes the place of one digit. */
function general(value: number, precision: number, whole: '' | '.0' = ''): string {
  const text = exponential(value, precision - 1);
  const exponent = value === 0 ? 0 : Number(text.split('e')[1]);
  const trim = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  if (exponent >= -4 && exponent < precision - (whole ? 1 : 0)) {
    const digits = trim(fixed(value, precision - 1 - exponent));
    return digits.includes('.') ? digits : digits + whole;
  }
  const [mantissa] = text.split('e');
  return trim(mantissa) + exponentPart(exponent);
}

function fixed(value: number, digits: number): string {
  if (value >= 1e21) return `${BigInt(value)}${digits ? `.${'0'.repeat(digits)}` : ''}`;
  return roundedToEven(value.toFixed(digits), value.toFixed(100), digits);
}

function exponential(value: number, digits: number): string {
  const [exact] = value.toExponential(100).split('e');
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  return roundedToEven(mantissa, exact, digits) + exponentPart(Number(exponent));
}

/** JavaScript rounds an exact tie up, Python to the even digit. `exact` has 100 digits after its point: all there are. */
function roundedToEven(rounded: string, exact: string, digits: number): string {
  const point = exact.indexOf('.');
  const cut = exact.slice(0, digits ? point + 1 + digits : point);
  const isTie = /^50*$/.test(exact.slice(point + 1 + digits));
  return isTie && Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
}

const isNegative = (value: number) => value < 0 || Object.is(value, -0);

const pointAfter = (digits: string, place: number, none: string) =>
  digits.length > place ? `${digits.slice(0, place)}.${digits.slice(place)}` : digits + none;

const exponentPart = (exponent: number) =>
  `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
