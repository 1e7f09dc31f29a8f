import { InputError } from '@convlens/core';

/** The value of a field. Integers are listed by name; all other numbers are formatted as Python's floats. */
export type FieldValue = number | string;

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

/** A number as Python's repr formats a float: 1.0, 1e-05, nan, inf. */
export function reprFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const sign = isNegative(value) ? '-' : '';
  // JavaScript and Python have the same shortest digits that identify a number, in different layouts.
  const [mantissa, exponentText] = Math.abs(value).toExponential().split('e');
  const [digits, exponent] = [mantissa.replace('.', ''), Number(exponentText)];
  if (exponent < -4 || exponent >= 16) return sign + insertPoint(digits, 1, '') + exponentPart(exponent);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + insertPoint(digits.padEnd(exponent + 1, '0'), exponent + 1, '.0');
}

/**
 * Parses a template of Python's str.format, such as "{epoch:02d}-{val_loss:.2f}": the types d, e, f, g, s and
 * %, with fill, alignment, sign, zero padding, width and precision.
 *
 * @param option the name of the option, for messages
 * @returns a function that formats fields. It throws an InputError for an unknown field, with a list of all
 * fields.
 * @throws InputError if the template is not valid.
 */
export function parseTemplate(
  option: string,
  template: string,
): (fields: Readonly<Record<string, FieldValue>>, integers: readonly string[]) => string {
  if (typeof template !== 'string' || template === '')
    throw new InputError(`Expected ${option} to be a template, got ${JSON.stringify(template)}`);
  const parts = template.match(/\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g) ?? [];
  const segments = parts.map((part) => {
    if (part === '{{' || part === '}}') return part[0];
    if (part === '{' || part === '}')
      throw new InputError(`Expected ${option} to have its braces in pairs, got ${JSON.stringify(template)}`);
    return part.startsWith('{') ? parsePlaceholder(option, part) : part;
  });
  return (fields, integers) =>
    segments
      .map((segment) =>
        typeof segment === 'string' ? segment : formatField(option, segment, { fields, integers }),
      )
      .join('');
}

function parsePlaceholder(option: string, part: string): Placeholder {
  const [, name, spec] = /^\{([^:]*):?(.*)\}$/s.exec(part)!;
  const match = SPEC.exec(spec);
  if (!match || !name)
    throw new InputError(
      `Expected ${option} to hold placeholders such as {epoch:02d} or {val_loss:.2f},` +
        ` got ${JSON.stringify(part)}`,
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

function formatField(
  option: string,
  placeholder: Placeholder,
  { fields, integers }: { fields: Readonly<Record<string, FieldValue>>; integers: readonly string[] },
): string {
  const { name } = placeholder;
  const value = fields[name];
  if (value === undefined)
    throw new InputError(
      `Expected ${option} to name logged metrics (${Object.keys(fields).join(', ')}),` +
        ` got ${JSON.stringify(name)}`,
    );
  if (typeof value === 'string') return formatText(option, placeholder, value);
  return formatNumber(option, placeholder, { value, isInteger: integers.includes(name) });
}

const typeError = (option: string, { name, type }: Placeholder, types: string) =>
  new InputError(`Expected ${option} to print ${name} as ${types}, got ${type}`);

function formatText(option: string, placeholder: Placeholder, value: string): string {
  const { type, precision, fill, align, width } = placeholder;
  if (type !== '' && type !== 's') throw typeError(option, placeholder, 's');
  return pad(value.slice(0, precision), { fill, align: align || '<', width });
}

function formatNumber(
  option: string,
  placeholder: Placeholder,
  { value, isInteger }: { value: number; isInteger: boolean },
): string {
  const { name, fill, align, sign, width, precision } = placeholder;
  const type = placeholder.type || (isInteger ? 'd' : '');
  if (type === 's' || (type === 'd' && !isInteger))
    throw typeError(option, placeholder, isInteger ? 'd, e, f, g' : 'e, f, g or %');
  if (type === 'd' && precision !== undefined)
    throw new InputError(`Expected ${option} to print ${name}, an integer, without .${precision}`);
  const magnitude = formatMagnitude(Math.abs(value), type.toLowerCase(), precision);
  const body = /[EFG]/.test(type) ? magnitude.toUpperCase() : magnitude;
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

function formatMagnitude(value: number, type: string, requestedPrecision: number | undefined): string {
  const precision = requestedPrecision ?? 6;
  if (type === 'd') return String(value);
  if (!Number.isFinite(value)) return reprFloat(value).concat(type === '%' ? '%' : '');
  if (type === 'e') return formatExponential(value, precision);
  if (type === 'g') return formatGeneral(value, precision || 1);
  if (type === '%') return `${formatFixed(value * 100, precision)}%`;
  if (type === 'f') return formatFixed(value, precision);
  return requestedPrecision === undefined ? reprFloat(value) : formatGeneral(value, precision || 1, '.0');
}

/**
 * `precision` significant digits. `whole` is appended to a number without a decimal point, in place of one
 * digit.
 */
function formatGeneral(value: number, precision: number, whole: '' | '.0' = ''): string {
  const text = formatExponential(value, precision - 1);
  const exponent = value === 0 ? 0 : Number(text.split('e')[1]);
  const trim = (digits: string) => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  if (exponent >= -4 && exponent < precision - (whole ? 1 : 0)) {
    const digits = trim(formatFixed(value, precision - 1 - exponent));
    return digits.includes('.') ? digits : digits + whole;
  }
  const [mantissa] = text.split('e');
  return trim(mantissa) + exponentPart(exponent);
}

function formatFixed(value: number, digits: number): string {
  if (value >= 1e21) return `${BigInt(value)}${digits ? `.${'0'.repeat(digits)}` : ''}`;
  return roundHalfEven(value.toFixed(digits), value.toFixed(100), digits);
}

function formatExponential(value: number, digits: number): string {
  const [exact] = value.toExponential(100).split('e');
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  return roundHalfEven(mantissa, exact, digits) + exponentPart(Number(exponent));
}

/**
 * JavaScript rounds an exact tie up, Python to the even digit. `exact` has 100 decimals, which is all of
 * them.
 */
function roundHalfEven(rounded: string, exact: string, digits: number): string {
  const point = exact.indexOf('.');
  const truncated = exact.slice(0, digits ? point + 1 + digits : point);
  const isTie = /^50*$/.test(exact.slice(point + 1 + digits));
  return isTie && Number(truncated.at(-1)) % 2 === 0 ? truncated : rounded;
}

const isNegative = (value: number) => value < 0 || Object.is(value, -0);

const insertPoint = (digits: string, position: number, whole: string) =>
  digits.length > position ? `${digits.slice(0, position)}.${digits.slice(position)}` : digits + whole;

const exponentPart = (exponent: number) =>
  `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
