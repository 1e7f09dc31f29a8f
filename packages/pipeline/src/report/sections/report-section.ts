import {
  expectString,
  expectFields,
  expectOneOf,
  expectObject,
  expectFunction,
  expectOptions,
  type OptionNames,
} from '@convlens/core';
import type { FigureOptions } from '@convlens/render-d3';
import type { ReportSection } from '@convlens/render-d3/report';
import { toFileName, type FigureSpec } from '../../figures/figure-spec.js';

/** A section of a report with figures to be rendered later. */
export interface SectionSpec extends Omit<ReportSection, 'figures'> {
  readonly figures: readonly FigureSpec[];
}

export type FigureContent = Omit<FigureSpec, 'name'>;

/** Figures of a section, made from the data of a report. */
export interface SectionFigures<Data> {
  /** Their names; CLASS and N stand for what depends on the data. */
  readonly names: readonly string[];
  build(data: Data): readonly FigureSpec[];
}

/** One figure; none where `build` returns undefined. */
export function figure<Data>(
  name: string,
  build: (data: Data) => FigureContent | undefined,
): SectionFigures<Data> {
  expectString('name', name);
  expectFunction('build', build);
  return {
    names: [name],
    build(data) {
      const content = build(data);
      return content ? [{ name, ...content }] : [];
    },
  };
}

interface FixedFigure<Data> extends Omit<FigureContent, 'render'> {
  /** Whether the report has it. Default: always. */
  isShown?(data: Data): boolean;
  render(data: Data, options: FigureOptions): SVGSVGElement;
}

/** One figure, whose texts do not depend on the data. */
export const fixedFigure = <Data>(name: string, { isShown, render, ...texts }: FixedFigure<Data>) =>
  figure(name, (data: Data) =>
    isShown?.(data) === false ? undefined : { ...texts, render: (options) => render(data, options) },
  );

export interface FiguresPerOptions<Data, Item> {
  readonly items: (data: Data) => readonly Item[];
  /** What the placeholder in a name is replaced by. */
  readonly suffix: (item: Item) => string;
  /** By name, with the placeholder in it. */
  readonly figures: Readonly<Record<string, (data: Data, item: Item) => FigureContent>>;
}

const FIGURES_PER_OPTIONS: OptionNames<FiguresPerOptions<unknown, unknown>> = {
  items: true,
  suffix: true,
  figures: true,
};

/** Some figures per item of the data: all figures of the first item, then those of the next. */
export function figuresPer<Data, Item>(
  placeholder: 'CLASS' | 'N',
  options: FiguresPerOptions<Data, Item>,
): SectionFigures<Data> {
  expectObject('the options of figuresPer', options);
  expectOneOf('placeholder', placeholder, ['CLASS', 'N']);
  expectFunction('items', options.items);
  expectFunction('suffix', options.suffix);
  expectObject('figures', options.figures);
  for (const [name, build] of Object.entries(options.figures)) expectFunction(name, build);
  expectOptions<object>('figuresPer', options, FIGURES_PER_OPTIONS);
  const { items, suffix, figures } = options;
  return {
    names: Object.keys(figures),
    build: (data) =>
      items(data).flatMap((item) =>
        Object.entries(figures).map(([name, build]) => ({
          name: name.replace(placeholder, toFileName(suffix(item))),
          ...build(data, item),
        })),
      ),
  };
}

export interface DataWithExamples {
  readonly examples: readonly { readonly className: string }[];
}

export interface ExamplePosition {
  readonly className: string;
  /** The position among the examples. */
  readonly position: number;
}

/** Some figures per example image; CLASS in their names becomes the name of its class. */
export function figuresPerExample<Data extends DataWithExamples>(
  figures: FiguresPerOptions<Data, ExamplePosition>['figures'],
): SectionFigures<Data> {
  return figuresPer('CLASS', {
    items: ({ examples }: Data) => examples.map(({ className }, position) => ({ className, position })),
    suffix: ({ className }) => className,
    figures,
  });
}

/** A section of a report, made from its data. */
export interface ReportSectionDefinition<Data> {
  readonly id: string;
  readonly title: string;
  readonly figureNames: readonly string[];
  /** Undefined if the data does not have what the section shows. */
  build(data: Data): SectionSpec | undefined;
}

export interface SectionContent<Data> {
  readonly id: string;
  readonly title: string;
  text(data: Data): string;
  readonly figures: readonly SectionFigures<Data>[];
  tables?(data: Data): SectionSpec['tables'];
  readonly questions?: readonly string[] | ((data: Data) => readonly string[]);
}

const SECTION_CONTENT: OptionNames<SectionContent<unknown>> = {
  id: true,
  title: true,
  text: true,
  figures: true,
  tables: true,
  questions: true,
};

/** Defines a section of the report. Throws an InputError for a field that a section does not have. */
export function defineSection<Data>(content: SectionContent<Data>): ReportSectionDefinition<Data> {
  expectFields('SectionContent', 'content', content, { id: 'string', title: 'string', figures: 'list' });
  expectOptions<object>('defineSection', content, SECTION_CONTENT);
  const { id, title, text, figures, tables, questions } = content;
  return {
    id,
    title,
    figureNames: figures.flatMap(({ names }) => names),
    build: (data) => ({
      id,
      title,
      text: text(data),
      figures: figures.flatMap(({ build }) => build(data)),
      ...(tables && { tables: tables(data) }),
      ...(questions && { questions: typeof questions === 'function' ? questions(data) : questions }),
    }),
  };
}

/** A section about a part of the data; the report does not have it where `select` returns undefined. */
export const sectionOfPart = <Data, Part>(
  section: ReportSectionDefinition<Part>,
  select: (data: Data) => Part | undefined,
): ReportSectionDefinition<Data> => ({
  ...section,
  build(data) {
    const part = select(data);
    return part === undefined ? undefined : section.build(part);
  },
});

/** The sections that the data has, in their order. */
export const buildSections = <Data>(
  sections: readonly ReportSectionDefinition<Data>[],
  data: Data,
): SectionSpec[] => sections.flatMap((section) => section.build(data) ?? []);
